// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {IConsentTerms} from "./IConsentTerms.sol";

/// @title Consents a patient gives and takes back
/// @notice One slot for each patient, grantee and purpose, and one for each of these and a series. What was signed last wins, in
/// whatever order decisions land: each slot keeps the second `asOf` of the decision it holds. A grant must be newer than that, a
/// revocation at least as new. What a wallet shows and a signature binds is in `docs/spec/consent.md`.
interface IConsentGrants is IConsentTerms {
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

    /// @notice One of several grants; `series` zero for all records.
    struct Grant {
        Terms terms;
        SeriesId series;
    }

    /// @notice One of several revocations; `series` zero for the consent to all records.
    struct Revocation {
        SeriesId series;
        ProviderId grantee;
        Purpose purpose;
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

    /// @notice The same as ConsentGranted for one series; the action is READ.
    event RecordConsentGranted(
        PatientId indexed patient,
        ProviderId indexed grantee,
        SeriesId indexed series,
        Purpose purpose,
        Labels labels,
        uint40 notBefore,
        uint40 notAfter,
        uint32 serial,
        uint40 signedAt,
        address signer,
        bytes32 document
    );

    /// @notice The same as ConsentRevoked for one series.
    event RecordConsentRevoked(
        PatientId indexed patient,
        ProviderId indexed grantee,
        SeriesId indexed series,
        Purpose purpose,
        uint32 serial,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted for an item of a batch that took no effect, because of a later decision, signed at `asOf`. `series` is zero for a
    /// consent to all.
    event Superseded(
        PatientId indexed patient,
        ProviderId indexed grantee,
        Purpose indexed purpose,
        SeriesId series,
        uint40 signedAt,
        uint40 asOf
    );

    /// @notice Thrown when a batch is empty or holds more than 64 items, or when the item at `index` names another patient than the
    /// first, or a register that an earlier item names.
    error ConsentBatchInvalid(uint256 index);

    /// @notice Thrown when no series is named where one must be.
    error ConsentSeriesMissing();

    /// @notice Lets a provider in, on these terms, in place of earlier ones for the same purpose.
    /// @dev By the patient's controller or a delegate who decides. Permissive: `signedAt` must be later than the slot's `asOf` and the
    /// patient's `signedFloor`. A suspended or retired grantee may be granted; it has no effect while they are. Emits ConsentGranted.
    /// Signed as
    ///
    /// `ConsentGrant(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32
    /// patient,bytes32 document,uint40 signedAt,uint40 deadline)`
    ///
    /// (one line, single spaces). `recipient` is the name the grantee is registered under: a wallet that shows another name has
    /// signed something else.
    ///
    /// Warning: with SHARE the grantee may pass on any part of it, to whomever, until the patient cuts that.
    /// Errors: ConsentLabelsInvalid, ConsentPurposeInvalid, ConsentActionsInvalid, ConsentPeriodInvalid, ConsentGranteeUnknown,
    /// ConsentSuperseded, IPatientRegistry's of authority, those of IAuthorized.
    function grant(Terms calldata terms, Authorization calldata authorization) external;

    /// @notice Lets a provider read one series, a record and its amendments, and no other.
    /// @dev As `grant`, in a slot of its own. Emits RecordConsentGranted. Signed as
    ///
    /// `RecordConsentGrant(string recipient,string purpose,string scope,string[] records,string[] actions,string from,string until,
    /// bytes32 grantee,bytes32 patient,bytes32 document,bytes32 series,uint40 signedAt,uint40 deadline)`, scope "one record only".
    ///
    /// Errors: ConsentSeriesMissing, those of `grant`.
    function grantRecord(Terms calldata terms, SeriesId series, Authorization calldata authorization) external;

    /// @notice Several grants of one patient, decided and signed at once.
    /// @dev Each item is judged by its own slot: a superseded one is skipped with Superseded, the others take effect. A malformed item, or
    /// two for one slot, refuse the whole. Signed as `ConsentGrants(ConsentGrant[] grants,RecordConsentGrant[] records)`, each with the
    /// times of this authorization, in the order given.
    /// Errors: ConsentBatchInvalid, those of `grant` less ConsentSuperseded.
    function grantMany(Grant[] calldata grants, Authorization calldata authorization) external;

    /// @notice Shuts a provider out for one purpose, from this block on.
    /// @dev By the patient's controller or any delegate. Restrictive: `signedAt` may equal the slot's `asOf`, `signedFloor` does not matter,
    /// and a direct call may leave out both times. Works on an empty slot, where it keeps out older grants that were withheld. An exact
    /// repeat changes and emits nothing. Its cost does not depend on what was granted; nothing can pause it. What the grantee passed on ends
    /// with it. Emits ConsentRevoked. Signed as
    ///
    /// `ConsentRevocation(string recipient,string purpose,bytes32 grantee,bytes32 patient,uint40 signedAt,uint40 deadline)`.
    ///
    /// Warning: a direct call does not look the grantee up. A mistyped id is accepted and shuts out nobody.
    /// Warning: it ends one purpose. Other purposes of the same grantee stay, and so do consents for single series.
    /// Errors: ConsentPurposeInvalid, ConsentSuperseded, ConsentGranteeUnknown (signed only), IPatientRegistry's of authority, those of
    /// IAuthorized.
    function revoke(
        PatientId patient,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external;

    /// @notice Shuts a provider out of one series for one purpose; `revoke` does not.
    /// @dev As `revoke`. Emits RecordConsentRevoked. Signed as
    ///
    /// `RecordConsentRevocation(string recipient,string purpose,string scope,bytes32 grantee,bytes32 patient,bytes32 series,uint40
    /// signedAt,uint40 deadline)`, scope "one record only".
    function revokeRecord(
        PatientId patient,
        SeriesId series,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external;

    /// @notice Several revocations, decided and signed at once, as in `grantMany`.
    /// @dev Signed as `ConsentRevocations(ConsentRevocation[] revocations,RecordConsentRevocation[] records)`.
    function revokeMany(
        PatientId patient,
        Revocation[] calldata revocations,
        Authorization calldata authorization
    ) external;

    /// @notice The slot as stored, which alone is no permission: ask `isPermitted`.
    function consentOf(PatientId patient, ProviderId grantee, Purpose purpose) external view returns (Consent memory);

    /// @notice The same for one series.
    function recordConsentOf(
        PatientId patient,
        SeriesId series,
        ProviderId grantee,
        Purpose purpose
    ) external view returns (Consent memory);
}
