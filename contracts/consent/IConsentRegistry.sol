// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {IConsentExclusions} from "./IConsentExclusions.sol";
import {IConsentGrants} from "./IConsentGrants.sol";
import {IConsentRequests} from "./IConsentRequests.sol";
import {IConsentShares} from "./IConsentShares.sol";

/// @notice How a reader is allowed. One path must cover everything asked; paths are never united.
/// @param organisation The grantee the reader acts for, whose active affiliate they are; zero when the reader is the grantee.
/// @param chain At most three providers from the patient's direct grantee to the last sharer; empty when the patient granted directly.
/// @param bySeries By the patient's consent for one series. Such a consent is never passed on.
struct Via {
    ProviderId organisation;
    ProviderId[] chain;
    bool bySeries;
}

/// @title Consents: who may do what with a patient's records, for which purpose and how long
/// @notice Times are Unix seconds. What a wallet shows and a signature binds is in `docs/spec/consent.md`.
interface IConsentRegistry is IConsentGrants, IConsentShares, IConsentRequests, IConsentExclusions {
    /// @notice What a path allows, while each of its consents is live: labels and actions that all of them hold, from the latest beginning
    /// to the earliest end.
    /// @param key Of the last consent on the path.
    /// @param serial Of that consent.
    /// @param grantTag Names every consent on the path.
    struct Right {
        Labels labels;
        Actions actions;
        uint40 notBefore;
        uint40 notAfter;
        bytes32 key;
        uint32 serial;
        bytes32 grantTag;
    }

    /// @notice May `actor` do all of `action` with a record of `patient` that bears `labels`, for `purpose`, now?
    /// @dev Asked by anybody. `series` matters only `bySeries`.
    /// @return permitted The answer of `decide`.
    /// @return grantTag Names the grant that permits; zero when not permitted. `keccak256(abi.encode(consentKey, serial))` with
    /// `consentKey = keccak256(abi.encode(patient, grantee, purpose))`, by series `keccak256(abi.encode(patient, series, grantee,
    /// purpose))`. Each share on the way makes of it `keccak256(abi.encode(grantTag, shareKey, serial))`.
    function isPermitted(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) external view returns (bool permitted, bytes32 grantTag);

    /// @notice The same decision with its reason.
    /// @dev The first that applies, in this order: PatientUnknown; ActorUnknown; ActorNotActive; OrganisationNotActive (unknown ones
    /// too); NotAffiliated; Excluded (the actor, or the organisation); PathUnknown (a chain longer than three, a chain by series, by
    /// series without one); NoConsent (nothing was ever granted in the slot); ConsentRevoked (singly or with everything); along the chain,
    /// Excluded (a sharer) or ShareEnded (a sharer is not active or lost SHARE; the share is cut, ended, of another serial of its
    /// parent, or never was); ConsentNotYetValid; ConsentExpired; LabelsNotCovered (no labels at all, too); ActionNotGranted (no action at
    /// all, too).
    function decide(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) external view returns (Denial denial, bytes32 grantTag);

    /// @notice What a path allows, to explain a decision with. `denial` is that of `decide` as far as it does not depend on time, labels
    /// and action; unless it is None, the right is empty.
    function rightOf(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        SeriesId series
    ) external view returns (Denial denial, Right memory right);
}
