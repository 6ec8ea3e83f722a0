// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Denial} from "../common/Denial.sol";
import {Labels, PatientId, ProviderId, SessionId} from "../common/Identifiers.sol";

/// @title Breaking the glass: two clinicians open a record that nobody consented to
/// @notice One asks, another of a different licence vouches, for at most four hours. The patient and trustees see it at once, a privacy
/// officer reviews it, and until then neither of the two licences opens another. What the patient hid, and patients who refused
/// emergency access, stay closed. Times are Unix seconds.
interface IEmergencyAccess {
    /// @notice What is wrong with the patient.
    enum EmergencyReason {
        None,
        Unresponsive,
        LifeAtRisk,
        SeriousHarm,
        OtherEmergency
    }

    /// @notice What the privacy officer found. An unjustified opening ends at once.
    enum EmergencyReview {
        None,
        Justified,
        Unjustified
    }

    /// @notice What is asked for by the practitioner who calls.
    /// @param labels Any but `hidden`.
    /// @param sessionKeyHash As in SessionRequest.
    /// @param from Whole minute, not in the future.
    /// @param until Whole minute, in the future, at most `emergencyLifetime` after `from`.
    struct EmergencyRequest {
        PatientId patient;
        Labels labels;
        EmergencyReason reason;
        bytes32 sessionKeyHash;
        uint40 from;
        uint40 until;
    }

    /// @notice An opening as stored.
    /// @dev Five slots: patient; actor; colleague; caller 160, from 40, until 40, reason 8, review 8; coSigner 160, labels 64.
    struct Emergency {
        PatientId patient;
        ProviderId actor;
        ProviderId colleague;
        address caller;
        uint40 from;
        uint40 until;
        EmergencyReason reason;
        EmergencyReview review;
        address coSigner;
        Labels labels;
    }

    /// @notice Emitted when `actor` and `colleague` opened the record of `patient`.
    event EmergencyOpened(
        SessionId indexed sessionId,
        PatientId indexed patient,
        ProviderId indexed actor,
        ProviderId colleague,
        Labels labels,
        EmergencyReason reason,
        bytes32 sessionKeyHash,
        uint40 from,
        uint40 until
    );

    /// @notice Emitted when a privacy officer found whether it was right.
    event EmergencyReviewed(
        SessionId indexed sessionId,
        PatientId indexed patient,
        address indexed officer,
        EmergencyReview review
    );

    /// @notice Thrown when no reason is named.
    error EmergencyReasonMissing();

    /// @notice Thrown unless `from <= now < until <= from + emergencyLifetime`, both whole minutes.
    error EmergencyPeriodInvalid(uint40 from, uint40 until);

    /// @notice Thrown when `coSigner` is no key of a provider, or one of the practitioner who asks, or of the same licence.
    error EmergencyCoSignerInvalid(address coSigner);

    /// @notice Thrown when this very opening took place already.
    error EmergencyAlreadyOpened(SessionId sessionId);

    /// @notice Thrown when there is nothing to review.
    error EmergencyUnknown(SessionId sessionId);

    /// @notice Thrown when it was reviewed before.
    error EmergencyAlreadyReviewed(SessionId sessionId, EmergencyReview review);

    /// @notice Thrown when one of the two clinicians would review.
    error EmergencyReviewerInvolved(address officer);

    /// @notice Opens a record in an emergency, or logs why not.
    /// @dev Direct calls only, by a key of a practitioner; `coSignature` by a key of another. Refused and logged (AccessDenied, at most
    /// `denialsPerDay`), in this order: PatientUnknown; ActorNotActive, EmergencyNotAllowed (either of the two); EmergencyOptedOut; Excluded
    /// (either); EmergencyLocked (either licence has an opening that waits for review). The co-signature has the times of a permissive
    /// decision and is signed as
    ///
    /// `EmergencyCoSignature(string action,string colleague,string reason,string[] records,string from,string until,bytes32
    /// patient,bytes32 actor,bytes32 coSigner,bytes32 sessionKeyHash,uint40 signedAt,uint40 deadline)`, action "confirm an emergency",
    /// `colleague` the name of the practitioner who asks.
    /// @return sessionId `sessionIdOf(patient, actor, sessionKeyHash, until)`, or zero if it was refused.
    /// Errors: SessionStranger, SessionLabelsInvalid, SessionKeyMissing, SessionDenialsExhausted, EmergencyReasonMissing,
    /// EmergencyPeriodInvalid, EmergencyCoSignerInvalid, EmergencyAlreadyOpened, those of IAuthorized.
    function openEmergencySession(
        EmergencyRequest calldata request,
        Authorization calldata coSignature
    ) external returns (SessionId sessionId);

    /// @notice Says whether an opening was right, and lets both clinicians open others again.
    /// @dev By a privacy officer whose account is of neither of the two. Once. What follows from an unjustified one is not decided here; the
    /// session itself ends.
    /// Errors: EmergencyUnknown, EmergencyAlreadyReviewed, EmergencyReviewerInvolved, AccessManagedUnauthorized.
    function reviewEmergency(SessionId sessionId, bool isJustified) external;

    /// @notice The opening as stored; all zero for an unknown one.
    function emergencyOf(SessionId sessionId) external view returns (Emergency memory);

    /// @notice Whether an opening counts now: what stewards ask for each release.
    /// @dev The first that applies: NoConsent (no such opening); ConsentExpired (outside its window); ConsentRevoked (found unjustified);
    /// ActorNotActive, EmergencyNotAllowed (either of the two); EmergencyOptedOut; Excluded (either).
    function decideEmergency(SessionId sessionId) external view returns (Denial);

    /// @notice The last opening of the patient's record by `actor`, what it covers and until when, if `decideEmergency` permits it; zero
    /// otherwise.
    function liveEmergencyOf(
        PatientId patient,
        ProviderId actor
    ) external view returns (SessionId sessionId, Labels labels, uint40 until);

    /// @notice The opening for which the practitioner's licence is locked out of others, or zero.
    function lockOf(ProviderId practitioner) external view returns (SessionId sessionId);

    /// @notice How many seconds an emergency session may last.
    function emergencyLifetime() external view returns (uint40);
}
