// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Labels, PatientId, SeriesId} from "../common/Identifiers.sol";

/// @title What a patient decides about one series: a record and its amendments
/// @notice Kept under (patient, series), so nobody needs to show that a record exists, and what anybody decides about a series of another
/// patient's lies elsewhere and means nothing: readers recompute both from the verified PublicPart. Times are Unix seconds.
interface ISeriesDecisions {
    /// @notice What was added to the labels of a series: by the controller, by delegates. Both count.
    /// @dev One slot:
    ///
    ///      255   208 207               168 167            104 103               64 63              0
    ///     | unused 48 | delegatesAsOf 40   | delegates 64    | controllerAsOf 40   | controller 64   |
    struct Restrictions {
        Labels controller;
        uint40 controllerAsOf;
        Labels delegates;
        uint40 delegatesAsOf;
    }

    /// @notice All that stewards and readers ask of a series.
    /// @param restrictions Labels to be added to those of each record of the series.
    /// @param isDisputed The patient says that something in it is wrong. It stays readable, with the mark beside it.
    /// @param isErased Its erasure was asked for and not taken back: nothing of it is released any more.
    struct SeriesState {
        Labels restrictions;
        bool isDisputed;
        bool isErased;
    }

    /// @notice Emitted when labels were added. `restrictions`: what counts now, of both halves.
    event SeriesRestricted(
        PatientId indexed patient,
        SeriesId indexed series,
        Labels added,
        Labels restrictions,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted when labels were taken back. `restrictions`: what still counts, of both halves.
    event SeriesUnrestricted(
        PatientId indexed patient,
        SeriesId indexed series,
        Labels removed,
        Labels restrictions,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted when the patient disputes what a series says.
    event SeriesDisputed(PatientId indexed patient, SeriesId indexed series, uint40 signedAt, address signer);

    /// @notice Emitted when the patient no longer disputes it.
    event SeriesDisputeWithdrawn(PatientId indexed patient, SeriesId indexed series, uint40 signedAt, address signer);

    /// @notice Thrown when a later decision about this register took effect, signed at `asOf`, or a `revokeAll` signed at `asOf`.
    error SeriesDecisionSuperseded(PatientId patient, SeriesId series, uint40 signedAt, uint40 asOf);

    /// @notice Thrown when no series is named.
    error SeriesMissing();

    /// @notice Thrown when labels to add or remove are empty or have a reserved bit.
    error SeriesLabelsInvalid(Labels labels);

    /// @notice Adds labels to every record of a series, so that only those read it whom the patient allowed these labels as well. `hidden`
    /// closes it to emergencies, too.
    /// @dev By whoever may decide for the patient; the controller and delegates write into a half of their own. Restrictive: works on an
    /// empty slot, `signedFloor` does not matter, a direct call may leave out both times. An exact repeat changes and emits nothing.
    /// Signed as
    ///
    /// `SeriesRestriction(string action,string[] labels,bytes32 series,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "treat a
    /// record also as", `labels` their words.
    /// Errors: SeriesMissing, SeriesLabelsInvalid, SeriesDecisionSuperseded, those of PatientAuthority and IAuthorized.
    function restrict(PatientId patient, SeriesId series, Labels added, Authorization calldata authorization) external;

    /// @notice Takes back labels that were added. The record's own labels stay.
    /// @dev By whoever may decide for the patient. Permissive: later than the half's `asOf` and `signedFloor`. A delegate reaches the
    /// delegates' half; the controller both, the delegates' where it was last decided before: what a former delegate restricted need not
    /// stay for ever. Signed as `SeriesRestriction`, action "no longer treat a record as".
    /// Errors: as `restrict`.
    function unrestrict(
        PatientId patient,
        SeriesId series,
        Labels removed,
        Authorization calldata authorization
    ) external;

    /// @notice Marks a series as disputed by the patient.
    /// @dev By whoever may decide for the patient. Restrictive. An exact repeat changes and emits nothing. Signed as
    ///
    /// `SeriesDecision(string action,bytes32 series,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "dispute a record".
    /// Errors: SeriesMissing, SeriesDecisionSuperseded, those of PatientAuthority and IAuthorized.
    function dispute(PatientId patient, SeriesId series, Authorization calldata authorization) external;

    /// @notice Takes the mark back.
    /// @dev Permissive. Signed as `SeriesDecision`, action "withdraw the dispute of a record". Errors: as `dispute`.
    function withdrawDispute(PatientId patient, SeriesId series, Authorization calldata authorization) external;

    /// @notice Both halves; all zero where nothing was decided.
    function restrictionsOf(PatientId patient, SeriesId series) external view returns (Restrictions memory);

    /// @notice Whether the series is disputed, and the second of the last decision about that.
    function disputeOf(PatientId patient, SeriesId series) external view returns (bool isDisputed, uint40 asOf);

    /// @notice What counts now.
    function stateOf(PatientId patient, SeriesId series) external view returns (SeriesState memory);

    /// @notice What counts now of each of several series of one patient, in one question.
    function statesOf(PatientId patient, SeriesId[] calldata series) external view returns (SeriesState[] memory);
}
