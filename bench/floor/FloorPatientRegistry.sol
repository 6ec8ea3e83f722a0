// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPatientChanges} from "../../contracts/identity/IPatientChanges.sol";
import {IPatientDelegates} from "../../contracts/identity/IPatientDelegates.sol";
import {IPatientRecovery} from "../../contracts/identity/IPatientRecovery.sol";
import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {FloorSignature} from "./FloorSignature.sol";

/// @dev Floor of PatientRegistry; storage as there: heads at slot 2, owner key hashes at 3, recoveries at 6, circumstances at 7, delegates
/// at 11, erasures that trustees ended at 15.
contract FloorPatientRegistry is FloorSignature {
    address private immutable _changes;

    constructor(address changes) {
        _changes = changes;
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        if (msg.sig == IPatientRegistry.headOf.selector) _headOf();
        if (msg.sig == IPatientRegistry.register.selector) _register();
        if (msg.sig == IPatientRegistry.revokeAll.selector) _revokeAll();
        if (msg.sig == IPatientDelegates.powerOf.selector) _powerOf();
        if (msg.sig == IPatientDelegates.delegateOf.selector) _delegateOf();
        if (msg.sig == IPatientDelegates.appointDelegate.selector) _appointDelegate();
        if (msg.sig == IPatientDelegates.dismissDelegate.selector) _dismissDelegate();
        if (msg.sig == IPatientChanges.optOutOfEmergency.selector) _optOut();
        if (msg.sig == IPatientRecovery.erasureCancelledAt.selector) _erasureCancelledAt();
    }

    function _headOf() private view {
        assembly {
            mstore(0, calldataload(4))
            mstore(32, 2)
            let head := sload(keccak256(0, 64))
            mstore(0, and(head, 0xffffffffffffffffffffffffffffffffffffffff))
            mstore(32, and(shr(160, head), 0xffffffffff))
            mstore(64, and(shr(200, head), 0xffffffff))
            mstore(96, shr(232, head))
            return(0, 128)
        }
    }

    function _register() private {
        bytes32 topic = IPatientRegistry.PatientRegistered.selector;
        _recover(68);
        assembly {
            let signer := calldataload(add(4, calldataload(68)))
            mstore(0, chainid())
            mstore(32, address())
            mstore(64, signer)
            mstore(96, calldataload(4))
            let patient := keccak256(0, 128)
            mstore(0, patient)
            mstore(32, 2)
            sstore(keccak256(0, 64), signer)
            mstore(32, 3)
            sstore(keccak256(0, 64), calldataload(36))
            mstore(0, calldataload(36))
            log3(0, 32, topic, patient, signer)
            mstore(0, patient)
            return(0, 32)
        }
    }

    function _revokeAll() private {
        bytes32 topic = IPatientRegistry.EverythingRevoked.selector;
        _recover(36);
        assembly {
            let authorization := add(4, calldataload(36))
            let signedAt := calldataload(add(authorization, 32))
            if iszero(signedAt) {
                signedAt := timestamp()
            }
            mstore(0, calldataload(4))
            mstore(32, 2)
            let slot := keccak256(0, 64)
            let head := sload(slot)
            let generation := and(add(shr(200, head), 1), 0xffffffff)
            let controller := and(head, 0xffffffffffffffffffffffffffffffffffffffff)
            sstore(slot, or(controller, or(shl(160, signedAt), shl(200, generation))))
            mstore(0, generation)
            mstore(32, signedAt)
            mstore(64, controller)
            log2(0, 96, topic, calldataload(4))
            stop()
        }
    }

    /// @dev Of a delegate who is not the controller.
    function _powerOf() private view {
        if (_read(bytes32(msg.data[4:36]), 2) == 0) _end();
        uint256 delegate = _read(bytes32(msg.data[36:68]), uint256(_slotOf(bytes32(msg.data[4:36]), 11)));
        assembly {
            let kind := and(delegate, 0xff)
            mstore(0, kind)
            mstore(32, lt(kind, 3))
            mstore(64, 1)
            mstore(96, eq(kind, 1))
            return(0, 128)
        }
    }

    function _delegateOf() private view {
        uint256 delegate = _read(bytes32(msg.data[36:68]), uint256(_slotOf(bytes32(msg.data[4:36]), 11)));
        assembly {
            mstore(0, and(delegate, 0xff))
            mstore(32, and(shr(8, delegate), 0xffffffffff))
            mstore(64, and(shr(48, delegate), 0xffffffffff))
            mstore(96, and(shr(88, delegate), 0xffffffffff))
            return(0, 128)
        }
    }

    function _erasureCancelledAt() private view {
        uint256 time = _read(bytes32(msg.data[36:68]), uint256(_slotOf(bytes32(msg.data[4:36]), 16)));
        assembly {
            mstore(0, time)
            mstore(32, time)
            return(0, 64)
        }
    }

    function _appointDelegate() private {
        _touch(_changes);
        bytes32 patient = bytes32(msg.data[4:36]);
        if (_read(patient, 2) == 0 || _read(patient, 6) != 0) _end();
        bytes32 slot = _slotOf(bytes32(msg.data[36:68]), uint256(_slotOf(patient, 11)));
        bytes32 topic = IPatientDelegates.DelegateAppointed.selector;
        assembly {
            let authorization := add(4, calldataload(132))
            let signedAt := calldataload(add(authorization, 32))
            // asOf 40 | until 40 | from 40 | kind 8; read, since a later decision may stand there
            if lt(and(shr(88, sload(slot)), 0xffffffffff), signedAt) {
                let word := or(calldataload(68), shl(8, timestamp()))
                sstore(slot, or(word, or(shl(48, calldataload(100)), shl(88, signedAt))))
            }
            calldatacopy(0, 68, 64)
            mstore(64, signedAt)
            mstore(96, calldataload(authorization))
            log3(0, 128, topic, patient, calldataload(36))
        }
        _recover(132);
        _end();
    }

    function _dismissDelegate() private {
        _touch(_changes);
        bytes32 patient = bytes32(msg.data[4:36]);
        if (_read(patient, 2) == 0) _end();
        bytes32 slot = _slotOf(bytes32(msg.data[36:68]), uint256(_slotOf(patient, 11)));
        bytes32 topic = IPatientDelegates.DelegateDismissed.selector;
        assembly {
            let authorization := add(4, calldataload(68))
            let signedAt := calldataload(add(authorization, 32))
            if lt(and(shr(88, sload(slot)), 0xffffffffff), signedAt) {
                sstore(slot, shl(88, signedAt))
            }
            mstore(0, signedAt)
            mstore(32, calldataload(authorization))
            log3(0, 64, topic, patient, calldataload(36))
        }
        _recover(68);
        _end();
    }

    function _optOut() private {
        _touch(_changes);
        bytes32 patient = bytes32(msg.data[4:36]);
        bytes32 headSlot = _slotOf(patient, 2);
        bytes32 slot = _slotOf(patient, 7);
        bytes32 topic = IPatientChanges.EmergencyOptedOut.selector;
        assembly {
            let authorization := add(4, calldataload(36))
            let signedAt := calldataload(add(authorization, 32))
            sstore(slot, or(and(sload(slot), not(shl(80, 0xffffffffff))), shl(80, signedAt)))
            sstore(headSlot, or(sload(headSlot), shl(233, 1)))
            mstore(0, signedAt)
            mstore(32, calldataload(authorization))
            log2(0, 64, topic, patient)
        }
        _recover(36);
        _end();
    }

    function _read(bytes32 key, uint256 mapping_) private view returns (uint256 word) {
        bytes32 slot = _slotOf(key, mapping_);
        assembly {
            word := sload(slot)
        }
    }

    function _slotOf(bytes32 key, uint256 mapping_) private pure returns (bytes32 slot) {
        assembly {
            mstore(0, key)
            mstore(32, mapping_)
            slot := keccak256(0, 64)
        }
    }
}
