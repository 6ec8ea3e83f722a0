// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What every contract that takes an `Authorization` may refuse it for
/// @notice Times are Unix seconds. `registers` and their order are described in `docs/spec/consent.md`.
interface IAuthorized {
    /// @notice Thrown when the signature is empty, which means a direct call, and the caller is not `signer`.
    error AuthorizationSignerNotCaller(address signer, address caller);

    /// @notice Thrown when the signature is not one of `signer` over exactly this verb, these arguments, this contract and this chain.
    /// Of a key, also that of an EIP-7702 account: 65 bytes, `v` 27 or 28, `s` in the lower half. Of a contract: what it accepts after
    /// ERC-1271, of any length. Of a contract not deployed yet: what `ISignatureValidator` describes.
    error AuthorizationSignatureInvalid(address signer);

    /// @notice Thrown when the decision was signed for later than this block, `timestamp`.
    error AuthorizationNotYetValid(uint40 signedAt, uint256 timestamp);

    /// @notice Thrown when this block, `timestamp`, comes after the deadline.
    error AuthorizationExpired(uint40 deadline, uint256 timestamp);

    /// @notice Thrown when the deadline lies more than `lifetime` seconds after `signedAt`.
    error AuthorizationDeadlineTooFar(uint40 signedAt, uint40 deadline, uint40 lifetime);

    /// @notice How many seconds may lie between `signedAt` and `deadline`.
    function authorizationLifetime() external view returns (uint40);
}
