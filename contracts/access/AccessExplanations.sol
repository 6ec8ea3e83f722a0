// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId, SessionId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IConsentRegistry, Via} from "../consent/IConsentRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {IRecordRegistry} from "../records/IRecordRegistry.sol";
import {ISeriesDecisions} from "../records/ISeriesDecisions.sol";
import {IAccessGate} from "./IAccessGate.sol";
import {SessionDecision} from "./SessionDecision.sol";

/// @title Why somebody may open a record, or why not
/// @notice Code only. AccessGate makes one for itself, since it would not fit beside the rest, and passes on what it is asked.
contract AccessExplanations is SessionDecision {
    using Vocabulary for Labels;

    /// @notice Says what the patient decided about a series.
    IRecordRegistry public immutable recordRegistry;

    constructor(
        IProviderRegistry providers,
        IConsentRegistry consents,
        IRecordRegistry records
    ) SessionDecision(providers, consents) {
        recordRegistry = records;
    }

    /// @notice As `IAccessGate.explain`, for the gate that calls.
    function explain(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) external view returns (IAccessGate.Explanation memory explanation) {
        bool isReading = Actions.unwrap(action) == Vocabulary.READ;
        if (isReading && SeriesId.unwrap(series) != 0) {
            ISeriesDecisions.SeriesState memory state = recordRegistry.stateOf(patient, series);
            explanation.restrictions = state.restrictions;
            explanation.isDisputed = state.isDisputed;
            if (state.isErased) explanation.denial = Denial.RecordErased;
            labels = Labels.wrap(Labels.unwrap(labels) | Labels.unwrap(state.restrictions));
        }
        _explainRight(explanation, patient, actor, via, purpose, labels, series);
        if (explanation.denial == Denial.None) {
            (explanation.denial, explanation.grantTag) =
                isReading
                    ? _decide(patient, actor, via, purpose, labels, series)
                    : _decideOther(patient, actor, via, purpose, labels, series, action);
            if (isReading) _explainEmergency(explanation, patient, actor, labels);
            explanation.allowed = explanation.denial == Denial.None;
        }
    }

    /// @dev As the verb that needs `action` would decide: anchor for WRITE.
    function _decideOther(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) private view returns (Denial denial, bytes32 grantTag) {
        (denial, grantTag) = consentRegistry.decide(patient, actor, via, purpose, labels, series, action);
        if (denial == Denial.None && Actions.unwrap(action) & Vocabulary.WRITE != 0) {
            (, , bool mayAuthor) = providerRegistry.standingOf(actor, ProviderId.wrap(0));
            if (!mayAuthor) return (Denial.AuthorshipMissing, 0);
        }
    }

    /// @dev What the path allows, whatever was asked.
    function _explainRight(
        IAccessGate.Explanation memory explanation,
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series
    ) private view {
        (, IConsentRegistry.Right memory right) = consentRegistry.rightOf(patient, actor, via, purpose, series);
        explanation.grantedLabels = right.labels;
        explanation.grantedActions = right.actions;
        explanation.notBefore = right.notBefore;
        explanation.notAfter = right.notAfter;
        explanation.missingLabels = _without(labels, right.labels);
    }

    /// @dev A live emergency opens what it covers, less what is hidden.
    function _explainEmergency(
        IAccessGate.Explanation memory explanation,
        PatientId patient,
        ProviderId actor,
        Labels labels
    ) private view {
        (explanation.emergency, explanation.emergencyLabels, explanation.emergencyUntil) = IAccessGate(msg.sender)
            .liveEmergencyOf(patient, actor);
        if (explanation.denial == Denial.None) return;
        if (explanation.emergencyLabels.covers(labels)) {
            explanation.denial = Denial.None;
            explanation.grantTag = SessionId.unwrap(explanation.emergency);
        } else if (
            explanation.denial == Denial.LabelsNotCovered &&
            Labels.unwrap(explanation.missingLabels) == Vocabulary.HIDDEN
        ) {
            explanation.denial = Denial.SeriesHidden;
        }
    }

    function _without(Labels labels, Labels granted) private pure returns (Labels) {
        return Labels.wrap(Labels.unwrap(labels) & ~Labels.unwrap(granted));
    }
}
