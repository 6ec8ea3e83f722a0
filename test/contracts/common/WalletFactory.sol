// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {SharedWallet} from "./SharedWallet.sol";

/// @notice Deploys such wallets where `addressOf` says.
contract WalletFactory {
    event Deployed(address wallet, address caller, uint256 value);

    receive() external payable {}

    function deploy(address[3] calldata owners) external payable {
        SharedWallet wallet = new SharedWallet{salt: 0}(owners);
        emit Deployed(address(wallet), msg.sender, msg.value);
    }

    function deployNothing() external {}

    function fail() external pure {
        revert("no wallet today");
    }

    function addressOf(address[3] calldata owners) external view returns (address) {
        bytes32 code = keccak256(abi.encodePacked(type(SharedWallet).creationCode, abi.encode(owners)));
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), bytes32(0), code)))));
    }
}
