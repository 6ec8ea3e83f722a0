// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessDisputes} from "../../contracts/access/IAccessDisputes.sol";
import {IAccessGate} from "../../contracts/access/IAccessGate.sol";
import {IDelegateAccess} from "../../contracts/access/IDelegateAccess.sol";
import {IEmergencyAccess} from "../../contracts/access/IEmergencyAccess.sol";
import {IConsentRegistry} from "../../contracts/consent/IConsentRegistry.sol";
import {IPatientDelegates} from "../../contracts/identity/IPatientDelegates.sol";
import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {FloorEmergencies} from "./FloorEmergencies.sol";

/// @dev Floor of AccessGate; storage as there: refusals at slot 0, as day 40 | count 32; disputes at slot 7. The request begins at byte 36.
contract FloorAccessGate is FloorEmergencies {
    constructor(
        address patients,
        address providers,
        address consents,
        address words
    ) FloorEmergencies(patients, providers, consents, words) {}

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        if (msg.sig == IAccessGate.openSession.selector) _openSession();
        if (msg.sig == IDelegateAccess.openDelegateSession.selector) _openDelegateSession();
        if (msg.sig == IEmergencyAccess.openEmergencySession.selector) _openEmergency();
        if (msg.sig == IAccessDisputes.disputeAccess.selector) _turn(1 << 40, IAccessDisputes.AccessDisputed.selector);
        if (msg.sig == IAccessDisputes.withdrawAccessDispute.selector) {
            _turn(0, IAccessDisputes.AccessDisputeWithdrawn.selector);
        }
    }

    function _openDelegateSession() private {
        address patients = _patients;
        bytes4 headOf = IPatientRegistry.headOf.selector;
        bytes4 powerOf = IPatientDelegates.powerOf.selector;
        bytes4 delegateOf = IPatientDelegates.delegateOf.selector;
        bytes32 opened = IDelegateAccess.DelegateSessionOpened.selector;
        assembly {
            calldatacopy(4, 4, 32)
            mstore(36, caller())
            mstore(68, timestamp())
            mstore(0, or(headOf, shr(32, calldataload(4))))
            pop(staticcall(gas(), patients, 0, 36, 128, 128))
            mstore(0, or(powerOf, shr(32, calldataload(4))))
            pop(staticcall(gas(), patients, 0, 100, 128, 128))
            mstore(0, or(delegateOf, shr(32, calldataload(4))))
            pop(staticcall(gas(), patients, 0, 68, 160, 128))
            // kind at 128, from at 192
            let kind := mload(128)
            mstore(0, calldataload(4))
            mstore(32, caller())
            mstore(64, kind)
            mstore(96, mload(192))
            let tag := keccak256(0, 128)
            mstore(0, address())
            mstore(32, calldataload(4))
            mstore(64, caller())
            calldatacopy(96, 100, 64)
            let session := keccak256(0, 160)
            mstore(0, kind)
            calldatacopy(32, 36, 128)
            mstore(160, tag)
            log4(0, 192, opened, session, calldataload(4), caller())
            mstore(0, session)
            return(0, 32)
        }
    }

    function _turn(uint256 on, bytes32 topic) private {
        address patients = _patients;
        bytes4 headOf = IPatientRegistry.headOf.selector;
        assembly {
            mstore(0, headOf)
            mstore(4, calldataload(4))
            pop(staticcall(gas(), patients, 0, 36, 128, 128))
            mstore(0, calldataload(4))
            mstore(32, 7)
            mstore(32, keccak256(0, 64))
            mstore(0, calldataload(36))
            let slot := keccak256(0, 64)
            let authorization := add(4, calldataload(68))
            let signedAt := calldataload(add(authorization, 32))
            sstore(slot, or(and(sload(slot), not(0xffffffffffff)), or(signedAt, on)))
            mstore(0, signedAt)
            mstore(32, calldataload(authorization))
            log3(0, 64, topic, calldataload(4), calldataload(36))
        }
        _recover(68);
        _end();
    }

    function _openSession() private {
        bytes32 provider = _providerOfCaller();
        bytes32 actor = bytes32(msg.data[68:100]);
        bool isStated = provider != actor;
        if (isStated) {
            bytes32 organisation;
            assembly {
                organisation := calldataload(add(36, calldataload(100)))
            }
            if (provider != organisation) _deny(provider, provider, 6);
        }
        (uint256 denial, bytes32 tag) = _decide();
        if (denial != 0) _deny(provider, actor, denial);
        _open(actor, isStated, tag);
    }

    function _providerOfCaller() private view returns (bytes32 provider) {
        address providers = _providers;
        bytes4 providerOfKey = IProviderRegistry.providerOfKey.selector;
        assembly {
            mstore(0, providerOfKey)
            mstore(4, caller())
            pop(staticcall(gas(), providers, 0, 36, 0, 32))
            provider := mload(0)
        }
    }

    function _decide() private view returns (uint256 denial, bytes32 tag) {
        (address providers, address consents) = (_providers, _consents);
        bytes4 standingOf = IProviderRegistry.standingOf.selector;
        bytes4 decide = IConsentRegistry.decide.selector;
        assembly {
            let via := add(36, calldataload(100))
            let size := add(128, shl(5, calldataload(add(via, 96))))
            mstore(0, decide)
            calldatacopy(4, 36, 64)
            mstore(68, 224)
            calldatacopy(100, 132, 96)
            mstore(196, 1)
            calldatacopy(228, via, size)
            pop(staticcall(gas(), consents, 0, add(228, size), 0, 64))
            denial := mload(0)
            tag := mload(32)
            // payment, operations, research, public health, quality
            if iszero(or(or(denial, calldataload(via)), and(shr(calldataload(132), 0x10b8), 1))) {
                mstore(0, standingOf)
                calldatacopy(4, 68, 32)
                mstore(36, 0)
                pop(staticcall(gas(), providers, 0, 68, 0, 96))
            }
        }
    }

    function _open(bytes32 actor, bool isStated, bytes32 tag) private {
        bytes32 opened = IAccessGate.SessionOpened.selector;
        assembly {
            mstore(0, address())
            calldatacopy(32, 36, 64)
            calldatacopy(96, 228, 64)
            let session := keccak256(0, 160)
            mstore(0, 256)
            calldatacopy(32, 132, 160)
            mstore(192, isStated)
            mstore(224, tag)
            let via := add(36, calldataload(100))
            let size := add(128, shl(5, calldataload(add(via, 96))))
            calldatacopy(256, via, size)
            log4(0, add(256, size), opened, session, calldataload(36), actor)
            mstore(0, session)
            return(0, 32)
        }
    }

    function _deny(bytes32 provider, bytes32 actor, uint256 denial) private {
        bytes32 denied = IAccessGate.AccessDenied.selector;
        assembly {
            let today := div(timestamp(), 86400)
            mstore(0, provider)
            mstore(32, 0)
            let slot := keccak256(0, 64)
            let counter := sload(slot)
            if iszero(eq(and(counter, 0xffffffffff), today)) {
                counter := today
            }
            sstore(slot, add(counter, shl(40, 1)))
            calldatacopy(0, add(36, calldataload(100)), 32)
            calldatacopy(32, 132, 96)
            log4(0, 128, denied, calldataload(36), actor, denial)
            mstore(0, 0)
            return(0, 32)
        }
    }
}
