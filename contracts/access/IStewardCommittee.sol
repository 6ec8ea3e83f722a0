// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeyId, ProviderId} from "../common/Identifiers.sol";

/// @title Stewards: who holds a share of the key that opens records
/// @notice A committee is a key (made without a dealer, ristretto255) and, epoch by epoch, the members who hold its shares. `threshold` of
/// them together open a record, and fewer learn nothing of its content. Members are active organisations, different from each other.
/// A *reshare* passes the same key to other members; a *new key* begins at epoch 1. Times are Unix seconds.
///
/// Warning: this contract cannot see whether the shares belong to the key. Every member checks that before signing, and signs for it.
interface IStewardCommittee {
    /// @notice The member at index i holds share i + 1.
    /// @param account Signs publications; a key of `provider`.
    /// @param signingKey Ed25519 public key of receipts and replies.
    /// @param verifyingShare Compressed ristretto255 point: the share times the base point.
    /// @param endpoint Where the steward answers, at most `MAX_ENDPOINT_LENGTH` bytes; may be empty.
    struct Member {
        ProviderId provider;
        address account;
        bytes32 signingKey;
        bytes32 verifyingShare;
        string endpoint;
    }

    struct Committee {
        KeyId keyId;
        bytes32 groupKey;
        uint32 epoch;
        uint8 threshold;
        Member[] members;
    }

    /// @notice A signature of the member at `index` of the committee that has to agree.
    struct Endorsement {
        uint8 index;
        bytes signature;
    }

    /// @notice Emitted when a committee was published; it counts from `effectiveAt` on.
    event CommitteePublished(
        KeyId indexed keyId,
        uint32 indexed epoch,
        uint8 threshold,
        uint8 size,
        uint40 effectiveAt
    );

    /// @notice Thrown when `keyId` is not the SHA-256 of `groupKey`.
    error CommitteeKeyMismatch(KeyId keyId, bytes32 groupKey);

    /// @notice Thrown unless members / 2 < threshold ≤ members.
    error CommitteeThresholdInvalid(uint8 threshold, uint256 members);

    /// @notice Thrown for more members, or more endorsements, than there may be.
    error CommitteeTooLarge(uint256 members, uint256 cap);

    /// @notice Thrown when a member is no active organisation, its account is not that organisation's key, or its signing key, verifying
    /// share or endpoint cannot be right.
    error CommitteeMemberInvalid(uint256 index, ProviderId provider, address account);

    /// @notice Thrown when a member shares its provider, signing key or verifying share with one before it, or endorses twice.
    error CommitteeMemberRepeated(uint256 index);

    /// @notice Thrown when the member at `index` has not signed this publication: of the new members, or of those who have to agree. Of the
    /// latter, `account` is zero for an index that does not exist.
    error CommitteeSignatureInvalid(uint256 index, address account);

    /// @notice Thrown unless the epoch follows the latest of this key, or is 1 for a new key.
    error CommitteeEpochInvalid(uint32 epoch, uint32 expected);

    /// @notice Thrown when fewer than `needed` members of the committee before agree.
    error CommitteeEndorsementsMissing(uint256 given, uint256 needed);

    /// @notice Thrown when nothing was published under this key and epoch.
    error CommitteeUnknown(KeyId keyId, uint32 epoch);

    /// @notice Publishes a committee.
    /// @dev Every new member signs, with `account`,
    ///
    /// `CommitteePublication(bytes32 keyId,bytes32 groupKey,uint32 epoch,uint8 threshold,bytes32 members)`, members =
    /// `keccak256(abi.encode(Member[]))`.
    ///
    /// The very first committee needs the AccessManager role of this function. Every later one may be sent by anyone, and needs the same
    /// struct signed by `threshold` members of the committee before it: for a reshare the latest epoch of that key, for a new key the one
    /// in force. Their accounts count only while their organisation still holds them; its status is not judged, so that no registrar can
    /// keep a committee from changing.
    ///
    /// A reshare counts at once. A new key counts after `newKeyDelay`, by time alone, and takes the place of another one still waiting. A
    /// key that is not in force any more can still be reshared: records sealed to it stay readable.
    /// @param signatures Of the new members, in their order.
    /// @param endorsements Of the committee before, in any order; empty for the very first.
    /// Errors: all of this interface but CommitteeUnknown; AccessManagedUnauthorized for the very first.
    function publish(
        Committee calldata committee,
        bytes[] calldata signatures,
        Endorsement[] calldata endorsements
    ) external;

    /// @notice The committee in force. Reverts with CommitteeUnknown before the first.
    function current() external view returns (Committee memory);

    /// @notice The new key that waits, and when it comes into force; zeros if none does.
    function pending() external view returns (KeyId keyId, uint40 effectiveAt);

    /// @notice What was published, in force or not. Reverts with CommitteeUnknown if nothing was.
    function committeeOf(KeyId keyId, uint32 epoch) external view returns (Committee memory);

    /// @notice The latest epoch of a key; zero if it was never published.
    function latestEpochOf(KeyId keyId) external view returns (uint32 epoch);

    /// @notice Seconds from the publication of a new key until it counts.
    function newKeyDelay() external view returns (uint40);

    /// @notice Members a committee may have; every loop of this contract is bounded by it.
    function MAX_MEMBERS() external view returns (uint256);

    /// @notice Bytes an endpoint may have.
    function MAX_ENDPOINT_LENGTH() external view returns (uint256);
}
