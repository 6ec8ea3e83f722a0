// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId, SessionId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IConsentRegistry, Via} from "../consent/IConsentRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {IAccessGate} from "./IAccessGate.sol";

/// @title The gate: opens sessions, or says why not
contract AccessGate is IAccessGate {
    using Vocabulary for Labels;
    using Vocabulary for Purpose;

    /// @dev Purposes, by bit, for which an organisation may ask without naming a person.
    uint256 private constant _IMPERSONAL =
        (1 << Vocabulary.PAYMENT) |
            (1 << Vocabulary.OPERATIONS) |
            (1 << Vocabulary.RESEARCH) |
            (1 << Vocabulary.PUBLIC_HEALTH) |
            (1 << Vocabulary.QUALITY);

    /// @notice Says whose key calls.
    IProviderRegistry public immutable providerRegistry;
    /// @notice Decides.
    IConsentRegistry public immutable consentRegistry;
    /// @inheritdoc IAccessGate
    uint40 public immutable sessionLifetime;
    /// @inheritdoc IAccessGate
    uint32 public immutable denialsPerDay;

    /// @dev One slot: day 40 | count 32.
    struct Denials {
        uint40 day;
        uint32 count;
    }

    mapping(ProviderId caller => Denials denials) private _denials;

    /// @param lifetime Seconds a session may last at most; 12 hours by default.
    /// @param cap Refusals logged for one calling provider in a UTC day; 32 by default.
    constructor(IProviderRegistry providers, IConsentRegistry consents, uint40 lifetime, uint32 cap) {
        providerRegistry = providers;
        consentRegistry = consents;
        sessionLifetime = lifetime;
        denialsPerDay = cap;
    }

    /// @inheritdoc IAccessGate
    function openSession(SessionRequest calldata request) external returns (SessionId sessionId) {
        ProviderId caller = providerRegistry.providerOfKey(msg.sender);
        if (_isZero(caller)) revert SessionStranger(msg.sender);
        (PatientId patient, ProviderId actor, Via calldata via) = (request.patient, request.actor, request.via);
        (Purpose purpose, Labels labels, SeriesId series) = (request.purpose, request.labels, request.series);
        (bytes32 sessionKeyHash, uint40 expiresAt) = (request.sessionKeyHash, request.expiresAt);
        _checkForm(purpose, labels, sessionKeyHash, expiresAt);

        bool isStated = ProviderId.unwrap(caller) != ProviderId.unwrap(actor);
        if (isStated && ProviderId.unwrap(caller) != ProviderId.unwrap(via.organisation)) {
            _deny(request, caller, caller, Denial.CallerNotActor);
            return SessionId.wrap(0);
        }
        (Denial denial, bytes32 grantTag) = _decide(patient, actor, via, purpose, labels, series);
        if (denial != Denial.None) {
            // What an organisation states of somebody who is not of it must not stand under that other's name.
            bool isActorProven = !isStated || denial > Denial.NotAffiliated;
            _deny(request, caller, isActorProven ? actor : caller, denial);
            return SessionId.wrap(0);
        }
        sessionId = sessionIdOf(patient, actor, sessionKeyHash, expiresAt);
        emit SessionOpened(
            sessionId,
            patient,
            actor,
            via,
            purpose,
            labels,
            series,
            sessionKeyHash,
            expiresAt,
            isStated,
            grantTag
        );
    }

    /// @inheritdoc IAccessGate
    function sessionIdOf(
        PatientId patient,
        ProviderId actor,
        bytes32 sessionKeyHash,
        uint40 expiresAt
    ) public view returns (SessionId) {
        return SessionId.wrap(keccak256(abi.encode(address(this), patient, actor, sessionKeyHash, expiresAt)));
    }

    /// @inheritdoc IAccessGate
    function explain(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) external view returns (Explanation memory explanation) {
        (explanation.denial, explanation.grantTag) = _explainDecision(
            patient,
            actor,
            via,
            purpose,
            labels,
            series,
            action
        );
        explanation.allowed = explanation.denial == Denial.None;
        explanation.missingLabels = labels;
        if (!_wasConsentJudged(explanation.denial)) return explanation;

        ProviderId grantee = _isZero(via.organisation) ? actor : via.organisation;
        IConsentRegistry.Consent memory consent = consentRegistry.consentOf(patient, grantee, purpose);
        explanation.grantedLabels = consent.labels;
        explanation.grantedActions = consent.actions;
        explanation.notBefore = consent.notBefore;
        explanation.notAfter = consent.notAfter;
        explanation.missingLabels = Labels.wrap(Labels.unwrap(labels) & ~Labels.unwrap(consent.labels));
    }

    /// @inheritdoc IAccessGate
    function denialsToday(ProviderId provider) external view returns (uint256 count) {
        Denials memory denials = _denials[provider];
        return denials.day == _today() ? denials.count : 0;
    }

    /// @dev What every caller must get right, known without asking: a mistake, not a refusal to be logged.
    function _checkForm(Purpose purpose, Labels labels, bytes32 sessionKeyHash, uint40 expiresAt) private view {
        if (!labels.isValid()) revert SessionLabelsInvalid(labels);
        // An emergency has a verb of its own, with a second clinician.
        if (!purpose.isGrantable()) revert SessionPurposeInvalid(purpose);
        if (sessionKeyHash == 0) revert SessionKeyMissing();
        // No underflow: the first condition ends it.
        unchecked {
            if (expiresAt <= block.timestamp || expiresAt - block.timestamp > sessionLifetime) {
                revert SessionPeriodInvalid(expiresAt);
            }
        }
    }

    /// @dev The consent's answer, and for reading the rule that a person asks. An affiliate is a person: only a direct actor is looked up.
    function _decide(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series
    ) private view returns (Denial denial, bytes32 grantTag) {
        (denial, grantTag) = consentRegistry.decide(
            patient,
            actor,
            via,
            purpose,
            labels,
            series,
            Actions.wrap(Vocabulary.READ)
        );
        if (denial == Denial.None && _isZero(via.organisation) && (_IMPERSONAL >> Purpose.unwrap(purpose)) & 1 == 0) {
            (, IProviderRegistry.ProviderKind kind, ) = providerRegistry.standingOf(actor, ProviderId.wrap(0));
            if (kind != IProviderRegistry.ProviderKind.Practitioner) return (Denial.PersonRequired, 0);
        }
    }

    /// @dev As the verb that needs `action` would decide: openSession, or anchor.
    function _explainDecision(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) private view returns (Denial denial, bytes32 grantTag) {
        if (Actions.unwrap(action) == Vocabulary.READ) return _decide(patient, actor, via, purpose, labels, series);
        (denial, grantTag) = consentRegistry.decide(patient, actor, via, purpose, labels, series, action);
        if (denial == Denial.None && Actions.unwrap(action) & Vocabulary.WRITE != 0) {
            (, , bool mayAuthor) = providerRegistry.standingOf(actor, ProviderId.wrap(0));
            if (!mayAuthor) return (Denial.AuthorshipMissing, 0);
        }
    }

    /// @dev Of the other refusals nobody can say here whether a consent is in force.
    function _wasConsentJudged(Denial denial) private pure returns (bool) {
        return denial == Denial.None || denial == Denial.PersonRequired || denial > Denial.ConsentRevoked;
    }

    /// @dev Counts and logs, so that a refused attempt is not lost to a revert, and nobody can flood a trail.
    function _deny(SessionRequest calldata request, ProviderId caller, ProviderId actor, Denial denial) private {
        Denials memory denials = _denials[caller];
        uint40 today = _today();
        uint32 count = denials.day == today ? denials.count : 0;
        if (count >= denialsPerDay) revert SessionDenialsExhausted(caller, denialsPerDay);
        _denials[caller] = Denials(today, count + 1);
        emit AccessDenied(
            request.patient,
            actor,
            denial,
            request.via.organisation,
            request.purpose,
            request.labels,
            request.series
        );
    }

    function _today() private view returns (uint40) {
        return uint40(block.timestamp / 1 days);
    }

    function _isZero(ProviderId provider) private pure returns (bool) {
        return ProviderId.unwrap(provider) == 0;
    }
}
