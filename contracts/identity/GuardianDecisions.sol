// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DateWords} from "../common/DateWords.sol";
import {PatientId} from "../common/Identifiers.sol";
import {IPatientChanges} from "./IPatientChanges.sol";
import {IPatientDelegates} from "./IPatientDelegates.sol";
import {IPatientRegistry} from "./IPatientRegistry.sol";
import {Decision, GuardianChange, PatientBook} from "./PatientBook.sol";
import {PatientBookLibrary} from "./PatientBookLibrary.sol";
import {PatientFlags} from "./PatientFlags.sol";
import {DelegateKind, Power} from "./Power.sol";
import {PatientHead} from "./PatientHead.sol";

/// @title Records of minors, from their opening until they are taken over
/// @dev Code that PatientRegistry runs as its own and is linked with: together they would be too large. Guardians are chosen at the
/// beginning, replaced one at a time by the recovery officer, and their appointments end with the majority.
library GuardianDecisions {
    bytes32 private constant _REGISTRATION_TYPEHASH = keccak256(
        "MinorRegistration(string action,string guardianship,string majority,address[] guardians,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)"
    );

    /// @dev All of them sign what they decide together.
    uint256 private constant _MOST = 8;
    /// @dev The oldest majority there is, 21 years, and time before birth to spare.
    uint40 private constant _LONGEST_MINORITY = 25 * 366 days;

    /// @dev What the first guardian decides; `signedAt` and `deadline` of the authorization.
    struct Registration {
        PatientId patient;
        bytes32 ownerKeyHash;
        address first;
        uint40 majorityAt;
        uint40 signedAt;
        uint40 deadline;
        bool together;
    }

    /// @return structHash What the first guardian signs.
    function register(
        PatientBook storage book,
        Registration memory registration,
        address[] calldata guardians
    ) external returns (bytes32 structHash) {
        PatientId patient = registration.patient;
        uint40 majorityAt = registration.majorityAt;
        if (registration.ownerKeyHash == 0) revert IPatientRegistry.PatientOwnerKeyMissing();
        if (majorityAt <= block.timestamp || majorityAt > block.timestamp + _LONGEST_MINORITY) {
            revert IPatientDelegates.PatientMajorityInvalid(majorityAt);
        }
        if (PatientBookLibrary.isRegistered(book.heads[patient])) {
            revert IPatientRegistry.PatientAlreadyRegistered(patient);
        }
        _appoint(book, registration, guardians);

        uint24 together = registration.together && guardians.length > 1 ? PatientFlags.ALL_OF : 0;
        book.heads[patient] = PatientHead.wrap(0).withFlags(PatientFlags.MINOR | together);
        book.minorities[patient].majorityAt = majorityAt;
        book.ownerKeyHashes[patient] = registration.ownerKeyHash;
        emit IPatientDelegates.MinorRegistered(
            patient,
            guardians,
            registration.together,
            majorityAt,
            registration.ownerKeyHash
        );
        structHash = _hash(registration, guardians);
    }

    function attest(PatientBook storage book, PatientId patient, address wallet) external {
        _requireOfAge(book, patient);
        if (wallet == address(0)) revert IPatientChanges.PatientControllerInvalid(wallet);
        book.minorities[patient].wallet = wallet;
        emit IPatientDelegates.MajorityAttested(patient, wallet);
    }

    function claim(PatientBook storage book, PatientId patient, bytes32 ownerKeyHash, address signer) external {
        if (ownerKeyHash == 0) revert IPatientRegistry.PatientOwnerKeyMissing();
        PatientHead head = _requireOfAge(book, patient);
        address wallet = book.minorities[patient].wallet;
        if (wallet != signer || signer == address(0)) {
            revert IPatientDelegates.PatientMajorityNotAttested(patient, signer);
        }
        uint40 time = uint40(block.timestamp);
        head = head.withController(wallet, time).withoutFlags(PatientFlags.MINOR | PatientFlags.ALL_OF);
        book.heads[patient] = head;
        book.cancel(patient, IPatientChanges.Change.OwnerKey, time);
        book.ownerKeyHashes[patient] = ownerKeyHash;
        delete book.minorities[patient];
        delete book.guardians[patient];
        delete book.guardianChanges[patient];
        emit IPatientDelegates.MajorityClaimed(patient, wallet, ownerKeyHash);
    }

    /// @dev A change is nothing but two appointments that meet in one second: no check reads more than it did before.
    function announce(PatientBook storage book, PatientId patient, address lost, Decision memory decision) external {
        book.registered(patient);
        GuardianChange storage change = book.guardianChanges[patient];
        _settle(book, patient, change);
        IPatientDelegates.Delegate storage leaving = book.delegates[patient][lost];
        uint40 majorityAt = leaving.until;
        if (leaving.kind != DelegateKind.Guardian || majorityAt <= block.timestamp) {
            revert IPatientDelegates.PatientDelegateInvalid(lost, leaving.kind);
        }
        address next = decision.signer;
        IPatientDelegates.Delegate storage coming = book.delegates[patient][next];
        if (next == address(0) || coming.kind != DelegateKind.None) {
            revert IPatientDelegates.PatientDelegateInvalid(next, coming.kind);
        }

        uint40 effectiveAt = uint40(block.timestamp) + decision.delay;
        (coming.kind, coming.from) = (DelegateKind.Guardian, effectiveAt);
        (coming.until, coming.asOf) = (majorityAt, decision.signedAt);
        if (effectiveAt < majorityAt) leaving.until = effectiveAt;
        (change.lost, change.next, change.effectiveAt) = (lost, next, effectiveAt);
        emit IPatientDelegates.GuardianAnnounced(patient, lost, next, effectiveAt);
    }

    function keep(PatientBook storage book, PatientId patient, address lost, Decision memory decision) external {
        book.decidedBy(patient, decision, Power.Protect);
        GuardianChange storage change = book.guardianChanges[patient];
        uint40 effectiveAt = change.effectiveAt;
        if (effectiveAt <= block.timestamp || change.lost != lost) {
            revert IPatientDelegates.PatientGuardianChangeMissing(patient, lost);
        }
        uint40 announcedAt = effectiveAt - decision.delay;
        uint40 stoppedAt = change.stoppedAt;
        if (stoppedAt != 0 && announcedAt < stoppedAt + decision.window) {
            revert IPatientDelegates.PatientGuardianChangeFinal(patient, lost);
        }
        PatientBookLibrary.requireNotOlder(patient, decision.signedAt, announcedAt);

        _settle(book, patient, change);
        change.stoppedAt = uint40(block.timestamp);
        emit IPatientDelegates.GuardianKept(patient, lost, decision.signedAt, decision.signer);
    }

    /// @dev What took effect is written down; what did not is off.
    function _settle(PatientBook storage book, PatientId patient, GuardianChange storage change) private {
        uint40 effectiveAt = change.effectiveAt;
        if (effectiveAt == 0) return;
        if (effectiveAt <= block.timestamp) {
            book.guardians[patient] = book.guardiansNow(patient);
        } else {
            book.delegates[patient][change.lost].until = book.minorities[patient].majorityAt;
            delete book.delegates[patient][change.next];
        }
        change.effectiveAt = 0;
    }

    /// @dev At most eight, so that each may be compared with those before.
    function _appoint(
        PatientBook storage book,
        Registration memory registration,
        address[] calldata guardians
    ) private {
        uint256 size = guardians.length;
        if (size == 0 || size > _MOST || guardians[0] != registration.first) {
            revert IPatientDelegates.PatientGuardiansInvalid();
        }
        IPatientDelegates.Delegate memory appointment = IPatientDelegates.Delegate(
            DelegateKind.Guardian,
            uint40(block.timestamp),
            registration.majorityAt,
            registration.signedAt
        );
        for (uint256 i = 0; i < size; ++i) {
            address guardian = guardians[i];
            IPatientDelegates.Delegate storage delegate = book.delegates[registration.patient][guardian];
            if (guardian == address(0) || delegate.kind != DelegateKind.None) {
                revert IPatientDelegates.PatientGuardiansInvalid();
            }
            book.delegates[registration.patient][guardian] = appointment;
        }
        book.guardians[registration.patient] = guardians;
    }

    function _requireOfAge(PatientBook storage book, PatientId patient) private returns (PatientHead head) {
        head = book.settle(patient);
        uint40 majorityAt = book.minorities[patient].majorityAt;
        if (!head.has(PatientFlags.MINOR) || block.timestamp < majorityAt) {
            revert IPatientDelegates.PatientNotOfAge(patient, majorityAt);
        }
    }

    function _hash(Registration memory registration, address[] calldata guardians) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    _REGISTRATION_TYPEHASH,
                    keccak256("open my child's health record"),
                    registration.together ? keccak256("guardians decide together") : keccak256("each guardian decides"),
                    DateWords.hashOf(registration.majorityAt),
                    keccak256(abi.encodePacked(guardians)),
                    registration.patient,
                    registration.ownerKeyHash,
                    registration.signedAt,
                    registration.deadline
                )
            );
    }
}
