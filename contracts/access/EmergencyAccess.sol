// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Authorization} from "../common/Authorization.sol";
import {Denial} from "../common/Denial.sol";
import {Labels, PatientId, ProviderId, Purpose, SeriesId, SessionId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {PatientAuthority} from "../identity/PatientAuthority.sol";
import {PatientFlags} from "../identity/PatientFlags.sol";
import {EmergencyWords} from "./EmergencyWords.sol";
import {IEmergencyAccess} from "./IEmergencyAccess.sol";
import {SessionGate} from "./SessionGate.sol";

/// @title Breaking the glass
/// @dev The part of AccessGate that opens, stores and reviews emergencies.
abstract contract EmergencyAccess is SessionGate, PatientAuthority, AccessManaged {
    using Vocabulary for Labels;

    /// @inheritdoc IEmergencyAccess
    uint40 public immutable emergencyLifetime;

    EmergencyWords private immutable _words;

    mapping(SessionId sessionId => Emergency) private _emergencies;
    /// @dev The last opening in which a licence took part. It is locked while that waits for review.
    mapping(bytes32 licence => SessionId) private _lastOf;
    /// @dev The last opening of a patient's record by a practitioner.
    mapping(PatientId patient => mapping(ProviderId actor => SessionId)) private _lastFor;

    /// @param lifetime Seconds an emergency may last at most; 4 hours by default.
    constructor(uint40 lifetime) {
        emergencyLifetime = lifetime;
        _words = new EmergencyWords();
    }

    /// @inheritdoc IEmergencyAccess
    function openEmergencySession(
        EmergencyRequest calldata request,
        Authorization calldata coSignature
    ) external returns (SessionId sessionId) {
        ProviderId actor = _requireProvider();
        _permissiveTime(coSignature);
        _requireForm(request);
        ProviderId colleague = providerRegistry.providerOfKey(coSignature.signer);
        bytes32 licence = providerRegistry.providerOf(actor).licence;
        bytes32 otherLicence = providerRegistry.providerOf(colleague).licence;
        if (_isZero(colleague) || _same(actor, colleague) || (licence == otherLicence && licence != 0)) {
            revert EmergencyCoSignerInvalid(coSignature.signer);
        }
        Denial denial = _decideBetween(request.patient, actor, colleague);
        if (denial == Denial.None && (_isLocked(licence) || _isLocked(otherLicence))) denial = Denial.EmergencyLocked;
        if (denial != Denial.None) {
            _deny(
                actor,
                actor,
                denial,
                request.patient,
                ProviderId.wrap(0),
                Purpose.wrap(Vocabulary.EMERGENCY),
                request.labels,
                SeriesId.wrap(0)
            );
            return SessionId.wrap(0);
        }

        sessionId = sessionIdOf(request.patient, actor, request.sessionKeyHash, request.until);
        if (_emergencies[sessionId].until != 0) revert EmergencyAlreadyOpened(sessionId);
        _lastOf[licence] = sessionId;
        _lastOf[otherLicence] = sessionId;
        _store(sessionId, request, actor, colleague, coSignature.signer);

        bytes32 structHash = _words.hashOf(
            request,
            actor,
            providerRegistry.nameHashOf(actor),
            colleague,
            coSignature.signedAt,
            coSignature.deadline
        );
        _requireSignature(coSignature, structHash);
    }

    /// @inheritdoc IEmergencyAccess
    function reviewEmergency(SessionId sessionId, bool isJustified) external restricted {
        Emergency storage emergency = _emergencies[sessionId];
        if (emergency.until == 0) revert EmergencyUnknown(sessionId);
        if (emergency.review != EmergencyReview.None) revert EmergencyAlreadyReviewed(sessionId, emergency.review);
        _requireUninvolved(emergency);

        EmergencyReview review = isJustified ? EmergencyReview.Justified : EmergencyReview.Unjustified;
        emergency.review = review;
        emit EmergencyReviewed(sessionId, emergency.patient, msg.sender, review);
    }

    /// @inheritdoc IEmergencyAccess
    function emergencyOf(SessionId sessionId) external view returns (Emergency memory) {
        return _emergencies[sessionId];
    }

    /// @inheritdoc IEmergencyAccess
    function decideEmergency(SessionId sessionId) external view returns (Denial) {
        return _decideStored(_emergencies[sessionId]);
    }

    /// @inheritdoc IEmergencyAccess
    function liveEmergencyOf(
        PatientId patient,
        ProviderId actor
    ) external view returns (SessionId sessionId, Labels labels, uint40 until) {
        SessionId last = _lastFor[patient][actor];
        Emergency memory emergency = _emergencies[last];
        if (_decideStored(emergency) == Denial.None) return (last, emergency.labels, emergency.until);
    }

    /// @inheritdoc IEmergencyAccess
    function lockOf(ProviderId practitioner) external view returns (SessionId sessionId) {
        bytes32 licence = providerRegistry.providerOf(practitioner).licence;
        if (_isLocked(licence)) sessionId = _lastOf[licence];
    }

    function _decideStored(Emergency memory emergency) private view returns (Denial) {
        if (emergency.until == 0) return Denial.NoConsent;
        if (block.timestamp < emergency.from || block.timestamp >= emergency.until) return Denial.ConsentExpired;
        if (emergency.review == EmergencyReview.Unjustified) return Denial.ConsentRevoked;
        return _decideBetween(emergency.patient, emergency.actor, emergency.colleague);
    }

    /// @dev What must hold as long as an opening lasts.
    function _decideBetween(
        PatientId patient,
        ProviderId actor,
        ProviderId colleague
    ) private view returns (Denial denial) {
        IPatientRegistry.Head memory head = patientRegistry.headOf(patient);
        if (!_isRegistered(head)) return Denial.PatientUnknown;
        denial = _standingOf(actor);
        if (denial == Denial.None) denial = _standingOf(colleague);
        if (denial != Denial.None) return denial;
        if (head.flags & PatientFlags.OPTED_OUT != 0) return Denial.EmergencyOptedOut;
        if (consentRegistry.isExcluded(patient, actor) || consentRegistry.isExcluded(patient, colleague)) {
            return Denial.Excluded;
        }
    }

    function _standingOf(ProviderId provider) private view returns (Denial) {
        IProviderRegistry.Provider memory found = providerRegistry.providerOf(provider);
        if (found.status != IProviderRegistry.ProviderStatus.Active) return Denial.ActorNotActive;
        return found.emergency ? Denial.None : Denial.EmergencyNotAllowed;
    }

    /// @dev The privilege belongs to practitioners only, and each has one licence.
    function _isLocked(bytes32 licence) private view returns (bool) {
        Emergency storage last = _emergencies[_lastOf[licence]];
        return last.until != 0 && last.review == EmergencyReview.None;
    }

    function _requireForm(EmergencyRequest calldata request) private view {
        Labels labels = request.labels;
        if (!labels.isValid() || Labels.unwrap(labels) & Vocabulary.HIDDEN != 0) revert SessionLabelsInvalid(labels);
        if (request.reason == EmergencyReason.None) revert EmergencyReasonMissing();
        if (request.sessionKeyHash == 0) revert SessionKeyMissing();
        (uint40 from, uint40 until) = (request.from, request.until);
        if (
            from > block.timestamp ||
            until <= block.timestamp ||
            until - from > emergencyLifetime ||
            from % 60 != 0 ||
            until % 60 != 0
        ) revert EmergencyPeriodInvalid(from, until);
    }

    function _store(
        SessionId sessionId,
        EmergencyRequest calldata request,
        ProviderId actor,
        ProviderId colleague,
        address coSigner
    ) private {
        _lastFor[request.patient][actor] = sessionId;
        _emergencies[sessionId] = Emergency({
            patient: request.patient,
            actor: actor,
            colleague: colleague,
            caller: msg.sender,
            from: request.from,
            until: request.until,
            reason: request.reason,
            review: EmergencyReview.None,
            coSigner: coSigner,
            labels: request.labels
        });
        emit EmergencyOpened(
            sessionId,
            request.patient,
            actor,
            colleague,
            request.labels,
            request.reason,
            request.sessionKeyHash,
            request.from,
            request.until
        );
    }

    /// @dev By account and by provider: a key may have left its provider since.
    function _requireUninvolved(Emergency storage emergency) private view {
        ProviderId provider = providerRegistry.providerOfKey(msg.sender);
        if (
            msg.sender == emergency.caller ||
            msg.sender == emergency.coSigner ||
            _same(provider, emergency.actor) ||
            _same(provider, emergency.colleague)
        ) revert EmergencyReviewerInvolved(msg.sender);
    }

    function _same(ProviderId a, ProviderId b) private pure returns (bool) {
        return ProviderId.unwrap(a) == ProviderId.unwrap(b);
    }
}
