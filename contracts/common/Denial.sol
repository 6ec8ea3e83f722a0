// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Why somebody may not. Append only: the numbers are part of the ABI (AccessDenied) and of the SDK's words.
enum Denial {
    None,
    PatientUnknown,
    ActorUnknown,
    ActorNotActive,
    OrganisationNotActive,
    NotAffiliated,
    CallerNotActor,
    PersonRequired,
    PathUnknown,
    NoConsent,
    ConsentRevoked,
    ConsentNotYetValid,
    ConsentExpired,
    LabelsNotCovered,
    ActionNotGranted,
    AuthorshipMissing,
    Excluded,
    ShareEnded,
    RecordErased,
    SeriesHidden,
    EmergencyOptedOut,
    EmergencyLocked,
    EmergencyNotAllowed,
    DelegateMissing,
    PowerMissing
}
