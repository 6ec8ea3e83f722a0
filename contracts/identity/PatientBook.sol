// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId, SeriesId} from "../common/Identifiers.sol";
import {IPatientChanges} from "./IPatientChanges.sol";
import {IPatientDelegates} from "./IPatientDelegates.sol";
import {IPatientRecovery} from "./IPatientRecovery.sol";
import {IPatientRegistry} from "./IPatientRegistry.sol";
import {DelegateKind, PatientFlags, Power} from "./Power.sol";
import {PatientHead} from "./PatientHead.sol";

using PatientBookLibrary for PatientBook global;

/// @dev One slot: | 240 .. 255 unused | asOf 40 | effectiveAt 40 | next 160 |
struct ControllerChange {
    address next;
    uint40 effectiveAt;
    uint40 asOf;
}

/// @dev Two slots: next; | 80 .. 255 unused | asOf 40 | effectiveAt 40 |
struct OwnerKeyChange {
    bytes32 next;
    uint40 effectiveAt;
    uint40 asOf;
}

/// @dev Two slots: | 248 .. 255 unused | vetoedAt 40 | effectiveAt 40 | controller 160 | state 8 |; ownerKeyHash
struct RecoveryUnderWay {
    IPatientRecovery.RecoveryState state;
    address controller;
    uint40 effectiveAt;
    uint40 vetoedAt;
    bytes32 ownerKeyHash;
}

/// @dev One slot: | 232 .. 255 unused | recoveredAt 40 | headerVersion 32 | headerAsOf 40 | optOutAsOf 40 | diedAt 40 | frozenUntil 40 |
struct Circumstances {
    uint40 frozenUntil;
    uint40 diedAt;
    uint40 optOutAsOf;
    uint40 headerAsOf;
    uint32 headerVersion;
    uint40 recoveredAt;
}

/// @dev One slot: | 224 .. 255 unused | asOf 40 | effectiveAt 40 | nextThreshold 8 | threshold 8 | round 32 | highest 32 | next 32 | version 32 |
struct TrusteeSets {
    uint32 version;
    uint32 next;
    uint32 highest;
    uint32 round;
    uint8 threshold;
    uint8 nextThreshold;
    uint40 effectiveAt;
    uint40 asOf;
}

/// @dev One slot: | 56 .. 255 unused | since 40 | approvers 16, one bit for each member of the set |
struct Approvals {
    uint16 approvers;
    uint40 since;
}

/// @dev One slot: | 200 .. 255 unused | majorityAt 40 | wallet 160 |
struct Minority {
    address wallet;
    uint40 majorityAt;
}

/// @dev Who decides, when it was signed, and how long things take (`patientDelay`, `patientWindow`). Never stored.
struct Decision {
    address signer;
    uint40 signedAt;
    uint40 delay;
    uint40 window;
}

/// @dev All that PatientRegistry stores, so that its libraries can be handed it. Sets of trustees are kept by version: one that never took
/// effect, or is over, approves nothing.
struct PatientBook {
    mapping(PatientId patient => PatientHead) heads;
    mapping(PatientId patient => bytes32) ownerKeyHashes;
    mapping(PatientId patient => ControllerChange) controllers;
    mapping(PatientId patient => OwnerKeyChange) ownerKeys;
    mapping(PatientId patient => RecoveryUnderWay) recoveries;
    mapping(PatientId patient => Circumstances) circumstances;
    mapping(PatientId patient => bytes32) headerHashes;
    mapping(PatientId patient => address[]) guardians;
    mapping(PatientId patient => Minority) minorities;
    mapping(PatientId patient => mapping(address delegate => IPatientDelegates.Delegate)) delegates;
    mapping(PatientId patient => TrusteeSets) sets;
    mapping(PatientId patient => mapping(uint32 version => address[])) members;
    mapping(bytes32 proposalHash => Approvals) approvals;
    mapping(PatientId patient => mapping(SeriesId series => uint40 time)) erasuresCancelled;
}

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

    /// @dev Writes down what took effect by time alone.
    function settle(PatientBook storage book, PatientId patient) internal returns (PatientHead head) {
        PatientHead stored = book.heads[patient];
        head = book.headNow(patient);
        OwnerKeyChange storage key = book.ownerKeys[patient];
        if (stored.has(PatientFlags.PENDING) && !head.has(PatientFlags.PENDING)) {
            RecoveryUnderWay storage recovery = book.recoveries[patient];
            book.ownerKeyHashes[patient] = recovery.ownerKeyHash;
            (recovery.state, recovery.vetoedAt) = (IPatientRecovery.RecoveryState.None, 0);
            Circumstances storage circumstances = book.circumstances[patient];
            (circumstances.frozenUntil, circumstances.recoveredAt) = (0, recovery.effectiveAt);
            (book.controllers[patient].effectiveAt, key.effectiveAt) = (0, 0);
        } else {
            if (isReached(key.effectiveAt)) {
                book.ownerKeyHashes[patient] = key.next;
                key.effectiveAt = 0;
            }
            if (head.has(PatientFlags.PENDING) && isReached(book.controllers[patient].effectiveAt)) {
                book.controllers[patient].effectiveAt = 0;
                if (!isUnderWay(book.recoveries[patient])) head = head.withoutFlags(PatientFlags.PENDING);
            }
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

    /// @dev The settled head, if the signer holds `power`: what PatientAuthority is to other contracts.
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
            (, bool mayDecide, bool may, bool mayAdminister) = book.powerOf(patient, head, decision);
            if (power == Power.Decide || power == Power.Narrow) may = mayDecide;
            else if (power != Power.Revoke) may = mayAdminister;
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
        } else if (change == IPatientChanges.Change.OwnerKey) {
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
