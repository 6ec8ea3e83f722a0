// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId} from "../common/Identifiers.sol";
import {IPatientChanges} from "./IPatientChanges.sol";
import {IPatientDelegates} from "./IPatientDelegates.sol";
import {IPatientRegistry} from "./IPatientRegistry.sol";
import {Circumstances, ControllerChange, Decision, OwnerKeyChange, PatientBook} from "./PatientBook.sol";
import {PatientBookLibrary} from "./PatientBookLibrary.sol";
import {PatientFlags} from "./PatientFlags.sol";
import {DelegateKind, Power} from "./Power.sol";
import {PatientHead} from "./PatientHead.sol";

/// @title Changes of keys and of delegates, the keyring's header, and the opt-out from emergencies
/// @dev Code that PatientRegistry runs as its own and is linked with: together they would be too large.
library ChangeDecisions {
    /// @dev With one header a second at most, a thief needs years to use up the versions there are.
    uint32 private constant _LARGEST_STEP = 64;

    function announceController(
        PatientBook storage book,
        PatientId patient,
        address controller,
        Decision memory decision
    ) external {
        PatientHead head = book.changedBy(patient, decision);
        if (controller == address(0) || controller == decision.signer) {
            revert IPatientChanges.PatientControllerInvalid(controller);
        }
        ControllerChange storage change = book.controllers[patient];
        PatientBookLibrary.requireNewer(patient, decision.signedAt, change.asOf);

        uint40 effectiveAt = uint40(block.timestamp) + decision.delay;
        (change.next, change.effectiveAt, change.asOf) = (controller, effectiveAt, decision.signedAt);
        book.heads[patient] = head.withFlags(PatientFlags.PENDING);
        emit IPatientChanges.ControllerAnnounced(patient, controller, effectiveAt, decision.signedAt, decision.signer);
    }

    /// @return flags Of the head, which say whether guardians decide together.
    function announceOwnerKey(
        PatientBook storage book,
        PatientId patient,
        bytes32 ownerKeyHash,
        Decision memory decision
    ) external returns (uint24 flags) {
        if (ownerKeyHash == 0) revert IPatientRegistry.PatientOwnerKeyMissing();
        flags = book.decidedBy(patient, decision, Power.Administer).flags();
        book.requireNoRecovery(patient);
        OwnerKeyChange storage change = book.ownerKeys[patient];
        PatientBookLibrary.requireNewer(patient, decision.signedAt, change.asOf);

        book.settleOwnerKey(patient);
        uint40 effectiveAt = uint40(block.timestamp) + decision.delay;
        (change.next, change.effectiveAt, change.asOf) = (ownerKeyHash, effectiveAt, decision.signedAt);
        emit IPatientChanges.OwnerKeyAnnounced(patient, ownerKeyHash, effectiveAt, decision.signedAt, decision.signer);
    }

    function cancel(
        PatientBook storage book,
        PatientId patient,
        IPatientChanges.Change change,
        Decision memory decision
    ) external {
        if (change == IPatientChanges.Change.OwnerKey) book.decidedBy(patient, decision, Power.Protect);
        else book.controlledBy(patient, decision);
        (uint40 effectiveAt, uint40 asOf, ) = book.changeOf(patient, change);
        PatientBookLibrary.requireNotOlder(patient, decision.signedAt, asOf);
        if (decision.signedAt == asOf && effectiveAt == 0) return;

        book.cancel(patient, change, decision.signedAt);
        emit IPatientChanges.ChangeCancelled(patient, change, decision.signedAt, decision.signer);
    }

    /// @return flags Of the head, which say whether guardians decide together.
    function setKeyHeader(
        PatientBook storage book,
        PatientId patient,
        bytes32 headerHash,
        uint32 version,
        Decision memory decision
    ) external returns (uint24 flags) {
        flags = book.decidedBy(patient, decision, Power.Administer).flags();
        Circumstances storage circumstances = book.circumstances[patient];
        PatientBookLibrary.requireNewer(patient, decision.signedAt, circumstances.headerAsOf);
        uint32 last = circumstances.headerVersion;
        if (headerHash == 0 || version <= last || version - last > _LARGEST_STEP) {
            revert IPatientChanges.PatientHeaderInvalid(version, last);
        }

        (circumstances.headerAsOf, circumstances.headerVersion) = (decision.signedAt, version);
        book.headerHashes[patient] = headerHash;
        emit IPatientChanges.KeyHeaderSet(patient, headerHash, version, decision.signedAt, decision.signer);
    }

    function optOut(PatientBook storage book, PatientId patient, Decision memory decision) external {
        PatientHead head = book.decidedBy(patient, decision, Power.Protect);
        uint40 asOf = book.circumstances[patient].optOutAsOf;
        PatientBookLibrary.requireNotOlder(patient, decision.signedAt, asOf);
        if (decision.signedAt == asOf && head.has(PatientFlags.OPTED_OUT)) return;

        book.circumstances[patient].optOutAsOf = decision.signedAt;
        book.heads[patient] = head.withFlags(PatientFlags.OPTED_OUT);
        emit IPatientChanges.EmergencyOptedOut(patient, decision.signedAt, decision.signer);
    }

    /// @return flags Of the head, which say whether guardians decide together.
    function optIn(
        PatientBook storage book,
        PatientId patient,
        Decision memory decision
    ) external returns (uint24 flags) {
        PatientHead head = book.decidedBy(patient, decision, Power.Administer);
        PatientBookLibrary.requireNewer(patient, decision.signedAt, book.circumstances[patient].optOutAsOf);

        book.circumstances[patient].optOutAsOf = decision.signedAt;
        head = head.withoutFlags(PatientFlags.OPTED_OUT);
        book.heads[patient] = head;
        emit IPatientChanges.EmergencyOptedIn(patient, decision.signedAt, decision.signer);
        flags = head.flags();
    }

    function appoint(
        PatientBook storage book,
        PatientId patient,
        address person,
        DelegateKind kind,
        uint40 until,
        Decision memory decision
    ) external {
        IPatientDelegates.Delegate storage delegate = book.delegates[patient][person];
        if (
            person == address(0) ||
            person == decision.signer ||
            (kind != DelegateKind.Proxy && kind != DelegateKind.Executor) ||
            delegate.kind == DelegateKind.Guardian
        ) revert IPatientDelegates.PatientDelegateInvalid(person, kind);
        if (until <= block.timestamp) revert IPatientDelegates.PatientPeriodInvalid(until);
        book.changedBy(patient, decision);
        PatientBookLibrary.requireNewer(patient, decision.signedAt, delegate.asOf);

        (delegate.kind, delegate.from) = (kind, uint40(block.timestamp));
        (delegate.until, delegate.asOf) = (until, decision.signedAt);
        emit IPatientDelegates.DelegateAppointed(patient, person, kind, until, decision.signedAt, decision.signer);
    }

    function dismiss(PatientBook storage book, PatientId patient, address person, Decision memory decision) external {
        IPatientDelegates.Delegate storage delegate = book.delegates[patient][person];
        DelegateKind kind = delegate.kind;
        if (person == address(0) || kind == DelegateKind.Guardian) {
            revert IPatientDelegates.PatientDelegateInvalid(person, kind);
        }
        if (decision.signer != person || kind == DelegateKind.None) book.controlledBy(patient, decision);
        PatientBookLibrary.requireNotOlder(patient, decision.signedAt, delegate.asOf);
        if (decision.signedAt == delegate.asOf && kind == DelegateKind.None) return;

        (delegate.kind, delegate.from) = (DelegateKind.None, 0);
        (delegate.until, delegate.asOf) = (0, decision.signedAt);
        emit IPatientDelegates.DelegateDismissed(patient, person, decision.signedAt, decision.signer);
    }

    function attestDeath(PatientBook storage book, PatientId patient, uint40 window) external {
        PatientHead head = book.settle(patient);
        if (head.controller() == address(0)) revert IPatientRegistry.PatientNotRegistered(patient);
        if (head.has(PatientFlags.DECEASED)) return;
        uint40 time = uint40(block.timestamp);
        book.circumstances[patient].diedAt = time;
        book.heads[patient] = head.withFlags(PatientFlags.DECEASED);
        emit IPatientDelegates.DeathAttested(patient, time + window);
    }

    function objectToDeath(PatientBook storage book, PatientId patient, Decision memory decision) external {
        book.controlledBy(patient, decision);
        PatientBookLibrary.requireNotOlder(patient, decision.signedAt, book.circumstances[patient].diedAt);
    }

    function changeOf(
        PatientBook storage book,
        PatientId patient,
        IPatientChanges.Change change
    ) external view returns (uint40 effectiveAt, uint40 asOf, bytes32 next) {
        return book.changeOf(patient, change);
    }
}
