// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {PatientId, SeriesId} from "../common/Identifiers.sol";
import {IPatientChanges} from "./IPatientChanges.sol";
import {IPatientRecovery} from "./IPatientRecovery.sol";
import {IPatientRegistry} from "./IPatientRegistry.sol";
import {Circumstances, Decision, PatientBook, RecoveryUnderWay} from "./PatientBook.sol";
import {PatientBookLibrary} from "./PatientBookLibrary.sol";
import {PatientFlags} from "./PatientFlags.sol";
import {PatientHead} from "./PatientHead.sol";

/// @title What is done once enough trustees approved it
library TrusteeVerbs {
    using Checkpoints for Checkpoints.Trace208;

    function carryOut(
        PatientBook storage book,
        PatientId patient,
        PatientHead head,
        IPatientRecovery.Proposal calldata proposal,
        Decision memory decision
    ) internal {
        IPatientRecovery.TrusteeVerb verb = proposal.verb;
        if (verb == IPatientRecovery.TrusteeVerb.Freeze) _freeze(book, patient, head, decision.window);
        else if (verb == IPatientRecovery.TrusteeVerb.Unfreeze) _unfreeze(book, patient, head);
        else if (verb == IPatientRecovery.TrusteeVerb.Recover) _recover(book, patient, head, proposal, decision);
        else if (verb == IPatientRecovery.TrusteeVerb.CancelRecovery) _cancelRecovery(book, patient);
        else if (verb == IPatientRecovery.TrusteeVerb.CancelController) {
            _stop(book, patient, IPatientChanges.Change.Controller);
        } else if (verb == IPatientRecovery.TrusteeVerb.CancelOwnerKey) {
            _stop(book, patient, IPatientChanges.Change.OwnerKey);
        } else if (verb == IPatientRecovery.TrusteeVerb.CancelTrustees) {
            _stop(book, patient, IPatientChanges.Change.Trustees);
        } else _cancelErasure(book, patient, SeriesId.wrap(proposal.subject));
    }

    /// @dev A thief's announcements end with everything else that they could have decided. The pause after a freeze keeps trustees from
    /// shutting the controller out for ever.
    function _freeze(PatientBook storage book, PatientId patient, PatientHead head, uint40 window) private {
        Circumstances storage circumstances = book.circumstances[patient];
        uint40 ended = circumstances.frozenUntil;
        uint40 time = uint40(block.timestamp);
        if (ended != 0 && time < ended + window) {
            revert IPatientRecovery.PatientFreezeTooSoon(patient, ended + window);
        }
        circumstances.frozenUntil = time + window;
        head = head.withNextGeneration(time).withFlags(PatientFlags.FROZEN);
        book.heads[patient] = head;
        _stopAll(book, patient);
        emit IPatientRecovery.PatientWasFrozen(patient, time + window);
        emit IPatientRegistry.EverythingRevoked(patient, head.generation(), time, address(0));
    }

    function _unfreeze(PatientBook storage book, PatientId patient, PatientHead head) private {
        if (!head.has(PatientFlags.FROZEN)) {
            revert IPatientRecovery.PatientProposalInvalid(IPatientRecovery.TrusteeVerb.Unfreeze);
        }
        book.circumstances[patient].frozenUntil = uint40(block.timestamp);
        book.heads[patient] = head.withoutFlags(PatientFlags.FROZEN);
        emit IPatientRecovery.PatientWasUnfrozen(patient);
    }

    function _recover(
        PatientBook storage book,
        PatientId patient,
        PatientHead head,
        IPatientRecovery.Proposal calldata proposal,
        Decision memory decision
    ) private {
        RecoveryUnderWay storage recovery = book.recoveries[patient];
        (address controller, bytes32 ownerKeyHash) = (proposal.controller, proposal.subject);
        IPatientRecovery.RecoveryState state = IPatientRecovery.RecoveryState.Pending;
        uint40 effectiveAt = uint40(block.timestamp);
        if (recovery.vetoedAt != 0 && effectiveAt < recovery.vetoedAt + decision.window) {
            state = IPatientRecovery.RecoveryState.Awaiting;
            effectiveAt += decision.window;
        } else {
            effectiveAt += decision.delay;
        }
        (recovery.state, recovery.controller, recovery.effectiveAt) = (state, controller, effectiveAt);
        recovery.ownerKeyHash = ownerKeyHash;
        book.heads[patient] = head.withFlags(PatientFlags.PENDING);
        _stopAll(book, patient);
        emit IPatientRecovery.RecoveryProposed(patient, controller, ownerKeyHash, state, effectiveAt);
    }

    function _cancelRecovery(PatientBook storage book, PatientId patient) private {
        RecoveryUnderWay storage recovery = book.recoveries[patient];
        if (!PatientBookLibrary.isUnderWay(recovery)) revert IPatientRecovery.PatientRecoveryMissing(patient);
        recovery.state = IPatientRecovery.RecoveryState.None;
        book.clearPending(patient);
        emit IPatientRecovery.RecoveryCancelled(patient);
    }

    function _cancelErasure(PatientBook storage book, PatientId patient, SeriesId series) private {
        book.erasuresCancelled[patient][series].push(uint48(block.timestamp), uint208(block.timestamp));
        emit IPatientRecovery.ErasureCancelled(patient, series);
    }

    function _stopAll(PatientBook storage book, PatientId patient) private {
        _stopAnnounced(book, patient, IPatientChanges.Change.Controller);
        _stopAnnounced(book, patient, IPatientChanges.Change.OwnerKey);
        _stopAnnounced(book, patient, IPatientChanges.Change.Trustees);
    }

    function _stopAnnounced(PatientBook storage book, PatientId patient, IPatientChanges.Change change) private {
        (uint40 effectiveAt, , ) = book.changeOf(patient, change);
        if (effectiveAt != 0) _stop(book, patient, change);
    }

    function _stop(PatientBook storage book, PatientId patient, IPatientChanges.Change change) private {
        uint40 time = uint40(block.timestamp);
        book.cancel(patient, change, time);
        emit IPatientChanges.ChangeCancelled(patient, change, time, address(0));
    }
}
