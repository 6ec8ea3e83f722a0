// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Signatures of accounts that are contracts
library ContractSignatures {
    /// @dev `isValidSignature(bytes32,bytes)`, which is also what ERC-1271 answers for yes.
    bytes4 private constant _ERC1271 = 0x1626ba7e;
    bytes32 private constant _ERC6492 = 0x6492649264926492649264926492649264926492649264926492649264926492;
    /// @dev First bytes, and number of bytes, of the code of an EIP-7702 account.
    bytes3 private constant _DELEGATION = 0xef0100;
    uint256 private constant _DELEGATION_LENGTH = 23;

    /// @dev True if `signature` is wrapped as ERC-6492 asks.
    function isWrapped(bytes calldata signature) internal pure returns (bool) {
        uint256 length = signature.length;
        return length > 32 && bytes32(signature[length - 32:]) == _ERC6492;
    }

    /// @dev What was wrapped. Reverts if malformed.
    function unwrap(
        bytes calldata signature
    ) internal pure returns (address factory, bytes memory factoryCalldata, bytes memory innerSignature) {
        return abi.decode(signature[:signature.length - 32], (address, bytes, bytes));
    }

    /// @dev True if `account` has code of its own: none that an EIP-7702 account lends from elsewhere, since its key signs for it.
    function hasOwnCode(address account) internal view returns (bool) {
        uint256 length = account.code.length;
        if (length != _DELEGATION_LENGTH) return length != 0;
        bytes32 start;
        assembly ("memory-safe") {
            mstore(0, 0)
            extcodecopy(account, 0, 0, 3)
            start := mload(0)
        }
        return bytes3(start) != _DELEGATION;
    }

    /// @dev Asks `signer` after ERC-1271. Copies one word of the answer, however long that is.
    function accepts(address signer, bytes32 hash, bytes memory signature) internal view returns (bool isValid) {
        bytes memory question = abi.encodeWithSelector(_ERC1271, hash, signature);
        bytes32 answer;
        assembly ("memory-safe") {
            mstore(0, 0)
            isValid := staticcall(gas(), signer, add(question, 32), mload(question), 0, 32)
            isValid := and(isValid, gt(returndatasize(), 31))
            answer := mload(0)
        }
        return isValid && answer == bytes32(_ERC1271);
    }
}
