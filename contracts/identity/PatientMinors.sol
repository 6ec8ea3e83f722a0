// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId} from "../common/Identifiers.sol";
import {GuardianDecisions} from "./GuardianDecisions.sol";
import {IPatientDelegates} from "./IPatientDelegates.sol";
import {Decision, GuardianChange, Minority} from "./PatientBook.sol";
import {PatientDelegates} from "./PatientDelegates.sol";

/// @title Guardians and the minors they act for
/// @dev The part of PatientRegistry that is carried out in GuardianDecisions.
abstract contract PatientMinors is PatientDelegates {
    bytes32 private constant _CLAIM_TYPEHASH = keccak256(
        "MajorityClaim(string action,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _ACCEPTANCE_TYPEHASH = keccak256(
        "GuardianshipAcceptance(string action,address lost,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _RETENTION_TYPEHASH = keccak256(
        "GuardianRetention(string action,address lost,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    /// @inheritdoc IPatientDelegates
    function registerMinor(
        bytes32 salt,
        bytes32 ownerKeyHash,
        uint40 majorityAt,
        address[] calldata guardians,
        bool together,
        Authorization calldata authorization
    ) external returns (PatientId patient) {
        Decision memory decision = _permissive(authorization);
        address first = authorization.signer;
        patient = patientIdOf(first, salt);
        GuardianDecisions.Registration memory registration = GuardianDecisions.Registration(
            patient,
            ownerKeyHash,
            first,
            majorityAt,
            decision.signedAt,
            authorization.deadline,
            together
        );
        bytes32 structHash = GuardianDecisions.register(_book, registration, guardians);
        _requireDecision(authorization, structHash);
    }

    /// @inheritdoc IPatientDelegates
    function attestMajority(PatientId patient, address wallet) external restricted {
        GuardianDecisions.attest(_book, patient, wallet);
    }

    /// @inheritdoc IPatientDelegates
    function claimAtMajority(PatientId patient, bytes32 ownerKeyHash, Authorization calldata authorization) external {
        Decision memory decision = _permissive(authorization);
        GuardianDecisions.claim(_book, patient, ownerKeyHash, authorization.signer);
        bytes32 words = keccak256("take over my health record");
        bytes memory members = abi.encode(_CLAIM_TYPEHASH, words, patient, ownerKeyHash);
        _requireDecision(authorization, _structHash(members, decision, authorization));
    }

    /// @inheritdoc IPatientDelegates
    function replaceGuardian(PatientId patient, address lost, Authorization calldata acceptance) external restricted {
        Decision memory decision = _permissive(acceptance);
        GuardianDecisions.announce(_book, patient, lost, decision);
        bytes memory members = abi.encode(
            _ACCEPTANCE_TYPEHASH,
            keccak256("act as a guardian of this child"),
            lost,
            patient
        );
        _requireDecision(acceptance, _structHash(members, decision, acceptance));
    }

    /// @inheritdoc IPatientDelegates
    function keepGuardian(PatientId patient, address lost, Authorization calldata authorization) external {
        Decision memory decision = _restrictive(authorization);
        GuardianDecisions.keep(_book, patient, lost, decision);
        bytes memory members = abi.encode(_RETENTION_TYPEHASH, keccak256("keep this guardian"), lost, patient);
        _requireDecision(authorization, _structHash(members, decision, authorization));
    }

    /// @inheritdoc IPatientDelegates
    function guardianChangeOf(
        PatientId patient
    ) external view returns (address lost, address next, uint40 effectiveAt) {
        GuardianChange storage change = _book.guardianChanges[patient];
        if (change.effectiveAt <= block.timestamp) return (address(0), address(0), 0);
        return (change.lost, change.next, change.effectiveAt);
    }

    /// @inheritdoc IPatientDelegates
    function guardiansOf(PatientId patient) external view returns (address[] memory) {
        return _book.guardiansNow(patient);
    }

    /// @inheritdoc IPatientDelegates
    function majorityOf(PatientId patient) external view returns (uint40 majorityAt, address wallet) {
        Minority storage minority = _book.minorities[patient];
        return (minority.majorityAt, minority.wallet);
    }
}
