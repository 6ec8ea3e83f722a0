// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId} from "../common/Identifiers.sol";
import {IPatientChanges} from "./IPatientChanges.sol";
import {IPatientDelegates} from "./IPatientDelegates.sol";
import {IPatientRecovery} from "./IPatientRecovery.sol";
import {IPatientRegistry} from "./IPatientRegistry.sol";
import {
    Circumstances,
    ControllerChange,
    Decision,
    GuardianChange,
    OwnerKeyChange,
    PatientBook,
    RecoveryUnderWay,
    TrusteeSets
} from "./PatientBook.sol";
import {PatientFlags} from "./PatientFlags.sol";
import {PatientHead} from "./PatientHead.sol";
import {DelegateKind, Power} from "./Power.sol";

/// @title What is stored of a patient, and what has become of it by time alone
/// @dev Announced changes and recoveries take effect without a transaction. While one is under way the head carries PENDING or FROZEN,
/// and only then more than the head is read; a verb writes down what has taken effect before it does anything else (`settle`).
library PatientBookLibrary {
    /// @dev The head as it is in this block.
    function headNow(PatientBook storage book, PatientId patient) internal view returns (PatientHead head) {
        head = book.heads[patient];
        if (!head.has(PatientFlags.PENDING | PatientFlags.FROZEN)) return head;
        if (head.has(PatientFlags.PENDING)) {
            RecoveryUnderWay storage recovery = book.recoveries[patient];
            if (isRecovered(recovery)) {
                head = head.withController(recovery.controller, recovery.effectiveAt);
                return head.withoutFlags(PatientFlags.PENDING | PatientFlags.FROZEN);
            }
            ControllerChange storage change = book.controllers[patient];
            uint40 effectiveAt = change.effectiveAt;
            if (isReached(effectiveAt)) head = head.withController(change.next, effectiveAt);
        }
        if (head.has(PatientFlags.FROZEN) && isReached(book.circumstances[patient].frozenUntil)) {
            head = head.withoutFlags(PatientFlags.FROZEN);
        }
    }

    function ownerKeyHashNow(PatientBook storage book, PatientId patient) internal view returns (bytes32) {
        if (book.heads[patient].has(PatientFlags.PENDING)) {
            RecoveryUnderWay storage recovery = book.recoveries[patient];
            if (isRecovered(recovery)) return recovery.ownerKeyHash;
        }
        OwnerKeyChange storage change = book.ownerKeys[patient];
        return isReached(change.effectiveAt) ? change.next : book.ownerKeyHashes[patient];
    }

    function setsNow(PatientBook storage book, PatientId patient) internal view returns (TrusteeSets memory sets) {
        sets = book.sets[patient];
        if (!isReached(sets.effectiveAt)) return sets;
        (sets.version, sets.threshold, sets.effectiveAt) = (sets.next, sets.nextThreshold, 0);
    }

    /// @dev In the order in which they sign together: a replacement that took effect stands in the place of the guardian it replaced.
    function guardiansNow(
        PatientBook storage book,
        PatientId patient
    ) internal view returns (address[] memory guardians) {
        guardians = book.guardians[patient];
        GuardianChange storage change = book.guardianChanges[patient];
        if (!isReached(change.effectiveAt)) return guardians;
        address lost = change.lost;
        for (uint256 i = 0; i < guardians.length; ++i) if (guardians[i] == lost) guardians[i] = change.next;
    }

    /// @dev Writes down what became of the head by time alone. The owner key waits for the next one: most verbs do not ask for it.
    function settle(PatientBook storage book, PatientId patient) internal returns (PatientHead head) {
        PatientHead stored = book.heads[patient];
        head = book.headNow(patient);
        if (stored.has(PatientFlags.PENDING) && !head.has(PatientFlags.PENDING)) {
            RecoveryUnderWay storage recovery = book.recoveries[patient];
            book.ownerKeyHashes[patient] = recovery.ownerKeyHash;
            (recovery.state, recovery.vetoedAt) = (IPatientRecovery.RecoveryState.None, 0);
            Circumstances storage circumstances = book.circumstances[patient];
            (circumstances.frozenUntil, circumstances.recoveredAt) = (0, recovery.effectiveAt);
            (book.controllers[patient].effectiveAt, book.ownerKeys[patient].effectiveAt) = (0, 0);
        } else if (head.has(PatientFlags.PENDING) && isReached(book.controllers[patient].effectiveAt)) {
            book.controllers[patient].effectiveAt = 0;
            if (!isUnderWay(book.recoveries[patient])) head = head.withoutFlags(PatientFlags.PENDING);
        }
        if (PatientHead.unwrap(head) != PatientHead.unwrap(stored)) book.heads[patient] = head;
    }

    /// @dev What `signer` may decide now, as `IPatientDelegates.powerOf` says.
    function powerOf(
        PatientBook storage book,
        PatientId patient,
        PatientHead head,
        Decision memory decision
    ) internal view returns (DelegateKind kind, bool mayDecide, bool mayRevoke, bool mayAdminister) {
        address signer = decision.signer;
        if (signer != address(0) && head.controller() == signer) return (DelegateKind.None, true, true, true);
        IPatientDelegates.Delegate memory delegate = book.delegates[patient][signer];
        kind = delegate.kind;
        uint40 from = delegate.from;
        if (kind == DelegateKind.Executor) {
            uint40 begun = book.circumstances[patient].diedAt + decision.window;
            if (!head.has(PatientFlags.DECEASED)) from = type(uint40).max;
            else if (from < begun) from = begun;
        }
        if (kind == DelegateKind.None || decision.signedAt <= from || block.timestamp >= delegate.until) {
            return (DelegateKind.None, false, false, false);
        }
        return (kind, kind != DelegateKind.Executor, true, kind == DelegateKind.Guardian);
    }

    /// @dev Writes down an owner key that took effect by time alone, before another takes its place.
    function settleOwnerKey(PatientBook storage book, PatientId patient) internal {
        OwnerKeyChange storage change = book.ownerKeys[patient];
        if (isReached(change.effectiveAt)) book.ownerKeyHashes[patient] = change.next;
    }

    /// @dev The settled head, if the signer holds `power`: what PatientAuthority is to other contracts. To decide and to narrow are
    /// powers over what those hold.
    function decidedBy(
        PatientBook storage book,
        PatientId patient,
        Decision memory decision,
        Power power
    ) internal returns (PatientHead head) {
        head = book.registered(patient);
        if (head.controller() == decision.signer && decision.signer != address(0)) {
            head = book.alive(patient, head, decision);
        } else {
            (, , bool may, bool mayAdminister) = book.powerOf(patient, head, decision);
            if (power != Power.Revoke) may = mayAdminister;
            if (!may) revert IPatientRegistry.PatientSignerNotController(patient, decision.signer);
        }
        if (!power.widens()) return head;
        requireNotFrozen(patient, head);
        requireNewer(patient, decision.signedAt, head.signedFloor());
    }

    /// @dev The settled head, if the signer is the controller: no delegate decides who holds the record.
    function controlledBy(
        PatientBook storage book,
        PatientId patient,
        Decision memory decision
    ) internal returns (PatientHead head) {
        head = book.registered(patient);
        address signer = decision.signer;
        if (head.controller() != signer || signer == address(0)) {
            revert IPatientRegistry.PatientSignerNotController(patient, signer);
        }
        head = book.alive(patient, head, decision);
    }

    /// @dev The same for what cannot be undone: neither frozen, nor while a recovery is under way, nor dated before the floor.
    function changedBy(
        PatientBook storage book,
        PatientId patient,
        Decision memory decision
    ) internal returns (PatientHead head) {
        head = book.controlledBy(patient, decision);
        requireNotFrozen(patient, head);
        book.requireNoRecovery(patient);
        requireNewer(patient, decision.signedAt, head.signedFloor());
    }

    function registered(PatientBook storage book, PatientId patient) internal returns (PatientHead head) {
        head = book.settle(patient);
        if (!isRegistered(head)) revert IPatientRegistry.PatientNotRegistered(patient);
    }

    /// @dev What the controller decides after an attested death contradicts it.
    function alive(
        PatientBook storage book,
        PatientId patient,
        PatientHead head,
        Decision memory decision
    ) internal returns (PatientHead) {
        if (!head.has(PatientFlags.DECEASED) || decision.signedAt < book.circumstances[patient].diedAt) return head;
        head = head.withoutFlags(PatientFlags.DECEASED);
        book.heads[patient] = head;
        emit IPatientDelegates.DeathObjected(patient, decision.signer);
        return head;
    }

    /// @dev What is announced is off, and what was announced up to `signedAt` and withheld, too.
    function cancel(
        PatientBook storage book,
        PatientId patient,
        IPatientChanges.Change change,
        uint40 signedAt
    ) internal {
        if (change == IPatientChanges.Change.Controller) {
            book.controllers[patient] = ControllerChange(address(0), 0, signedAt);
            book.clearPending(patient);
        } else if (change == IPatientChanges.Change.OwnerKey) {
            book.settleOwnerKey(patient);
            OwnerKeyChange storage key = book.ownerKeys[patient];
            (key.effectiveAt, key.asOf) = (0, signedAt);
        } else {
            TrusteeSets memory sets = book.setsNow(patient);
            (sets.effectiveAt, sets.asOf) = (0, signedAt);
            book.sets[patient] = sets;
        }
    }

    function changeOf(
        PatientBook storage book,
        PatientId patient,
        IPatientChanges.Change change
    ) internal view returns (uint40 effectiveAt, uint40 asOf, bytes32 next) {
        if (change == IPatientChanges.Change.Controller) {
            ControllerChange storage controller = book.controllers[patient];
            (effectiveAt, asOf) = (controller.effectiveAt, controller.asOf);
            next = bytes32(uint256(uint160(controller.next)));
        } else if (change == IPatientChanges.Change.OwnerKey) {
            OwnerKeyChange storage key = book.ownerKeys[patient];
            (effectiveAt, asOf, next) = (key.effectiveAt, key.asOf, key.next);
        } else {
            TrusteeSets storage sets = book.sets[patient];
            (effectiveAt, asOf) = (sets.effectiveAt, sets.asOf);
        }
        if (effectiveAt <= block.timestamp) (effectiveAt, next) = (0, 0);
    }

    /// @dev Without a change or a recovery under way, checks read the head alone again.
    function clearPending(PatientBook storage book, PatientId patient) internal {
        PatientHead head = book.heads[patient];
        if (head.has(PatientFlags.PENDING) && !isUnderWay(book.recoveries[patient])) {
            book.heads[patient] = head.withoutFlags(PatientFlags.PENDING);
        }
    }

    /// @dev Approvals given so far count no more.
    function nextRound(PatientBook storage book, PatientId patient) internal {
        book.sets[patient].round += 1;
    }

    function requireNoRecovery(PatientBook storage book, PatientId patient) internal view {
        RecoveryUnderWay storage recovery = book.recoveries[patient];
        if (isUnderWay(recovery)) revert IPatientChanges.PatientRecoveryPending(patient, recovery.effectiveAt);
    }

    function requireNotFrozen(PatientId patient, PatientHead head) internal pure {
        if (head.has(PatientFlags.FROZEN)) revert IPatientRecovery.PatientFrozen(patient);
    }

    /// @dev What changes a register must be newer than its watermark, what cancels at least as new.
    function requireNewer(PatientId patient, uint40 signedAt, uint40 asOf) internal pure {
        if (signedAt <= asOf) revert IPatientChanges.PatientDecisionSuperseded(patient, signedAt, asOf);
    }

    function requireNotOlder(PatientId patient, uint40 signedAt, uint40 asOf) internal pure {
        if (signedAt < asOf) revert IPatientChanges.PatientDecisionSuperseded(patient, signedAt, asOf);
    }

    /// @dev Pending, endorsed, or awaiting an endorsement that may still come.
    function isUnderWay(RecoveryUnderWay storage recovery) internal view returns (bool) {
        IPatientRecovery.RecoveryState state = recovery.state;
        if (state == IPatientRecovery.RecoveryState.Awaiting) return block.timestamp < recovery.effectiveAt;
        return state != IPatientRecovery.RecoveryState.None;
    }

    function isRegistered(PatientHead head) internal pure returns (bool) {
        return head.controller() != address(0) || head.has(PatientFlags.MINOR);
    }

    /// @dev Zero stands for nothing announced.
    function isReached(uint40 time) internal view returns (bool) {
        return time != 0 && time <= block.timestamp;
    }

    /// @dev Took effect, and is not written down yet.
    function isRecovered(RecoveryUnderWay storage recovery) internal view returns (bool) {
        IPatientRecovery.RecoveryState state = recovery.state;
        return
            state != IPatientRecovery.RecoveryState.None &&
            state != IPatientRecovery.RecoveryState.Awaiting &&
            isReached(recovery.effectiveAt);
    }
}
