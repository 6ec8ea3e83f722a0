// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentGrants} from "../../contracts/consent/IConsentGrants.sol";
import {IConsentRegistry} from "../../contracts/consent/IConsentRegistry.sol";
import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {FloorSignature} from "./FloorSignature.sol";

/// @dev Floor of ConsentRegistry; storage as there: consents at slot 2, under keccak256(patient, grantee, purpose);
/// exclusions at slot 5, by patient and provider.
contract FloorConsentRegistry is FloorSignature {
    address private immutable _patients;
    address private immutable _providers;

    constructor(address patients, address providers) {
        (_patients, _providers) = (patients, providers);
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        if (msg.sig == IConsentRegistry.decide.selector) _decide();
        if (msg.sig == IConsentGrants.grant.selector) _grant();
        if (msg.sig == IConsentGrants.revoke.selector) _revoke();
    }

    function _decide() private view {
        (address patients, address providers) = (_patients, _providers);
        bytes4 headOf = IPatientRegistry.headOf.selector;
        bytes4 standingOf = IProviderRegistry.standingOf.selector;
        assembly {
            let organisation := calldataload(add(4, calldataload(68)))
            mstore(0, headOf)
            mstore(4, calldataload(4))
            pop(staticcall(gas(), patients, 0, 36, 128, 128))
            mstore(0, standingOf)
            mstore(4, calldataload(36))
            mstore(36, organisation)
            pop(staticcall(gas(), providers, 0, 68, 0, 96))
            let denial := mload(0)
            let tag := 0
            if iszero(denial) {
                mstore(0, calldataload(4))
                mstore(32, 5)
                let exclusions := keccak256(0, 64)
                mstore(0, calldataload(36))
                mstore(32, exclusions)
                let excluded := sload(keccak256(0, 64))
                if organisation {
                    mstore(0, organisation)
                    excluded := or(excluded, sload(keccak256(0, 64)))
                }
                if excluded {
                    denial := 16
                }
                mstore(0, calldataload(4))
                if iszero(organisation) {
                    organisation := calldataload(36)
                }
                mstore(32, organisation)
                mstore(64, calldataload(100))
                let key := keccak256(0, 96)
                mstore(0, key)
                mstore(32, 2)
                let slot := sload(keccak256(0, 64))
                mstore(32, and(shr(184, slot), 0xffffffff))
                tag := keccak256(0, 64)
                if and(calldataload(132), not(slot)) {
                    denial := 13
                    tag := 0
                }
                if iszero(slot) {
                    denial := 9
                    tag := 0
                }
            }
            mstore(0, denial)
            mstore(32, tag)
            return(0, 64)
        }
    }

    function _grant() private {
        (address patients, address providers) = (_patients, _providers);
        bytes4 headOf = IPatientRegistry.headOf.selector;
        bytes4 nameHashOf = IProviderRegistry.nameHashOf.selector;
        bytes32 topic = IConsentGrants.ConsentGranted.selector;
        assembly {
            mstore(0, nameHashOf)
            mstore(4, calldataload(36))
            pop(staticcall(gas(), providers, 0, 36, 0, 32))
            mstore(0, headOf)
            mstore(4, calldataload(4))
            pop(staticcall(gas(), patients, 0, 36, 128, 128))
            let authorization := add(4, calldataload(260))
            let signedAt := calldataload(add(authorization, 32))
            calldatacopy(0, 4, 96)
            mstore(0, keccak256(0, 96))
            mstore(32, 2)
            let key := keccak256(0, 64)
            let serial := and(add(shr(184, sload(key)), 1), 0xffffffff)
            // labels | actions << 64 | notBefore << 72 | notAfter << 112 | generation << 152 | serial << 184 | asOf << 216
            let slot := or(calldataload(100), shl(64, calldataload(132)))
            slot := or(slot, or(shl(72, calldataload(164)), shl(112, calldataload(196))))
            slot := or(slot, or(shl(152, mload(192)), or(shl(184, serial), shl(216, signedAt))))
            sstore(key, slot)
            calldatacopy(0, 100, 128)
            mstore(128, serial)
            mstore(160, signedAt)
            mstore(192, calldataload(authorization))
            mstore(224, calldataload(228))
            log4(0, 256, topic, calldataload(4), calldataload(36), calldataload(68))
        }
        _recover(260);
        assembly {
            stop()
        }
    }

    function _revoke() private {
        (address patients, address providers) = (_patients, _providers);
        bytes4 headOf = IPatientRegistry.headOf.selector;
        bytes4 nameHashOf = IProviderRegistry.nameHashOf.selector;
        bytes32 topic = IConsentGrants.ConsentRevoked.selector;
        assembly {
            mstore(0, headOf)
            mstore(4, calldataload(4))
            pop(staticcall(gas(), patients, 0, 36, 128, 128))
            let authorization := add(4, calldataload(100))
            let signedAt := calldataload(add(authorization, 32))
            if iszero(signedAt) {
                signedAt := timestamp()
            }
            if calldataload(add(authorization, 128)) {
                mstore(0, nameHashOf)
                mstore(4, calldataload(36))
                pop(staticcall(gas(), providers, 0, 36, 0, 32))
            }
            calldatacopy(0, 4, 96)
            mstore(0, keccak256(0, 96))
            mstore(32, 2)
            let key := keccak256(0, 64)
            let slot := sload(key)
            let serial := and(add(shr(184, slot), 1), 0xffffffff)
            slot := and(slot, 0x000000000000000000ffffffffffffffffffffffffffff00ffffffffffffffff)
            sstore(key, or(slot, or(shl(184, serial), shl(216, signedAt))))
            mstore(0, serial)
            mstore(32, signedAt)
            mstore(64, calldataload(authorization))
            log4(0, 96, topic, calldataload(4), calldataload(36), calldataload(68))
        }
        _recover(100);
        assembly {
            stop()
        }
    }
}
