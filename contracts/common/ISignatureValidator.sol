// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Signatures of wallets that are not deployed yet, after ERC-6492
/// @notice Such a signature names a factory and what to call there. That call is anybody's choice, so it is made by this contract, which
/// holds no role, no balance and no approvals, and which nothing trusts as a caller.
interface ISignatureValidator {
    /// @notice Is `signature` one of `signer` over `hash`, after `signer` was deployed as `signature` says?
    /// @dev The factory is called without value, and only if `signer` has no code; then `signer` is asked after ERC-1271, by a static
    /// call. A wallet deployed meanwhile is only asked. Anybody may call. Changes nothing but what the factory does.
    /// @param signature `abi.encode(address factory, bytes factoryCalldata, bytes innerSignature)` followed by the 32 bytes
    /// `0x6492…6492`. Without those the answer is false; what is malformed before them reverts.
    /// @return isValid False also when the factory reverts, or left `signer` without code.
    function isValidSignature(address signer, bytes32 hash, bytes calldata signature) external returns (bool isValid);
}
