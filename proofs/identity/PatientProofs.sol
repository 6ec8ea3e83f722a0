// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {PatientId} from "../../contracts/common/Identifiers.sol";
import {IPatientRecovery} from "../../contracts/identity/IPatientRecovery.sol";
import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {Signatures} from "../Signatures.sol";

/// @title Who a patient is, and what ends every permission
contract PatientProofs is Signatures {
    uint256 private constant _OWNER_KEYS = 5;
    uint256 private constant _GUARDIANS = 9;

    function check_revokeAllNeedsThePowerToRevoke(
        address caller,
        PatientId patient,
        uint40 signedAt
    ) public settled(patient) {
        _assume(_revokeAll(caller, patient, _direct(caller, signedAt, signedAt == 0 ? 0 : _now)));
        (, , bool mayRevoke, ) = _patients.powerOf(patient, caller, signedAt == 0 ? _now : signedAt);
        assert(mayRevoke);
    }

    function check_controllerCanAlwaysRevokeAll(PatientId patient) public settled(patient) {
        address controller = _controllerOf(patient);
        _assume(controller != address(0));
        assert(_revokeAll(controller, patient, _byCalling(controller)));
    }

    function check_revokeAllRaisesTheGeneration(
        address caller,
        PatientId patient,
        Authorization memory authorization
    ) public settled(patient) {
        uint32 generation = _patients.headOf(patient).generation;
        _assume(generation < type(uint32).max);
        _assume(_revokeAll(caller, patient, authorization));
        assert(_patients.headOf(patient).generation == generation + 1);
    }

    function check_revokeAllRaisesTheFloor(
        address caller,
        PatientId patient,
        Authorization memory authorization
    ) public settled(patient) {
        uint40 floor = _patients.headOf(patient).signedFloor;
        _assume(_revokeAll(caller, patient, authorization));
        uint40 later = _patients.headOf(patient).signedFloor;
        assert(later >= floor && later >= authorization.signedAt);
    }

    function check_signedRevokeAllLandsOnce(
        address caller,
        PatientId patient,
        address signer,
        uint40 signedAt,
        uint40 deadline
    ) public settled(patient) {
        _assume(signedAt <= _patients.headOf(patient).signedFloor);
        assert(!_revokeAll(caller, patient, _signed(signer, signedAt, deadline)));
    }

    function check_headIsReadWhereItIsKept(PatientId patient) public view settled(patient) {
        IPatientRegistry.Head memory head = _patients.headOf(patient);
        uint256 word = uint160(head.controller) | (uint256(head.signedFloor) << 160);
        word |= (uint256(head.generation) << 200) | (uint256(head.flags) << 232);
        assert(word == _storedHead(patient));
    }

    /// What took effect by time alone is the same before and after it is written down, in any state.
    function check_settlingKeepsTheHead(PatientId patient) public {
        IPatientRegistry.Head memory before = _patients.headOf(patient);
        _VM.prank(_RECOVERY_KEY);
        _patients.attestDeath(patient);
        IPatientRegistry.Head memory later = _patients.headOf(patient);
        assert(later.controller == before.controller);
        assert(later.signedFloor == before.signedFloor && later.generation == before.generation);
        assert((later.flags ^ before.flags) & (_FROZEN | _MINOR) == 0);
    }

    function _register(
        address caller,
        bytes32 salt,
        bytes32 ownerKeyHash,
        Authorization memory authorization
    ) private returns (bool landed) {
        _assumeWallet(authorization);
        _VM.prank(caller);
        try _patients.register(salt, ownerKeyHash, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _revokeAll(
        address caller,
        PatientId patient,
        Authorization memory authorization
    ) private returns (bool landed) {
        _assumeWallet(authorization);
        _VM.prank(caller);
        try _patients.revokeAll(patient, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    /// @dev Any but `approve`, which RecoveryProofs are about, decided by calling, of this patient or another: in one of the states of
    /// `single`, and with one guardian at most.
    function _anyVerb(address caller) private {
        bytes memory data = _SVM.createCalldata("PatientRegistry");
        _assume(bytes4(data) != IPatientRecovery.approve.selector);
        PatientId decided;
        assembly ("memory-safe") {
            decided := mload(add(data, 36))
        }
        _assumeSingle(decided);
        _VM.store(address(_patients), keccak256(abi.encode(decided, _GUARDIANS)), bytes32(uint256(1)));
        _VM.prank(caller);
        (bool isDone, ) = address(_patients).call(data); // solhint-disable-line avoid-low-level-calls
        _assume(isDone);
    }
}
