// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Labels, PatientId, SeriesId, SessionId} from "../common/Identifiers.sol";
import {DelegateKind} from "../identity/Power.sol";

/// @title How guardian, proxy and executor read: through the stewards, with a line on the trail, and never with the root
interface IDelegateAccess {
    /// @notice What is asked for by the delegate who calls.
    /// @param labels Every label of every record to be read; a guardian's hold no `adolescent`.
    /// @param series One series, or zero for all.
    /// @param sessionKeyHash As in SessionRequest.
    /// @param expiresAt In the future, at most `sessionLifetime` away.
    struct DelegateSessionRequest {
        PatientId patient;
        Labels labels;
        SeriesId series;
        bytes32 sessionKeyHash;
        uint40 expiresAt;
    }

    /// @notice Emitted when `delegate` may read what was asked for. The purpose is family.
    /// @param appointmentTag Names the appointment: one who was removed and appointed again has another.
    event DelegateSessionOpened(
        SessionId indexed sessionId,
        PatientId indexed patient,
        address indexed delegate,
        DelegateKind kind,
        Labels labels,
        SeriesId series,
        bytes32 sessionKeyHash,
        uint40 expiresAt,
        bytes32 appointmentTag
    );

    /// @notice Thrown when `delegate` may not read this: `denial` says why.
    error DelegateSessionRefused(PatientId patient, address delegate, Denial denial);

    /// @notice Opens a session for the caller, who must be a live delegate of the patient.
    /// @dev Direct calls only. Who is no delegate leaves no line: it reverts.
    /// @return sessionId `sessionIdOf` with the delegate's address, as 32 bytes, for the actor.
    /// Errors: SessionLabelsInvalid, SessionKeyMissing, SessionPeriodInvalid, DelegateSessionRefused.
    function openDelegateSession(DelegateSessionRequest calldata request) external returns (SessionId sessionId);

    /// @notice Whether `delegate` may read now, and by which appointment: what stewards ask for each release.
    /// @dev The first that applies: PatientUnknown; DelegateMissing (none, ended, or not begun); LabelsNotCovered (a guardian and
    /// `adolescent`, or no labels at all). `appointmentTag` is zero unless permitted.
    function decideDelegate(
        PatientId patient,
        address delegate,
        Labels labels
    ) external view returns (Denial denial, DelegateKind kind, bytes32 appointmentTag);
}
