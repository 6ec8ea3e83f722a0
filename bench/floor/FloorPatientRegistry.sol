// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {FloorSignature} from "./FloorSignature.sol";

/// @dev Floor of PatientRegistry; storage as there: heads at slot 2, owner key hashes at slot 3.
contract FloorPatientRegistry is FloorSignature {
    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        if (msg.sig == IPatientRegistry.headOf.selector) _headOf();
        if (msg.sig == IPatientRegistry.register.selector) _register();
        if (msg.sig == IPatientRegistry.revokeAll.selector) _revokeAll();
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
}
