// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPatientRecovery} from "../../contracts/identity/IPatientRecovery.sol";
import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {ISeriesDecisions} from "../../contracts/records/ISeriesDecisions.sol";
import {ISeriesErasures} from "../../contracts/records/ISeriesErasures.sol";
import {FloorSignature} from "./FloorSignature.sol";

/// @dev Floor of what a patient decides about a series, as the controller; storage as there, by patient and series: restrictions at slot 2,
/// disputes at slot 3, erasures at slot 4.
abstract contract FloorSeries is FloorSignature {
    uint256 private constant _ERASURE_DELAY = 7 days;

    address internal immutable _patients;

    constructor(address patients) {
        _patients = patients;
    }

    function _restrict() internal {
        _controls(bytes32(msg.data[4:36]), 100);
        bytes32 topic = ISeriesDecisions.SeriesRestricted.selector;
        assembly {
            let authorization := add(4, calldataload(100))
            let signedAt := calldataload(add(authorization, 32))
            mstore(0, calldataload(4))
            mstore(32, 2)
            mstore(32, keccak256(0, 64))
            mstore(0, calldataload(36))
            let slot := keccak256(0, 64)
            // delegatesAsOf 40 | delegates 64 | controllerAsOf 40 | controller 64
            let labels := or(and(sload(slot), 0xffffffffffffffff), calldataload(68))
            sstore(slot, or(labels, shl(64, signedAt)))
            mstore(0, calldataload(68))
            mstore(32, labels)
            mstore(64, signedAt)
            mstore(96, calldataload(authorization))
            log3(0, 128, topic, calldataload(4), calldataload(36))
        }
        _recover(100);
        assembly {
            stop()
        }
    }

    function _dispute() internal {
        _controls(bytes32(msg.data[4:36]), 68);
        bytes32 topic = ISeriesDecisions.SeriesDisputed.selector;
        assembly {
            let authorization := add(4, calldataload(68))
            let signedAt := calldataload(add(authorization, 32))
            mstore(0, calldataload(4))
            mstore(32, 3)
            mstore(32, keccak256(0, 64))
            mstore(0, calldataload(36))
            let slot := keccak256(0, 64)
            sstore(slot, or(and(sload(slot), not(0xffffffffffff)), or(signedAt, shl(40, 1))))
            mstore(0, signedAt)
            mstore(32, calldataload(authorization))
            log3(0, 64, topic, calldataload(4), calldataload(36))
        }
        _recover(68);
        assembly {
            stop()
        }
    }

    function _unrestrict() internal {
        _controls(bytes32(msg.data[4:36]), 100);
        bytes32 topic = ISeriesDecisions.SeriesUnrestricted.selector;
        bytes32 slot = _slotOfSeries(2);
        assembly {
            let authorization := add(4, calldataload(100))
            let signedAt := calldataload(add(authorization, 32))
            let word := sload(slot)
            let labels := and(and(word, 0xffffffffffffffff), not(calldataload(68)))
            let others := and(and(shr(104, word), 0xffffffffffffffff), not(calldataload(68)))
            sstore(slot, or(or(labels, shl(64, signedAt)), or(shl(104, others), shl(168, signedAt))))
            mstore(0, calldataload(68))
            mstore(32, or(labels, others))
            mstore(64, signedAt)
            mstore(96, calldataload(authorization))
            log3(0, 128, topic, calldataload(4), calldataload(36))
        }
        _recover(100);
        _end();
    }

    function _withdrawDispute() internal {
        _controls(bytes32(msg.data[4:36]), 68);
        bytes32 topic = ISeriesDecisions.SeriesDisputeWithdrawn.selector;
        bytes32 slot = _slotOfSeries(3);
        assembly {
            let authorization := add(4, calldataload(68))
            let signedAt := calldataload(add(authorization, 32))
            sstore(slot, or(and(sload(slot), not(0xffffffffffff)), signedAt))
            mstore(0, signedAt)
            mstore(32, calldataload(authorization))
            log3(0, 64, topic, calldataload(4), calldataload(36))
        }
        _recover(68);
        _end();
    }

    function _requestErasure() internal {
        _controls(bytes32(msg.data[4:36]), 68);
        bytes32 slot = _slotOfSeries(4);
        _askCancelled(slot);
        bytes32 topic = ISeriesErasures.ErasureRequested.selector;
        assembly {
            let authorization := add(4, calldataload(68))
            let signedAt := calldataload(add(authorization, 32))
            // reason 8 | deferralAsOf 40 | deferredUntil 40 | asOf 40 | requestedAt 40
            sstore(slot, or(and(sload(slot), shl(120, 0xffffffffff)), or(timestamp(), shl(40, signedAt))))
            mstore(0, add(timestamp(), _ERASURE_DELAY))
            mstore(32, signedAt)
            mstore(64, calldataload(authorization))
            log3(0, 96, topic, calldataload(4), calldataload(36))
        }
        _recover(68);
        _end();
    }

    function _cancelErasure() internal {
        _controls(bytes32(msg.data[4:36]), 68);
        bytes32 slot = _slotOfSeries(4);
        _askCancelled(slot);
        bytes32 topic = ISeriesErasures.ErasureCancelled.selector;
        assembly {
            let authorization := add(4, calldataload(68))
            let signedAt := calldataload(add(authorization, 32))
            sstore(slot, or(shl(80, shr(80, sload(slot))), shl(40, signedAt)))
            mstore(0, signedAt)
            mstore(32, calldataload(authorization))
            log3(0, 64, topic, calldataload(4), calldataload(36))
        }
        _recover(68);
        _end();
    }

    function _controls(bytes32 patient, uint256 authorizationAt) internal view returns (bool isController) {
        address patients = _patients;
        bytes4 selector = IPatientRegistry.headOf.selector;
        assembly {
            mstore(0, selector)
            mstore(4, patient)
            pop(staticcall(gas(), patients, 0, 36, 128, 128))
            isController := eq(mload(128), calldataload(add(4, calldataload(authorizationAt))))
        }
    }

    /// @dev Whether trustees ended the request of `slot`.
    function _askCancelled(bytes32 slot) private view {
        address patients = _patients;
        bytes4 selector = IPatientRecovery.erasureCancelledAt.selector;
        assembly {
            mstore(0, selector)
            calldatacopy(4, 4, 64)
            mstore(68, and(shr(40, sload(slot)), 0xffffffffff))
            pop(staticcall(gas(), patients, 0, 100, 0, 64))
        }
    }

    function _slotOfSeries(uint256 mapping_) private pure returns (bytes32 slot) {
        assembly {
            mstore(0, calldataload(4))
            mstore(32, mapping_)
            mstore(32, keccak256(0, 64))
            mstore(0, calldataload(36))
            slot := keccak256(0, 64)
        }
    }
}
