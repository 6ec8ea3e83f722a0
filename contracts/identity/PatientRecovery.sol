// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Authorization} from "../common/Authorization.sol";
import {PatientId, SeriesId} from "../common/Identifiers.sol";
import {IPatientRecovery} from "./IPatientRecovery.sol";
import {Decision} from "./PatientBook.sol";
import {PatientChanges} from "./PatientChanges.sol";
import {TrusteeDecisions} from "./TrusteeDecisions.sol";

/// @title Trustees, and what gives a lost record back
/// @dev The part of PatientRegistry that holds what IPatientRecovery describes; trustees' decisions are carried out in TrusteeDecisions.
abstract contract PatientRecovery is PatientChanges, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;

    bytes32 private constant _TRUSTEES_TYPEHASH = keccak256(
        "TrusteesChange(string action,string needed,address[] trustees,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _APPROVAL_TYPEHASH = keccak256(
        "TrusteeApproval(string action,address controller,bytes32 patient,bytes32 subject,uint32 version,uint32 round,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _VETO_TYPEHASH = keccak256(
        "RecoveryVeto(string action,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    /// @inheritdoc IPatientRecovery
    function announceTrustees(
        PatientId patient,
        address[] calldata trustees,
        uint8 threshold,
        Authorization calldata authorization
    ) external {
        Decision memory decision = _permissive(authorization);
        bytes32 needed = TrusteeDecisions.announce(_book, patient, trustees, threshold, decision);
        bytes memory members = abi.encode(
            _TRUSTEES_TYPEHASH,
            keccak256("choose who may give my record back to me"),
            needed,
            keccak256(abi.encodePacked(trustees)),
            patient
        );
        _requireDecision(authorization, _structHash(members, decision, authorization));
    }

    /// @inheritdoc IPatientRecovery
    function approve(PatientId patient, Proposal calldata proposal, Authorization calldata authorization) external {
        Decision memory decision = _permissive(authorization);
        bytes32 words = TrusteeDecisions.approve(_book, patient, proposal, decision);
        bytes memory members = abi.encode(
            _APPROVAL_TYPEHASH,
            words,
            proposal.controller,
            patient,
            proposal.subject,
            proposal.version,
            proposal.round
        );
        _requireDecision(authorization, _structHash(members, decision, authorization));
    }

    /// @inheritdoc IPatientRecovery
    function vetoRecovery(PatientId patient, Authorization calldata authorization) external {
        Decision memory decision = _restrictive(authorization);
        TrusteeDecisions.veto(_book, patient, decision);
        bytes32 words = keccak256("keep my wallet: I have not lost it");
        _requireDecision(authorization, _plainHash(_VETO_TYPEHASH, words, patient, decision, authorization));
    }

    /// @inheritdoc IPatientRecovery
    function endorseRecovery(PatientId patient, address controller, bytes32 ownerKeyHash) external restricted {
        TrusteeDecisions.endorse(_book, patient, controller, ownerKeyHash, patientDelay);
    }

    /// @inheritdoc IPatientRecovery
    function trusteesOf(PatientId patient) external view returns (Trustees memory) {
        return TrusteeDecisions.trusteesOf(_book, patient);
    }

    /// @inheritdoc IPatientRecovery
    function approvalsOf(
        PatientId patient,
        Proposal calldata proposal
    ) external view returns (uint8 count, bool isCurrent) {
        return TrusteeDecisions.approvalsOf(_book, patient, proposal, patientWindow);
    }

    /// @inheritdoc IPatientRecovery
    function recoveryOf(PatientId patient) external view returns (Recovery memory) {
        return TrusteeDecisions.recoveryOf(_book, patient);
    }

    /// @inheritdoc IPatientRecovery
    function erasureCancelledAt(
        PatientId patient,
        SeriesId series,
        uint40 since
    ) external view returns (uint40 first, uint40 last) {
        Checkpoints.Trace208 storage times = _book.erasuresCancelled[patient][series];
        return (uint40(times.lowerLookup(since)), uint40(times.latest()));
    }
}
