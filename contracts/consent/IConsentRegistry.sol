// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";

/// @notice How a reader is allowed. One path must cover everything asked; paths are never united.
/// @param organisation The grantee the reader acts for, whose active affiliate they are; zero when the reader is the grantee.
/// @param chain At most three providers from the patient's direct grantee to the last sharer; empty when the patient granted directly.
/// @param bySeries By a consent for one series. A chain or a series are answered `PathUnknown` until onward and series consents exist.
struct Via {
    ProviderId organisation;
    ProviderId[] chain;
    bool bySeries;
}

/// @title Consents: who may do what with a patient's records, for which purpose and how long
/// @notice One slot for each patient, grantee and purpose. What was signed last wins, in whatever order decisions land: each slot
/// keeps the second `asOf` of the decision it holds. A grant must be newer than that, a revocation at least as new. Times are Unix
/// seconds. What a wallet shows and a signature binds is in `docs/spec/consent.md`.
interface IConsentRegistry {
    /// @notice What a patient agrees to.
    /// @param purpose Any but emergency: a consent is for exactly one.
    /// @param labels Covers a record when every label of the record is among them.
    /// @param notBefore First second it counts; a whole minute, not zero.
    /// @param notAfter First second it no longer counts; a whole minute, later, at most `maxDuration` from now.
    /// @param document Hash of the full consent text or FHIR Consent, or zero. Only logged and signed.
    struct Terms {
        PatientId patient;
        ProviderId grantee;
        Purpose purpose;
        Labels labels;
        Actions actions;
        uint40 notBefore;
        uint40 notAfter;
        bytes32 document;
    }

    /// @notice A slot as stored. `labels` zero: nothing was ever granted. `actions` zero: revoked. `generation` other than that of the
    /// patient's head: ended with everything else.
    /// @dev One slot:
    ///
    ///      255    216 215      184 183          152 151       112 111        72 71       64 63      0
    ///     | asOf 40  | serial 32  | generation 32  | notAfter 40 | notBefore 40 | actions 8 | labels 64 |
    ///
    /// `serial` rises by one with every grant and every revocation, so that each grant can be named.
    struct Consent {
        Labels labels;
        Actions actions;
        uint40 notBefore;
        uint40 notAfter;
        uint32 generation;
        uint32 serial;
        uint40 asOf;
    }

    /// @notice Emitted when a grant takes effect, in place of what the slot held before.
    event ConsentGranted(
        PatientId indexed patient,
        ProviderId indexed grantee,
        Purpose indexed purpose,
        Labels labels,
        Actions actions,
        uint40 notBefore,
        uint40 notAfter,
        uint32 serial,
        uint40 signedAt,
        address signer,
        bytes32 document
    );

    /// @notice Emitted when a revocation takes effect, also on a slot that was never granted or is revoked already.
    event ConsentRevoked(
        PatientId indexed patient,
        ProviderId indexed grantee,
        Purpose indexed purpose,
        uint32 serial,
        uint40 signedAt,
        address signer
    );

    /// @notice Thrown when a later decision took effect: one of this slot, signed at `asOf`, or a `revokeAll` signed at `asOf`. A grant
    /// is also superseded by a decision of its own second.
    error ConsentSuperseded(PatientId patient, uint40 signedAt, uint40 asOf);

    /// @notice Thrown when a grant, or a signed revocation, names somebody who is no registered provider.
    error ConsentGranteeUnknown(ProviderId grantee);

    /// @notice Thrown when labels are empty or have a reserved bit.
    error ConsentLabelsInvalid(Labels labels);

    /// @notice Thrown when the purpose is unknown, or emergency, to which nobody consents ahead.
    error ConsentPurposeInvalid(Purpose purpose);

    /// @notice Thrown when actions are empty or have an unknown bit.
    error ConsentActionsInvalid(Actions actions);

    /// @notice Thrown unless `0 < notBefore < notAfter <= now + maxDuration`, both whole minutes.
    error ConsentPeriodInvalid(uint40 notBefore, uint40 notAfter);

    /// @notice Lets a provider in, on these terms, in place of earlier ones for the same purpose.
    /// @dev By the patient's controller. Permissive: `signedAt` must be later than the slot's `asOf` and the patient's `signedFloor`. A
    /// suspended or retired grantee may be granted; it has no effect while they are. Emits ConsentGranted. Signed as
    ///
    /// `ConsentGrant(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32
    /// patient,bytes32 document,uint40 signedAt,uint40 deadline)`
    ///
    /// (one line, single spaces). `recipient` is the name the grantee is registered under: a wallet that shows another name has
    /// signed something else.
    ///
    /// Warning: SHARE is stored and can be asked for, but nothing can be shared onward yet.
    /// Errors: ConsentLabelsInvalid, ConsentPurposeInvalid, ConsentActionsInvalid, ConsentPeriodInvalid, ConsentGranteeUnknown,
    /// ConsentSuperseded, IPatientRegistry's PatientNotRegistered and PatientSignerNotController, those of IAuthorized.
    function grant(Terms calldata terms, Authorization calldata authorization) external;

    /// @notice Shuts a provider out for one purpose, from this block on.
    /// @dev By the patient's controller. Restrictive: `signedAt` may equal the slot's `asOf`, `signedFloor` does not matter, and a direct
    /// call may leave out both times. Works on an empty slot, where it keeps out older grants that were withheld. An exact repeat
    /// changes and emits nothing. Its cost does not depend on what was granted; nothing can pause it. Emits ConsentRevoked. Signed as
    ///
    /// `ConsentRevocation(string recipient,string purpose,bytes32 grantee,bytes32 patient,uint40 signedAt,uint40 deadline)`.
    ///
    /// Warning: a direct call does not look the grantee up. A mistyped id is accepted and shuts out nobody.
    /// Warning: it ends one purpose. Other purposes of the same grantee stay.
    /// Errors: ConsentPurposeInvalid, ConsentSuperseded, ConsentGranteeUnknown (signed only), IPatientRegistry's PatientNotRegistered
    /// and PatientSignerNotController, those of IAuthorized.
    function revoke(
        PatientId patient,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external;

    /// @notice The slot as stored, which alone is no permission: ask `isPermitted`.
    function consentOf(PatientId patient, ProviderId grantee, Purpose purpose) external view returns (Consent memory);

    /// @notice May `actor` do all of `action` with a record of `patient` that bears `labels`, for `purpose`, now?
    /// @dev `series` does not matter to a general consent. Asked by anybody.
    /// @return permitted The answer of `decide`.
    /// @return grantTag Names the grant that permits; zero when not permitted. `keccak256(abi.encode(consentKey, serial))` with
    /// `consentKey = keccak256(abi.encode(patient, grantee, purpose))`.
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
    /// too); NotAffiliated; PathUnknown; NoConsent (nothing was ever granted in the slot); ConsentRevoked (singly or with
    /// everything); ConsentNotYetValid; ConsentExpired; LabelsNotCovered (no labels at all, too); ActionNotGranted (no action at all, too).
    function decide(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) external view returns (Denial denial, bytes32 grantTag);
}
