// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeyId, ProviderId} from "../common/Identifiers.sol";

interface IStewardCommittee {
    /// `account` signs publications (a key of `provider`), `signingKey` is the Ed25519 key of receipts and replies, `verifyingShare` a compressed ristretto255 point.
    /// The member at index i holds share i + 1.
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

    /// A signature of the previous epoch's member at `index`.
    struct Endorsement {
        uint8 index;
        bytes signature;
    }

    event CommitteePublished(KeyId indexed keyId, uint32 indexed epoch, uint8 threshold, uint8 size, uint40 effectiveAt);

    error CommitteeKeyMismatch(KeyId keyId, bytes32 groupKey);
    error CommitteeThresholdInvalid(uint8 threshold, uint256 members);
    error CommitteeTooLarge(uint256 members, uint256 cap);
    error CommitteeMemberInvalid(uint256 index, ProviderId provider, address account);
    error CommitteeMemberRepeated(uint256 index);
    error CommitteeSignatureInvalid(uint256 index, address account);
    error CommitteeEpochInvalid(uint32 epoch, uint32 expected);
    error CommitteeEndorsementsMissing(uint256 given, uint256 needed);
    error CommitteeUnknown(KeyId keyId, uint32 epoch);

    /// EIP-712: CommitteePublication(bytes32 keyId,bytes32 groupKey,uint32 epoch,uint8 threshold,bytes32 members), members = keccak256(abi.encode(Member[])).
    /// `signatures[i]` is of member i. The very first committee: only by the AccessManager role; later ones: by anyone, with `threshold` endorsements of the previous epoch. A reshare (same
    /// keyId, epoch + 1) counts at once; a new keyId (epoch 1) after `newKeyDelay` (7 days).
    function publish(Committee calldata committee, bytes[] calldata signatures, Endorsement[] calldata endorsements) external;
    function current() external view returns (Committee memory);
    function pending() external view returns (KeyId keyId, uint40 effectiveAt);
    function latestEpochOf(KeyId keyId) external view returns (uint32 epoch);
    function MAX_MEMBERS() external view returns (uint256);
    function MAX_ENDPOINT_LENGTH() external view returns (uint256);
    function newKeyDelay() external view returns (uint40);
    function committeeOf(KeyId keyId, uint32 epoch) external view returns (Committee memory);
}
