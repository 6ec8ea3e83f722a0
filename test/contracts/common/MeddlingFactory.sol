// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable avoid-low-level-calls

import {WalletFactory} from "./WalletFactory.sol";

/// @notice A factory that sends another decision while a signature is being checked, and then deploys through another one.
contract MeddlingFactory {
    bytes public failure;
    bool public didMeddle;

    function meddle(
        address registry,
        bytes calldata decision,
        WalletFactory factory,
        address[3] calldata owners
    ) external {
        (didMeddle, failure) = registry.call(decision);
        factory.deploy(owners);
    }
}
