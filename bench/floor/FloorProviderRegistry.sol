// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";

/// @dev Floor of what a decision reads of ProviderRegistry; storage as there: standings at slot 2, profiles at 3, key holders at 4,
/// affiliations at 5.
contract FloorProviderRegistry {
    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        if (msg.sig == IProviderRegistry.standingOf.selector) _standingOf();
        if (msg.sig == IProviderRegistry.providerOfKey.selector) _read(4);
        if (msg.sig == IProviderRegistry.nameHashOf.selector) _read(3);
        if (msg.sig == IProviderRegistry.providerOf.selector) _providerOf();
    }

    function _providerOf() private view {
        assembly {
            mstore(0, calldataload(4))
            mstore(32, 2)
            let standing := sload(keccak256(0, 64))
            mstore(32, 3)
            let profile := keccak256(0, 64)
            mstore(0, and(standing, 0xff))
            mstore(32, and(shr(8, standing), 0xff))
            mstore(64, and(shr(16, standing), 0xff))
            mstore(96, and(shr(24, standing), 0xff))
            mstore(128, sload(profile))
            mstore(160, sload(add(profile, 1)))
            mstore(192, sload(add(profile, 2)))
            return(0, 224)
        }
    }

    function _read(uint256 slot) private view {
        assembly {
            mstore(0, calldataload(4))
            mstore(32, slot)
            mstore(0, sload(keccak256(0, 64)))
            return(0, 32)
        }
    }

    function _standingOf() private view {
        assembly {
            let organisation := calldataload(36)
            mstore(0, calldataload(4))
            mstore(32, 2)
            let standing := sload(keccak256(0, 64))
            let denial := 0
            if iszero(eq(and(standing, 0xff), 1)) {
                denial := add(2, iszero(iszero(and(standing, 0xff))))
            }
            if mul(organisation, iszero(denial)) {
                mstore(0, organisation)
                if iszero(eq(and(sload(keccak256(0, 64)), 0xff), 1)) {
                    denial := 4
                }
                mstore(32, 5)
                mstore(32, keccak256(0, 64))
                mstore(0, calldataload(4))
                if iszero(eq(and(sload(keccak256(0, 64)), 0xff), 2)) {
                    denial := 5
                }
            }
            mstore(0, denial)
            mstore(32, and(shr(8, standing), 0xff))
            mstore(64, and(shr(16, standing), 0xff))
            return(0, 96)
        }
    }
}
