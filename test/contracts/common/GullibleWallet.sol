// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Accepts whatever it is asked, as a delegate that an EIP-7702 account should not have chosen.
contract GullibleWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }
}
