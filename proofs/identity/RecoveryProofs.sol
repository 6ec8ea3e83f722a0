// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId} from "../../contracts/common/Identifiers.sol";
import {IPatientRecovery} from "../../contracts/identity/IPatientRecovery.sol";
import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {TrusteeWorld} from "./TrusteeWorld.sol";

/// @title What gives a record to a new wallet, and what keeps it
/// @dev How approvals count does not depend on their verb: it is looked at once there are enough.
contract RecoveryProofs is TrusteeWorld {
    function check_onlyTrusteesApprove(
        address caller,
        PatientId patient,
        IPatientRecovery.Proposal memory proposal
    ) public settled(patient) trusted(patient) {
        proposal.verb = IPatientRecovery.TrusteeVerb.Recover;
        _assume(!_isTrustee(patient, caller));
        assert(!_approve(caller, patient, proposal));
    }

    function check_noTrusteeCountsTwice(
        address trustee,
        PatientId patient,
        IPatientRecovery.Proposal memory proposal
    ) public settled(patient) trusted(patient) {
        proposal.verb = IPatientRecovery.TrusteeVerb.Recover;
        _assume(_thresholdOf(patient) > 1);
        _assume(_approvers(patient, proposal) == 0 && _approve(trustee, patient, proposal));
        assert(!_approve(trustee, patient, proposal));
    }

    function check_nothingHappensBelowTheThreshold(
        address trustee,
        PatientId patient,
        IPatientRecovery.Proposal memory proposal
    ) public settled(patient) trusted(patient) {
        proposal.verb = IPatientRecovery.TrusteeVerb.Recover;
        (uint256 head, uint256 recovery) = (_storedHead(patient), _storedRecoveryWord(patient));
        _assume(_thresholdOf(patient) > (_approvers(patient, proposal) == 0 ? 1 : 2));
        _assume(_approve(trustee, patient, proposal));
        assert(_storedHead(patient) == head && _storedRecoveryWord(patient) == recovery);
    }

    function check_recoveryWaitsForItsDelay(
        address trustee,
        PatientId patient,
        IPatientRecovery.Proposal memory proposal
    ) public settled(patient) trusted(patient) {
        proposal.verb = IPatientRecovery.TrusteeVerb.Recover;
        _assume(_patients.recoveryOf(patient).state == IPatientRecovery.RecoveryState.None);
        _assume(_approve(trustee, patient, proposal));
        IPatientRecovery.Recovery memory recovery = _patients.recoveryOf(patient);
        _assume(recovery.state != IPatientRecovery.RecoveryState.None);
        assert(recovery.effectiveAt >= uint256(_now) + _DELAY);
    }

    function check_recoveryNamesWhatWasApproved(
        address trustee,
        PatientId patient,
        IPatientRecovery.Proposal memory proposal
    ) public settled(patient) trusted(patient) {
        proposal.verb = IPatientRecovery.TrusteeVerb.Recover;
        _assume(_patients.recoveryOf(patient).state == IPatientRecovery.RecoveryState.None);
        _assume(_approve(trustee, patient, proposal));
        IPatientRecovery.Recovery memory recovery = _patients.recoveryOf(patient);
        _assume(recovery.state != IPatientRecovery.RecoveryState.None);
        assert(recovery.controller == proposal.controller && recovery.ownerKeyHash == proposal.subject);
    }

    function check_vetoOnce(address caller, PatientId patient) public undisturbed(patient) {
        (uint8 state, ) = _storedRecovery(patient);
        _assume(state != uint8(IPatientRecovery.RecoveryState.Pending));
        assert(!_veto(caller, patient));
    }

    function check_onlyTheControllerVetoes(address caller, PatientId patient) public undisturbed(patient) {
        _assume(_controllerOf(patient) != caller);
        assert(!_veto(caller, patient));
    }

    /// Nothing but time makes another controller, and that one alone which was announced or approved.
    function check_recoveryTakesNoEffectBeforeItsTime(PatientId patient) public view {
        (uint8 state, uint40 effectiveAt) = _storedRecovery(patient);
        _assume(state == uint8(IPatientRecovery.RecoveryState.Awaiting) || effectiveAt > _now);
        address stored = address(uint160(_storedHead(patient)));
        (uint40 announcedAt, address announced) = _storedController(patient);
        address controller = _controllerOf(patient);
        assert(controller == stored || (controller == announced && announcedAt != 0 && announcedAt <= _now));
    }

    function check_freezeEndsEveryPermission(
        address trustee,
        PatientId patient,
        IPatientRecovery.Proposal memory proposal
    ) public settled(patient) trusted(patient) {
        proposal.verb = IPatientRecovery.TrusteeVerb.Freeze;
        IPatientRegistry.Head memory before = _patients.headOf(patient);
        _assume(before.flags & _FROZEN == 0 && before.generation < type(uint32).max);
        _assume(_approve(trustee, patient, proposal));
        IPatientRegistry.Head memory later = _patients.headOf(patient);
        _assume(later.flags & _FROZEN != 0);
        assert(later.generation == before.generation + 1 && later.signedFloor == _now);
    }

    function _veto(address caller, PatientId patient) private returns (bool landed) {
        _VM.prank(caller);
        try _patients.vetoRecovery(patient, _byCalling(caller)) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }
}
