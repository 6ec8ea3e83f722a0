// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Denial} from "../common/Denial.sol";
import {KeyId, ProviderId} from "../common/Identifiers.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {IStewardCommittee} from "./IStewardCommittee.sol";

/// @title The committee: who holds a share of the key that opens records, and since when
contract StewardCommittee is IStewardCommittee, EIP712, AccessManaged {
    bytes32 private constant _PUBLICATION_TYPEHASH = keccak256(
        "CommitteePublication(bytes32 keyId,bytes32 groupKey,uint32 epoch,uint8 threshold,bytes32 members)"
    );

    /// @inheritdoc IStewardCommittee
    uint256 public constant MAX_MEMBERS = 32;
    /// @inheritdoc IStewardCommittee
    uint256 public constant MAX_ENDPOINT_LENGTH = 256;

    /// @notice Says which organisations are active, and whose keys sign.
    IProviderRegistry public immutable providerRegistry;
    /// @inheritdoc IStewardCommittee
    uint40 public immutable newKeyDelay;

    /// @dev The key in force until `_nextEffectiveAt`, and the one in force from then on. Equal, or the first zero, if there is only one.
    KeyId private _key;
    KeyId private _nextKey;
    uint40 private _nextEffectiveAt;
    mapping(KeyId keyId => uint32 epoch) private _latestEpoch;
    mapping(KeyId keyId => mapping(uint32 epoch => Committee committee)) private _committees;

    /// @param authority The AccessManager that says who publishes the very first committee.
    /// @param delay Seconds from the publication of a new key until it counts; 7 days by default.
    constructor(
        address authority,
        IProviderRegistry providers,
        uint40 delay
    ) EIP712("Anamnesis", "1") AccessManaged(authority) {
        providerRegistry = providers;
        newKeyDelay = delay;
    }

    /// @inheritdoc IStewardCommittee
    function publish(
        Committee calldata committee,
        bytes[] calldata signatures,
        Endorsement[] calldata endorsements
    ) external {
        KeyId keyId = committee.keyId;
        uint32 latest = _latestEpoch[keyId];
        if (committee.epoch != latest + 1) revert CommitteeEpochInvalid(committee.epoch, latest + 1);
        if (KeyId.unwrap(keyId) != sha256(abi.encodePacked(committee.groupKey))) {
            revert CommitteeKeyMismatch(keyId, committee.groupKey);
        }
        _checkMembers(committee);

        bytes32 digest = _digestOf(committee);
        KeyId live = _keyAt(block.timestamp);
        bool isFirst = KeyId.unwrap(live) == 0;
        // A reshare answers to the last holders of its own key, a new key to the committee in force.
        if (isFirst) _checkCanCall(msg.sender, msg.data);
        else _checkEndorsements(latest == 0 ? live : keyId, digest, endorsements);
        _checkSignatures(committee.members, digest, signatures);

        _latestEpoch[keyId] = committee.epoch;
        _store(committee);
        uint40 effectiveAt = uint40(block.timestamp);
        if (latest == 0) {
            if (!isFirst) effectiveAt += newKeyDelay;
            _key = live;
            _nextKey = keyId;
            _nextEffectiveAt = effectiveAt;
        } else if (KeyId.unwrap(keyId) == KeyId.unwrap(_nextKey) && _nextEffectiveAt > effectiveAt) {
            effectiveAt = _nextEffectiveAt;
        }
        emit CommitteePublished(
            keyId,
            committee.epoch,
            committee.threshold,
            uint8(committee.members.length),
            effectiveAt
        );
    }

    /// @inheritdoc IStewardCommittee
    function current() external view returns (Committee memory) {
        KeyId keyId = _keyAt(block.timestamp);
        return _known(keyId, _latestEpoch[keyId]);
    }

    /// @inheritdoc IStewardCommittee
    function pending() external view returns (KeyId keyId, uint40 effectiveAt) {
        if (_nextEffectiveAt > block.timestamp) return (_nextKey, _nextEffectiveAt);
    }

    /// @inheritdoc IStewardCommittee
    function committeeOf(KeyId keyId, uint32 epoch) external view returns (Committee memory) {
        return _known(keyId, epoch);
    }

    /// @inheritdoc IStewardCommittee
    function latestEpochOf(KeyId keyId) external view returns (uint32 epoch) {
        return _latestEpoch[keyId];
    }

    function _keyAt(uint256 time) private view returns (KeyId) {
        return _nextEffectiveAt > time ? _key : _nextKey;
    }

    function _known(KeyId keyId, uint32 epoch) private view returns (Committee memory committee) {
        committee = _committees[keyId][epoch];
        if (committee.members.length == 0) revert CommitteeUnknown(keyId, epoch);
    }

    /// @dev Every pair is compared: MAX_MEMBERS bounds it to 496.
    function _checkMembers(Committee calldata committee) private view {
        Member[] calldata members = committee.members;
        uint256 size = members.length;
        if (size > MAX_MEMBERS) revert CommitteeTooLarge(size, MAX_MEMBERS);
        if (uint256(committee.threshold) * 2 <= size || committee.threshold > size) {
            revert CommitteeThresholdInvalid(committee.threshold, size);
        }
        for (uint256 i = 0; i < size; ++i) {
            Member calldata member = members[i];
            if (
                member.signingKey == 0 ||
                member.verifyingShare == 0 ||
                bytes(member.endpoint).length > MAX_ENDPOINT_LENGTH ||
                !_isActiveOrganisation(member.provider) ||
                ProviderId.unwrap(providerRegistry.providerOfKey(member.account)) != ProviderId.unwrap(member.provider)
            ) revert CommitteeMemberInvalid(i, member.provider, member.account);
            for (uint256 j = 0; j < i; ++j) {
                Member calldata other = members[j];
                if (
                    ProviderId.unwrap(member.provider) == ProviderId.unwrap(other.provider) ||
                    member.signingKey == other.signingKey ||
                    member.verifyingShare == other.verifyingShare
                ) revert CommitteeMemberRepeated(i);
            }
        }
    }

    function _isActiveOrganisation(ProviderId provider) private view returns (bool) {
        (Denial denial, IProviderRegistry.ProviderKind kind, ) = providerRegistry.standingOf(
            provider,
            ProviderId.wrap(0)
        );
        return denial == Denial.None && kind != IProviderRegistry.ProviderKind.Practitioner;
    }

    function _checkSignatures(Member[] calldata members, bytes32 digest, bytes[] calldata signatures) private pure {
        for (uint256 i = 0; i < members.length; ++i) {
            address account = members[i].account;
            if (i >= signatures.length || !_isSignedBy(account, digest, signatures[i])) {
                revert CommitteeSignatureInvalid(i, account);
            }
        }
    }

    /// @dev The account named in the committee counts, and only while its provider still holds it: a key added later, by whomever, never endorses.
    function _checkEndorsements(KeyId keyId, bytes32 digest, Endorsement[] calldata endorsements) private view {
        Committee storage previous = _committees[keyId][_latestEpoch[keyId]];
        uint256 size = previous.members.length;
        if (endorsements.length > size) revert CommitteeTooLarge(endorsements.length, size);
        uint256 seen;
        uint256 given;
        for (uint256 i = 0; i < endorsements.length; ++i) {
            uint256 index = endorsements[i].index;
            if (index >= size) revert CommitteeSignatureInvalid(index, address(0));
            if ((seen >> index) & 1 == 1) revert CommitteeMemberRepeated(index);
            seen |= 1 << index;
            Member storage member = previous.members[index];
            address account = member.account;
            if (
                ProviderId.unwrap(providerRegistry.providerOfKey(account)) != ProviderId.unwrap(member.provider) ||
                !_isSignedBy(account, digest, endorsements[i].signature)
            ) revert CommitteeSignatureInvalid(index, account);
            ++given;
        }
        if (given < previous.threshold) revert CommitteeEndorsementsMissing(given, previous.threshold);
    }

    function _isSignedBy(address account, bytes32 digest, bytes calldata signature) private pure returns (bool) {
        (address recovered, ECDSA.RecoverError err, ) = ECDSA.tryRecoverCalldata(digest, signature);
        return err == ECDSA.RecoverError.NoError && recovered == account;
    }

    function _digestOf(Committee calldata committee) private view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        _PUBLICATION_TYPEHASH,
                        committee.keyId,
                        committee.groupKey,
                        committee.epoch,
                        committee.threshold,
                        keccak256(abi.encode(committee.members))
                    )
                )
            );
    }

    function _store(Committee calldata committee) private {
        Committee storage stored = _committees[committee.keyId][committee.epoch];
        stored.keyId = committee.keyId;
        stored.groupKey = committee.groupKey;
        stored.epoch = committee.epoch;
        stored.threshold = committee.threshold;
        for (uint256 i = 0; i < committee.members.length; ++i) {
            stored.members.push(committee.members[i]);
        }
    }
}
