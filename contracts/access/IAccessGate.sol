// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Actions, AuthorId, Labels, PatientId, ProviderId, Purpose, RecordId, SeriesId, SessionId} from "../common/Identifiers.sol";
import {Via} from "../consent/IConsentRegistry.sol";

interface IAccessGate {
    struct SessionRequest {
        PatientId patient;
        ProviderId actor;
        Via via;
        Purpose purpose;
        Labels labels;
        SeriesId series;
        bytes32 sessionKeyHash;
        uint40 expiresAt;
    }

    struct Explanation {
        bool allowed;
        Denial denial;
        bytes32 grantTag;
        Labels grantedLabels;
        Actions grantedActions;
        uint40 notBefore;
        uint40 notAfter;
        /// Labels asked for that the consent does not cover.
        Labels missingLabels;
    }

    /// `stated`: the organisation's key said that `actor` asks; otherwise the actor's own key called.
    event SessionOpened(
        SessionId indexed sessionId, PatientId indexed patient, ProviderId indexed actor, Via via, Purpose purpose, Labels labels, SeriesId series,
        bytes32 sessionKeyHash, uint40 expiresAt, bool stated, bytes32 grantTag
    );
    /// `actor` is the caller's own provider when it is not the one it claimed to be (CallerNotActor).
    event AccessDenied(
        PatientId indexed patient, ProviderId indexed actor, Denial indexed denial, ProviderId organisation, Purpose purpose, Labels labels, SeriesId series
    );

    error SessionStranger(address caller);
    error SessionPeriodInvalid(uint40 expiresAt);
    error SessionKeyMissing();
    error SessionLabelsInvalid(Labels labels);
    error SessionPurposeInvalid(Purpose purpose);
    error SessionDenialsExhausted(ProviderId provider, uint256 cap);

    /// Direct calls only. Returns zero when denied (AccessDenied emitted).
    function openSession(SessionRequest calldata request) external returns (SessionId sessionId);
    function sessionIdOf(PatientId patient, ProviderId actor, bytes32 sessionKeyHash, uint40 expiresAt) external view returns (SessionId);
    function explain(
        PatientId patient, ProviderId actor, Via calldata via, Purpose purpose, Labels labels, SeriesId series, Actions action
    ) external view returns (Explanation memory);
    function sessionLifetime() external view returns (uint40);
    function denialsPerDay() external view returns (uint32);
    function denialsToday(ProviderId provider) external view returns (uint256 count);
}
