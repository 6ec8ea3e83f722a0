// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId, SessionId} from "../common/Identifiers.sol";

/// @title What a patient says about an access that took place
/// @notice Kept under (patient, session): what anybody says of another patient's session lies elsewhere and means nothing.
interface IAccessDisputes {
    /// @notice Emitted when the patient disputes a session.
    event AccessDisputed(PatientId indexed patient, SessionId indexed sessionId, uint40 signedAt, address signer);

    /// @notice Emitted when the patient no longer does.
    event AccessDisputeWithdrawn(
        PatientId indexed patient,
        SessionId indexed sessionId,
        uint40 signedAt,
        address signer
    );

    /// @notice Thrown when a later decision about this session took effect, signed at `asOf`, or a `revokeAll` signed at `asOf`.
    error AccessDisputeSuperseded(PatientId patient, SessionId sessionId, uint40 signedAt, uint40 asOf);

    /// @notice Thrown when no session is named.
    error AccessDisputeSessionMissing();

    /// @notice Marks an access as disputed, so that it is looked into. It ends nothing: revoke, or exclude, for that.
    /// @dev By whoever may decide for the patient. Restrictive. An exact repeat changes and emits nothing. Signed as
    ///
    /// `AccessDispute(string action,bytes32 session,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "dispute an access to my
    /// record".
    /// Errors: AccessDisputeSessionMissing, AccessDisputeSuperseded, those of PatientAuthority and IAuthorized.
    function disputeAccess(PatientId patient, SessionId sessionId, Authorization calldata authorization) external;

    /// @notice Takes the mark back.
    /// @dev Permissive. Signed as `AccessDispute`, action "withdraw the dispute of an access". Errors: as `disputeAccess`.
    function withdrawAccessDispute(
        PatientId patient,
        SessionId sessionId,
        Authorization calldata authorization
    ) external;

    /// @notice Whether the patient disputes the session, and the second of the last decision about that.
    function accessDisputeOf(
        PatientId patient,
        SessionId sessionId
    ) external view returns (bool isDisputed, uint40 asOf);
}
