// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {Power} from "../identity/Power.sol";
import {BatchDecisions} from "./BatchDecisions.sol";
import {ConsentBase} from "./ConsentBase.sol";
import {ConsentBookLibrary, Decision} from "./ConsentBook.sol";
import {ConsentSlot} from "./ConsentSlot.sol";
import {ConsentWords} from "./ConsentWords.sol";
import {IConsentGrants} from "./IConsentGrants.sol";

/// @title Consents a patient gives and takes back
/// @dev The part of ConsentRegistry that writes them. Within, series zero stands for all.
abstract contract ConsentGrants is IConsentGrants, ConsentBase {
    SeriesId private constant _ALL = SeriesId.wrap(0);

    /// @inheritdoc IConsentGrants
    function grant(Terms memory terms, Authorization calldata authorization) external {
        _grant(terms, _ALL, authorization);
    }

    /// @inheritdoc IConsentGrants
    function grantRecord(Terms memory terms, SeriesId series, Authorization calldata authorization) external {
        ConsentBookLibrary.requireRecord(series, terms.actions);
        _grant(terms, series, authorization);
    }

    /// @inheritdoc IConsentGrants
    function grantMany(Grant[] memory grants, Authorization calldata authorization) external {
        uint40 signedAt = _permissiveTime(authorization);
        if (grants.length == 0) revert ConsentBatchInvalid(0);
        PatientId patient = grants[0].terms.patient;
        (IPatientRegistry.Head memory head, Decision memory decision) = _decidedBy(
            patient,
            signedAt,
            Power.Decide,
            authorization
        );
        bytes32 hash = BatchDecisions.grant(_book, providerRegistry, grants, decision, _latestEnd());
        _settle(patient, head, Power.Decide, authorization, hash);
    }

    /// @inheritdoc IConsentGrants
    function revoke(
        PatientId patient,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external {
        _revoke(patient, Revocation(_ALL, grantee, purpose), authorization);
    }

    /// @inheritdoc IConsentGrants
    function revokeRecord(
        PatientId patient,
        SeriesId series,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external {
        ConsentBookLibrary.requireSeries(series);
        _revoke(patient, Revocation(series, grantee, purpose), authorization);
    }

    /// @inheritdoc IConsentGrants
    function revokeMany(
        PatientId patient,
        Revocation[] memory revocations,
        Authorization calldata authorization
    ) external {
        uint40 signedAt = _restrictiveTime(authorization);
        (IPatientRegistry.Head memory head, Decision memory decision) = _decidedBy(
            patient,
            signedAt,
            Power.Revoke,
            authorization
        );
        bytes32 hash = BatchDecisions.revoke(_book, providerRegistry, patient, revocations, decision);
        _settle(patient, head, Power.Revoke, authorization, hash);
    }

    /// @inheritdoc IConsentGrants
    function consentOf(PatientId patient, ProviderId grantee, Purpose purpose) external view returns (Consent memory) {
        return recordConsentOf(patient, _ALL, grantee, purpose);
    }

    /// @inheritdoc IConsentGrants
    function recordConsentOf(
        PatientId patient,
        SeriesId series,
        ProviderId grantee,
        Purpose purpose
    ) public view returns (Consent memory) {
        ConsentSlot slot = _book.consents[ConsentBookLibrary.consentKeyOf(patient, series, grantee, purpose)];
        return
            Consent({
                labels: slot.labels(),
                actions: slot.actions(),
                notBefore: slot.notBefore(),
                notAfter: slot.notAfter(),
                generation: slot.generation(),
                serial: slot.serial(),
                asOf: slot.asOf()
            });
    }

    function _grant(Terms memory terms, SeriesId series, Authorization calldata authorization) private {
        uint40 signedAt = _permissiveTime(authorization);
        _requireTerms(terms);
        bytes32 nameHash = _nameHashOf(terms.grantee);
        PatientId patient = terms.patient;
        address signer = authorization.signer;
        IPatientRegistry.Head memory head = _headDecidedBy(patient, signer, signedAt, Power.Decide);
        uint40 asOf = _book.write(terms, series, signedAt, signer, head.signedFloor, head.generation);
        if (asOf != 0) ConsentBookLibrary.revertSuperseded(patient, signedAt, asOf);

        bytes32 hash;
        if (_isSigned(authorization)) {
            Decision memory decision = _decisionOf(signedAt, head, authorization);
            hash = ConsentWords.hashOfGrant(terms, series, nameHash, decision);
        }
        _settle(patient, head, Power.Decide, authorization, hash);
    }

    function _revoke(PatientId patient, Revocation memory target, Authorization calldata authorization) private {
        uint40 signedAt = _restrictiveTime(authorization);
        ConsentBookLibrary.requireGrantable(target.purpose);
        address signer = authorization.signer;
        IPatientRegistry.Head memory head = _headDecidedBy(patient, signer, signedAt, Power.Revoke);
        uint40 asOf = _book.clear(patient, target, signedAt, signer);
        if (asOf != 0) ConsentBookLibrary.revertSuperseded(patient, signedAt, asOf);

        bytes32 hash;
        if (_isSigned(authorization)) {
            Decision memory decision = _decisionOf(signedAt, head, authorization);
            hash = ConsentWords.hashOfRevocation(patient, target, _nameHashOf(target.grantee), decision);
        }
        _settle(patient, head, Power.Revoke, authorization, hash);
    }
}
