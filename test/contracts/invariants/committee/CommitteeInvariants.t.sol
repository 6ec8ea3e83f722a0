// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {IStewardCommittee} from "../../../../contracts/access/IStewardCommittee.sol";
import {KeyId} from "../../../../contracts/common/Identifiers.sol";
import {CommitteeVerbs} from "./CommitteeVerbs.sol";

/// @notice What holds of the committee. Sections are those of the protocol.
contract CommitteeInvariants is CommitteeVerbs {
    /// A world in which everything is refused, or a rule is never at stake, shows nothing.
    function testEveryOutcomeHappens() external {
        _drive(300);
        _expectCount("founded", 1);
        _expectCount("another key", 1);
        _expectCount("reshared", 10);
        _expectAsked("epochs rise by one", 5);
        _expectAsked("a key id is its key's hash", 2);
        _expectAsked("a threshold is a majority", 5);
        _expectAsked("members differ", 2);
        _expectAsked("members are active", 10);
        _expectAsked("every new member signs", 2);
        _expectAsked("t of the last endorse", 5);
        _expectAsked("what they agree on is published", 10);
        _requireExpected();
    }

    /// §3, StewardCommittee: epochs of a key rise by one, and never fall.
    function invariant_EpochsRiseByOne() external view {
        _requireKept("epochs rise by one");
        for (uint256 i = 0; i < 3; ++i) {
            require(_committee.latestEpochOf(_keyIdOf(i)) == _epochs[i], "another epoch");
        }
    }

    /// §3, StewardCommittee: a new key waits 7 days; the SDK pins the key in force.
    function invariant_ANewKeyWaitsSevenDays() external view {
        if (!_isFounded) return;
        require(_same(_committee.current().keyId, _keyIdOf(_liveKey)), "another key");
        (KeyId pending, uint40 effectiveAt) = _committee.pending();
        bool isWaiting = _nextEffectiveAt > block.timestamp;
        require(effectiveAt == (isWaiting ? _nextEffectiveAt : 0), "another time");
        require(!isWaiting || _same(pending, _keyIdOf(_nextKey)), "another key waits");
    }

    /// §4, Keys: keyId = SHA-256(group public key); a reshare keeps it.
    function invariant_AKeyIdIsItsKeysHash() external view {
        _requireKept("a key id is its key's hash");
        if (!_isFounded) return;
        IStewardCommittee.Committee memory current = _committee.current();
        require(KeyId.unwrap(current.keyId) == sha256(abi.encodePacked(current.groupKey)), "another hash");
    }

    /// §3, StewardCommittee: what was published stays as it was.
    function invariant_APublicationNeverChanges() external view {
        for (uint256 key = 0; key < 3; ++key) {
            for (uint32 epoch = _epochs[key]; epoch > 0 && epoch + 2 > _epochs[key]; --epoch) {
                IStewardCommittee.Committee memory stored = _committee.committeeOf(_keyIdOf(key), epoch);
                require(keccak256(abi.encode(stored)) == _published[key][epoch], "changed");
            }
        }
    }

    /// §3, StewardCommittee: n/2 < t <= n.
    function invariant_AThresholdIsAMajority() external view {
        _requireKept("a threshold is a majority");
        if (!_isFounded) return;
        IStewardCommittee.Committee memory current = _committee.current();
        uint256 size = current.members.length;
        require(uint256(current.threshold) * 2 > size && current.threshold <= size, "no majority");
    }

    /// §1, Actors: different legal entities.
    function invariant_MembersAreDifferentOrganisations() external view {
        _requireKept("members differ");
        _requireKept("members are active");
    }

    /// §3, StewardCommittee: the signature of every new member.
    function invariant_EveryNewMemberSigns() external view {
        _requireKept("every new member signs");
    }

    /// §3, StewardCommittee: and, after the first, of t of the previous epoch.
    function invariant_TOfTheLastEndorse() external view {
        _requireKept("t of the last endorse");
        _requireKept("what they agree on is published");
    }

    /// §3, StewardCommittee: the very first answers to an office.
    function invariant_AnOfficeFounds() external view {
        _requireKept("an office founds");
    }

    function _same(KeyId a, KeyId b) private pure returns (bool) {
        return KeyId.unwrap(a) == KeyId.unwrap(b);
    }

    function _verbs() internal pure override returns (bytes4[] memory verbs) {
        verbs = new bytes4[](4);
        (verbs[0], verbs[1]) = (this.publish.selector, this.publish.selector);
        (verbs[2], verbs[3]) = (this.suspend.selector, this.letTimePass.selector);
    }

    // What happened is counted by the verbs.
    function _tally() internal override {}

    function _properties() internal pure override returns (bytes4[] memory properties) {
        bytes4[9] memory list = [
            this.invariant_EpochsRiseByOne.selector,
            this.invariant_ANewKeyWaitsSevenDays.selector,
            this.invariant_AKeyIdIsItsKeysHash.selector,
            this.invariant_APublicationNeverChanges.selector,
            this.invariant_AThresholdIsAMajority.selector,
            this.invariant_MembersAreDifferentOrganisations.selector,
            this.invariant_EveryNewMemberSigns.selector,
            this.invariant_TOfTheLastEndorse.selector,
            this.invariant_AnOfficeFounds.selector
        ];
        properties = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) properties[i] = list[i];
    }
}
