// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {ILogRegistry} from "../../contracts/records/ILogRegistry.sol";

/// @dev Floor of LogRegistry; storage as there: heads at slot 0.
contract FloorLogRegistry {
    address private immutable _providers;

    constructor(address providers) {
        _providers = providers;
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        address providers = _providers;
        bytes4 providerOfKey = IProviderRegistry.providerOfKey.selector;
        bytes32 topic = ILogRegistry.LogAnchored.selector;
        assembly {
            mstore(0, providerOfKey)
            mstore(4, caller())
            pop(staticcall(gas(), providers, 0, 36, 0, 32))
            if iszero(mload(0)) {
                mstore(0, caller())
            }
            let owner := mload(0)
            mstore(32, 0)
            let slot := keccak256(0, 64)
            if gt(calldataload(36), shr(208, sload(slot))) {
                sstore(slot, or(shl(208, calldataload(36)), shr(48, calldataload(4))))
            }
            mstore(0, calldataload(4))
            log3(0, 32, topic, owner, calldataload(36))
            stop()
        }
    }
}
