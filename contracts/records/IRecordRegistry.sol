// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Denial} from "../common/Denial.sol";
import {AuthorId, Labels, PatientId, Purpose, RecordId} from "../common/Identifiers.sol";
import {Via} from "../consent/IConsentRegistry.sol";
import {ISeriesDecisions} from "./ISeriesDecisions.sol";
import {ISeriesErasures} from "./ISeriesErasures.sol";

/// @title Records: what was written, for whom and by whom
/// @notice Binds a record's id, which is the hash of everything it consists of, to its patient, labels and author, from a block on. No
/// content and no key is here. Readers recompute the slot from the verified PublicPart, never from a request: an anchor of a foreign
/// record, or under other labels, lies in another slot and means nothing.
///
/// Warning: an anchor shows that an author with consent stood for these bytes in that block, not that the bytes are true.
interface IRecordRegistry is ISeriesDecisions, ISeriesErasures {
    /// @notice Emitted once for a slot.
    /// @param author The provider, or the patient (its PatientId) for their own record.
    event RecordAnchored(RecordId indexed recordId, PatientId indexed patient, AuthorId indexed author, Labels labels);

    /// @notice Emitted when `author` marked the record as entered in error.
    event RecordRetracted(RecordId indexed recordId, AuthorId indexed author);

    /// @notice Thrown when this slot was anchored before, in block `anchoredAt`.
    error RecordAlreadyAnchored(RecordId recordId, uint256 anchoredAt);

    /// @notice Thrown when the id is zero.
    error RecordIdMissing();

    /// @notice Thrown when a record has no label, or a reserved one.
    error RecordLabelsInvalid(Labels labels);

    /// @notice Thrown when `author` may not write this for `patient`: `denial` says why. `author` is zero (and the reason ActorUnknown) when
    /// the signer is neither the patient's controller nor a key of a provider.
    error RecordAuthorRefused(PatientId patient, AuthorId author, Denial denial);

    /// @notice Thrown when `signer` does not speak for `author`.
    error RecordSignerNotAuthor(AuthorId author, address signer);

    /// @notice Anchors a record in this block.
    /// @dev By the patient's controller for their own record (`purpose` and `via` are then not judged: pass 8, *my own request*, and an
    /// empty path), or by a key of an active provider with authorship, on a path that grants WRITE over `labels` for `purpose` now. A
    /// controller's key always writes the patient's own record, whatever provider it belongs to. Permissive times; once for a slot.
    /// Signed as
    ///
    /// `RecordAnchor(string[] records,string purpose,bytes32 patient,bytes32 record,bytes32 via,uint40 signedAt,uint40 deadline)`, `records`
    /// the words of the labels, via = `keccak256(abi.encode(via))`.
    /// Errors: RecordIdMissing, RecordLabelsInvalid, RecordAuthorRefused, RecordAlreadyAnchored, those of IAuthorized.
    function anchor(
        PatientId patient,
        RecordId recordId,
        Labels labels,
        Purpose purpose,
        Via calldata via,
        Authorization calldata authorization
    ) external;

    /// @notice Marks a record as entered in error, for everybody and for ever.
    /// @dev By a key of the author, active or not: a mistake may always be owned. Kept under (author, record) and needing no anchor, so
    /// nobody can retract another's record, and a retraction may come first. Restrictive times; an exact repeat changes nothing. Signed as
    ///
    /// `RecordRetraction(string action,bytes32 record,bytes32 author,uint40 signedAt,uint40 deadline)`, action "mark as entered in error".
    /// Errors: RecordIdMissing, RecordSignerNotAuthor, those of IAuthorized.
    function retract(RecordId recordId, AuthorId author, Authorization calldata authorization) external;

    /// @notice The block of the anchor under `keccak256(abi.encode(recordId, patient, labels, author))`; zero if there is none.
    function anchoredAt(
        PatientId patient,
        RecordId recordId,
        Labels labels,
        AuthorId author
    ) external view returns (uint256 blockNumber);

    /// @notice True if `author` marked `recordId` as entered in error.
    function isRetracted(RecordId recordId, AuthorId author) external view returns (bool);
}
