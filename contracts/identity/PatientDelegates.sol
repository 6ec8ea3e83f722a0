// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {DateWords} from "../common/DateWords.sol";
import {PatientId} from "../common/Identifiers.sol";
import {ChangeDecisions} from "./ChangeDecisions.sol";
import {IPatientDelegates} from "./IPatientDelegates.sol";
import {Decision} from "./PatientBook.sol";
import {PatientRecovery} from "./PatientRecovery.sol";
import {PatientFlags} from "./PatientFlags.sol";
import {DelegateKind} from "./Power.sol";

/// @title Proxies and executors, and whether the patient is alive
/// @dev The part of PatientRegistry that knows who acts for a patient.
abstract contract PatientDelegates is PatientRecovery {
    bytes32 private constant _APPOINTMENT_TYPEHASH = keccak256(
        "DelegateAppointment(string power,string until,address delegate,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _DISMISSAL_TYPEHASH = keccak256(
        "DelegateDismissal(string action,address delegate,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _OBJECTION_TYPEHASH = keccak256(
        "DeathObjection(string action,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    /// @inheritdoc IPatientDelegates
    function appointDelegate(
        PatientId patient,
        address delegate,
        DelegateKind kind,
        uint40 until,
        Authorization calldata authorization
    ) external {
        Decision memory decision = _permissive(authorization);
        ChangeDecisions.appoint(_book, patient, delegate, kind, until, decision);
        bytes32 words = keccak256("may decide and read for me");
        if (kind == DelegateKind.Executor) words = keccak256("may end permissions and read after my death");
        bytes memory members = abi.encode(_APPOINTMENT_TYPEHASH, words, DateWords.hashOf(until), delegate, patient);
        _requireDecision(authorization, _structHash(members, decision, authorization));
    }

    /// @inheritdoc IPatientDelegates
    function dismissDelegate(PatientId patient, address delegate, Authorization calldata authorization) external {
        Decision memory decision = _restrictive(authorization);
        ChangeDecisions.dismiss(_book, patient, delegate, decision);
        bytes32 words = keccak256("end this person's power to act");
        bytes memory members = abi.encode(_DISMISSAL_TYPEHASH, words, delegate, patient);
        _requireDecision(authorization, _structHash(members, decision, authorization));
    }

    /// @inheritdoc IPatientDelegates
    function attestDeath(PatientId patient) external restricted {
        ChangeDecisions.attestDeath(_book, patient, patientWindow);
    }

    /// @inheritdoc IPatientDelegates
    function objectToDeath(PatientId patient, Authorization calldata authorization) external {
        Decision memory decision = _restrictive(authorization);
        ChangeDecisions.objectToDeath(_book, patient, decision);
        bytes32 words = keccak256("I am alive");
        _requireDecision(authorization, _plainHash(_OBJECTION_TYPEHASH, words, patient, decision, authorization));
    }

    /// @inheritdoc IPatientDelegates
    function delegateOf(PatientId patient, address delegate) external view returns (Delegate memory) {
        return _book.delegates[patient][delegate];
    }

    /// @inheritdoc IPatientDelegates
    function deathOf(PatientId patient) external view returns (uint40) {
        return _book.heads[patient].has(PatientFlags.DECEASED) ? _book.circumstances[patient].diedAt : 0;
    }

    /// @inheritdoc IPatientDelegates
    function powerOf(
        PatientId patient,
        address signer,
        uint40 signedAt
    ) external view returns (DelegateKind kind, bool mayDecide, bool mayRevoke, bool mayAdminister) {
        Decision memory decision = Decision(signer, signedAt, patientDelay, patientWindow);
        return _book.powerOf(patient, _book.headNow(patient), decision);
    }
}
