// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {AuthorId, PatientId, SeriesId} from "../common/Identifiers.sol";

/// @title Erasure of a series: at once for readers, after a delay for ever
/// @notice From the block of the request nothing of the series is released. After `erasureDelay` it is deleted, by time alone; an author
/// whom a law obliges to keep records may defer the deletion, never the stop. Until it is deleted the request can be taken back.
///
/// Warning: anchors, and the lines of the trail, remain.
interface ISeriesErasures {
    /// @notice Why an author keeps what the patient wants erased.
    enum DeferralReason {
        None,
        RetentionLaw,
        LegalClaim,
        PublicHealth
    }

    /// @notice One slot:
    ///
    ///      255   168 167      160 159            120 119           80 79        40 39          0
    ///     | unused 88 | reason 8   | deferralAsOf 40  | deferredUntil 40 | asOf 40     | requestedAt 40 |
    ///
    /// @param requestedAt Second of the block of the request; zero where none is in force.
    /// @param deferredUntil Not deleted before; zero where nobody deferred it.
    struct Erasure {
        uint40 requestedAt;
        uint40 asOf;
        uint40 deferredUntil;
        uint40 deferralAsOf;
        DeferralReason reason;
    }

    /// @notice Emitted when the patient asks for erasure. `deletableFrom`: unless taken back or deferred, second of the deletion.
    event ErasureRequested(
        PatientId indexed patient,
        SeriesId indexed series,
        uint40 deletableFrom,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted when the patient takes it back in time.
    event ErasureCancelled(PatientId indexed patient, SeriesId indexed series, uint40 signedAt, address signer);

    /// @notice Emitted when the author says why, and until when, the record must be kept, closed to everybody.
    event ErasureDeferred(
        PatientId indexed patient,
        SeriesId indexed series,
        AuthorId indexed author,
        DeferralReason reason,
        uint40 until,
        address signer
    );

    /// @notice Thrown when the time for deletion has come: what is deleted does not return.
    error SeriesErased(PatientId patient, SeriesId series, uint40 deletableFrom);

    /// @notice Thrown when nobody asked for the erasure.
    error ErasureNotRequested(PatientId patient, SeriesId series);

    /// @notice Thrown when the deferral names no reason.
    error ErasureReasonMissing();

    /// @notice Thrown unless the date lies after the deletion's and at most 30 years away.
    error ErasureDeferralInvalid(uint40 until);

    /// @notice Thrown when `signer` does not speak for `author`.
    error ErasureSignerNotAuthor(AuthorId author, address signer);

    /// @notice Asks for the erasure of a series; nothing of it is released from this block on.
    /// @dev By the controller, or a minor's guardian. Permissive, since it cannot be undone for ever. A second request keeps the date
    /// of the first. Signed as
    ///
    /// `SeriesDecision(string action,bytes32 series,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "erase a record".
    /// Errors: SeriesMissing, SeriesDecisionSuperseded, SeriesErased, those of PatientAuthority and IAuthorized.
    function requestErasure(PatientId patient, SeriesId series, Authorization calldata authorization) external;

    /// @notice Takes the request back, before the deletion.
    /// @dev By the same, permissive. On an empty slot it keeps out older requests that were withheld. Signed as `SeriesDecision`, action
    /// "keep a record after all". Errors: as `requestErasure`.
    function cancelErasure(PatientId patient, SeriesId series, Authorization calldata authorization) external;

    /// @notice Keeps what is to be erased until a date, closed to everybody.
    /// @dev By a key of the series' author, active or not, which `seriesSalt` shows: series = SHA-256("anamnesis/series/v1" ‖ patient ‖
    /// author ‖ seriesSalt). Only while a request is in force and before the deletion. Later than the last deferral; a later one may
    /// shorten it. Signed as
    ///
    /// `ErasureDeferral(string action,string reason,string until,bytes32 series,bytes32 author,bytes32 patient,uint40 signedAt,uint40
    /// deadline)`, action "keep a record that the patient wants erased", `until` a whole minute.
    ///
    /// Warning: it publishes `seriesSalt`, after which anybody can tell that this author wrote this series.
    /// Errors: ErasureReasonMissing, ErasureSignerNotAuthor, ErasureNotRequested, SeriesErased, ErasureDeferralInvalid,
    /// SeriesDecisionSuperseded, those of IAuthorized.
    function deferErasure(
        PatientId patient,
        AuthorId author,
        bytes32 seriesSalt,
        DeferralReason reason,
        uint40 until,
        Authorization calldata authorization
    ) external;

    /// @notice True from the block of the request on, unless it was taken back.
    function isErased(PatientId patient, SeriesId series) external view returns (bool);

    /// @notice The slot, and from when on it is deleted (zero: never).
    function erasureOf(
        PatientId patient,
        SeriesId series
    ) external view returns (Erasure memory erasure, uint40 deletableFrom);

    /// @notice How many seconds lie between a request and the deletion.
    function erasureDelay() external view returns (uint40);
}
