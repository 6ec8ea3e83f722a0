// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId, SeriesId} from "../common/Identifiers.sol";

/// @title Trustees: who gives a record back after its wallet was lost or stolen
/// @notice m of n trustees, whom the patient chose, can freeze the record, name a new wallet, and stop changes. Alone they read nothing and
/// take nothing at once: a recovery waits `patientDelay`, in which the controller may veto it.
interface IPatientRecovery {
    /// @notice What trustees decide together.
    enum TrusteeVerb {
        Freeze,
        Unfreeze,
        Recover,
        CancelRecovery,
        CancelController,
        CancelOwnerKey,
        CancelTrustees,
        CancelErasure
    }

    /// @notice Awaiting: the recovery officer must endorse it before it waits and takes effect.
    enum RecoveryState {
        None,
        Pending,
        Awaiting,
        Endorsed
    }

    /// @notice What a trustee approves: a verb with all its arguments.
    /// @param controller The new one, for Recover; zero otherwise.
    /// @param subject The new owner key's hash for Recover, the series for CancelErasure; zero otherwise.
    /// @param version Of the set of trustees; approvals of an older set count no more.
    /// @param round Rises with everything trustees decided and each veto; approvals of an older round count no more.
    struct Proposal {
        TrusteeVerb verb;
        address controller;
        bytes32 subject;
        uint32 version;
        uint32 round;
    }

    /// @notice A recovery under way, and what came before.
    /// @param effectiveAt Unix seconds from which on it counts; while Awaiting, until when it may be endorsed.
    /// @param vetoedAt When the controller vetoed one last; zero after a recovery.
    /// @param recoveredAt When the last one took effect; zero if none did. Stewards release their half of the keys after it.
    /// @param frozenUntil The end of the current or last freeze; zero if there was none since the last recovery.
    struct Recovery {
        RecoveryState state;
        address controller;
        bytes32 ownerKeyHash;
        uint40 effectiveAt;
        uint40 vetoedAt;
        uint40 recoveredAt;
        uint40 frozenUntil;
    }

    /// @notice Who the trustees are now, and what their next proposal must name.
    struct Trustees {
        address[] members;
        uint8 threshold;
        uint32 version;
        uint32 round;
    }

    /// @notice Emitted when other trustees, `threshold` of whom decide, are to take over at `effectiveAt`.
    event TrusteesAnnounced(
        PatientId indexed patient,
        address[] trustees,
        uint8 threshold,
        uint32 version,
        uint40 effectiveAt,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted when `trustee` approves, as number `count`; the last one needed executes.
    event ProposalApproved(
        PatientId indexed patient,
        bytes32 indexed proposalHash,
        TrusteeVerb verb,
        address controller,
        bytes32 subject,
        address trustee,
        uint8 count
    );

    /// @notice Emitted when trustees freeze the record: every permission ends, and nothing new is granted before `until`.
    event PatientWasFrozen(PatientId indexed patient, uint40 until);

    /// @notice Emitted when trustees lift the freeze.
    event PatientWasUnfrozen(PatientId indexed patient);

    /// @notice Emitted when trustees name a new wallet and owner key. `effectiveAt` counts from here if Pending, is the last second to
    /// endorse it if Awaiting.
    event RecoveryProposed(
        PatientId indexed patient,
        address indexed controller,
        bytes32 ownerKeyHash,
        RecoveryState state,
        uint40 effectiveAt
    );

    /// @notice Emitted when the recovery officer endorses a recovery: nobody can veto it.
    event RecoveryEndorsed(
        PatientId indexed patient,
        address indexed controller,
        bytes32 ownerKeyHash,
        uint40 effectiveAt
    );

    /// @notice Emitted when the controller stops a recovery.
    event RecoveryVetoed(PatientId indexed patient, uint40 signedAt, address signer);

    /// @notice Emitted when trustees stop their own recovery.
    event RecoveryCancelled(PatientId indexed patient);

    /// @notice Emitted when trustees ask that a series be kept: RecordRegistry reads it.
    event ErasureCancelled(PatientId indexed patient, SeriesId indexed series);

    /// @notice Thrown when trustees froze the record: nothing new can be granted.
    error PatientFrozen(PatientId patient);

    /// @notice Thrown when the last freeze ended less than `patientWindow` before `from`, or is still on.
    error PatientFreezeTooSoon(PatientId patient, uint40 from);

    /// @notice Thrown unless there are at most 16 different trustees, 1 ≤ `threshold` ≤ their number; or none and threshold 0.
    error PatientTrusteesInvalid(uint256 count, uint8 threshold);

    /// @notice Thrown when the signer is not a trustee now.
    error PatientTrusteeUnknown(PatientId patient, address signer);

    /// @notice Thrown when the trustee approved this proposal already.
    error PatientProposalApproved(bytes32 proposalHash, address signer);

    /// @notice Thrown when a proposal names an older set of trustees or round than these.
    error PatientProposalStale(PatientId patient, uint32 version, uint32 round);

    /// @notice Thrown when a proposal names arguments its verb does not take, or lacks one.
    error PatientProposalInvalid(TrusteeVerb verb);

    /// @notice Thrown when no such recovery is under way, or its time has passed.
    error PatientRecoveryMissing(PatientId patient);

    /// @notice Thrown when the controller vetoed one within `patientWindow`, or the officer endorsed this one.
    error PatientRecoveryNotVetoable(PatientId patient);

    /// @notice Announces trustees, instead of those there are.
    /// @dev By the controller. Permissive, register (patient) trustees; takes effect after `patientDelay` by time alone. Signed as
    ///
    /// `TrusteesChange(string action,string needed,address[] trustees,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "choose who
    /// may give my record back to me", needed "2 of 3".
    /// @param trustees At most 16; none to have none.
    /// Errors: PatientTrusteesInvalid, PatientDecisionSuperseded, PatientFrozen, PatientRecoveryPending, PatientNotRegistered,
    /// PatientSignerNotController, those of IAuthorized.
    function announceTrustees(
        PatientId patient,
        address[] calldata trustees,
        uint8 threshold,
        Authorization calldata authorization
    ) external;

    /// @notice Approves a proposal; the m-th approval executes it in the same call.
    /// @dev By a trustee. Permissive times. Approvals lapse `patientWindow` after the first. Signed as
    ///
    /// `TrusteeApproval(string action,address controller,bytes32 patient,bytes32 subject,uint32 version,uint32 round,uint40 signedAt,uint40 deadline)`,
    /// action of the verb, as in `docs/spec/recovery.md`.
    ///
    /// Freeze ends every permission, stops what was announced, and lasts until a recovery takes effect, m trustees lift it, or
    /// `patientWindow` passes; the next one must wait as long again. Recover stops what was announced, too. A second recovery within
    /// `patientWindow` of a veto needs the officer's endorsement.
    /// Errors: PatientTrusteeUnknown, PatientProposalStale, PatientProposalInvalid, PatientProposalApproved, PatientFreezeTooSoon,
    /// PatientRecoveryMissing, PatientNotRegistered, those of IAuthorized.
    function approve(PatientId patient, Proposal calldata proposal, Authorization calldata authorization) external;

    /// @notice Stops a recovery.
    /// @dev By the controller, once: the next within `patientWindow` is the officer's to judge. Restrictive; one signed before the recovery
    /// was proposed stops nothing. Signed as
    ///
    /// `RecoveryVeto(string action,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "keep my wallet: I have not lost it".
    /// Errors: PatientRecoveryMissing, PatientRecoveryNotVetoable, PatientDecisionSuperseded, PatientNotRegistered,
    /// PatientSignerNotController, those of IAuthorized.
    function vetoRecovery(PatientId patient, Authorization calldata authorization) external;

    /// @notice Lets a recovery that was vetoed before take effect, `patientDelay` from now.
    /// @dev By the recovery officer, who names what they endorse. Errors: PatientRecoveryMissing, AccessManagedUnauthorized.
    function endorseRecovery(PatientId patient, address controller, bytes32 ownerKeyHash) external;

    /// @notice The trustees in this block.
    function trusteesOf(PatientId patient) external view returns (Trustees memory);

    /// @notice The recovery under way, if any (state None once it took effect or lapsed), and what is left of earlier ones.
    function recoveryOf(PatientId patient) external view returns (Recovery memory);

    /// @notice How many trustees approved a proposal so far, and whether its version and round are those of now.
    function approvalsOf(
        PatientId patient,
        Proposal calldata proposal
    ) external view returns (uint8 count, bool isCurrent);

    /// @notice When trustees asked that a series be kept: the first time at or after `since`, and the last time; zero if never. A request of
    /// erasure signed at `since` is off if `first` came before its deletion: what they ask later does not undo that.
    /// @dev Searched, since trustees may ask any number of times: reads grow with the logarithm of that.
    function erasureCancelledAt(
        PatientId patient,
        SeriesId series,
        uint40 since
    ) external view returns (uint40 first, uint40 last);
}
