// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId, SessionId} from "../common/Identifiers.sol";
import {Via} from "../consent/IConsentRegistry.sol";
import {IAccessDisputes} from "./IAccessDisputes.sol";
import {IDelegateAccess} from "./IDelegateAccess.sol";
import {IEmergencyAccess} from "./IEmergencyAccess.sol";

/// @title The gate: sessions, and what was refused
/// @notice Before a record is opened, whoever asks opens a session here, and the answer stands on the trail for ever: stewards release a
/// key only to the holder of a session. One session serves every record that its labels cover (a clinician opens a chart, not a file).
/// Times are Unix seconds.
///
/// Warning: a session says that its asker was permitted in its own block. What ends the permission later ends it for the session too:
/// whoever acts on a session asks `IConsentRegistry.isPermitted` again, with the event's arguments, and compares `grantTag`.
interface IAccessGate is IDelegateAccess, IEmergencyAccess, IAccessDisputes {
    /// @notice What is asked for.
    /// @param actor Who will read: a practitioner, or an organisation for the purposes that need no person.
    /// @param via How the actor is allowed; `via.organisation` is who they act for, or zero.
    /// @param labels Every label of every record to be read, sensitivities included.
    /// @param series One series, or zero for all.
    /// @param sessionKeyHash SHA-256("anamnesis/session" ‖ X-Wing public key ‖ Ed25519 public key): who the answers are sealed to, and who
    /// signs the requests.
    /// @param expiresAt In the future, at most `sessionLifetime` away.
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

    /// @notice Why somebody may do something now, or why not.
    /// @param allowed By a consent, or by an emergency.
    /// @param denial None if allowed; otherwise the reason.
    /// @param grantTag As in SessionOpened; the session id of an emergency; zero unless `allowed`.
    /// @param grantedLabels What the path allows, with `grantedActions` from `notBefore` until `notAfter`: where several consents follow
    /// each other, what all of them hold. All zero where none is in force.
    /// @param missingLabels Labels asked for, or added by the patient, that it does not cover.
    /// @param restrictions Labels that the patient added to the series: they count as if asked for.
    /// @param isDisputed Whether the patient disputes what the series says.
    /// @param emergency The live opening by `actor` of this patient's record, or zero; it covers `emergencyLabels` until `emergencyUntil`.
    struct Explanation {
        bool allowed;
        Denial denial;
        bytes32 grantTag;
        Labels grantedLabels;
        Actions grantedActions;
        uint40 notBefore;
        uint40 notAfter;
        Labels missingLabels;
        Labels restrictions;
        bool isDisputed;
        SessionId emergency;
        Labels emergencyLabels;
        uint40 emergencyUntil;
    }

    /// @notice Emitted when the patient's consent lets `actor` read what was asked for.
    /// @dev Of two events with one `sessionId` the first counts.
    /// @param stated True if a key of `via.organisation` said that `actor` asks; otherwise a key of `actor` itself called.
    /// @param grantTag Hash of the keys and serials along the path; another one means that another consent is in force.
    event SessionOpened(
        SessionId indexed sessionId,
        PatientId indexed patient,
        ProviderId indexed actor,
        Via via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        bytes32 sessionKeyHash,
        uint40 expiresAt,
        bool stated,
        bytes32 grantTag
    );

    /// @notice Emitted when a registered provider asked and was refused.
    /// @param actor Who asked. It is the caller's own provider whenever the caller has not shown that it speaks for the actor it named:
    /// CallerNotActor, or a statement of an organisation about somebody who is not its active affiliate. So nobody can put a refusal
    /// under another's name.
    /// @param organisation As it was named in the request.
    event AccessDenied(
        PatientId indexed patient,
        ProviderId indexed actor,
        Denial indexed denial,
        ProviderId organisation,
        Purpose purpose,
        Labels labels,
        SeriesId series
    );

    /// @notice Thrown when the caller's key belongs to no provider now.
    error SessionStranger(address caller);

    /// @notice Thrown when a session would end in the past, or later than `sessionLifetime` from now.
    error SessionPeriodInvalid(uint40 expiresAt);

    /// @notice Thrown when no session key is named.
    error SessionKeyMissing();

    /// @notice Thrown when no label is asked for, or a reserved one.
    error SessionLabelsInvalid(Labels labels);

    /// @notice Thrown for an unknown purpose, and for *emergency*, which this verb does not open.
    error SessionPurposeInvalid(Purpose purpose);

    /// @notice Thrown when `provider` was refused `cap` times in this UTC day: more is not logged.
    error SessionDenialsExhausted(ProviderId provider, uint256 cap);

    /// @notice Asks for a session, and logs the answer either way.
    /// @dev Direct calls only, by a key of a provider: of the actor, or of `via.organisation` for its active affiliate. Decided by
    /// `IConsentRegistry.decide` for READ, and by two rules of its own, in this order: who calls (CallerNotActor), what `decide` says, and
    /// that only for payment, operations, research, public health and quality an organisation may be the actor (PersonRequired). Stores
    /// nothing but the count of refusals, so its cost depends on nothing that grows.
    /// @return sessionId `sessionIdOf` the request, or zero if it was refused: then AccessDenied was emitted.
    /// Errors: SessionStranger, SessionLabelsInvalid, SessionPurposeInvalid, SessionKeyMissing, SessionPeriodInvalid,
    /// SessionDenialsExhausted.
    function openSession(SessionRequest calldata request) external returns (SessionId sessionId);

    /// @notice `keccak256(abi.encode(this contract, patient, actor, sessionKeyHash, expiresAt))`, opened or not.
    function sessionIdOf(
        PatientId patient,
        ProviderId actor,
        bytes32 sessionKeyHash,
        uint40 expiresAt
    ) external view returns (SessionId);

    /// @notice Why `actor` may do `action` now, or why not.
    /// @dev For WRITE as `IRecordRegistry.anchor` would answer. For READ as `openSession` would and the stewards after it: of a series, the
    /// labels that the patient added count as well (SeriesHidden if `hidden` alone is in the way), an erasure stops everything
    /// (RecordErased), and a live emergency opens what it covers unless it is hidden. Everything but who calls and the form of the
    /// request. Costs nothing off the chain and logs nothing.
    function explain(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) external view returns (Explanation memory);

    /// @notice How many refusals of `provider` were logged in this UTC day.
    function denialsToday(ProviderId provider) external view returns (uint256 count);

    /// @notice How many seconds a session may last.
    function sessionLifetime() external view returns (uint40);

    /// @notice How many refusals of one provider are logged in a UTC day.
    function denialsPerDay() external view returns (uint32);
}
