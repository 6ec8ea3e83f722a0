// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStewardCommittee} from "../../../../contracts/access/IStewardCommittee.sol";
import {StewardCommittee} from "../../../../contracts/access/StewardCommittee.sol";
import {KeyId, ProviderId} from "../../../../contracts/common/Identifiers.sol";
import {IProviderRegistry} from "../../../../contracts/identity/IProviderRegistry.sol";
import {Registries} from "../Registries.sol";

/// @notice Five organisations, three keys, and committees of three or four: the first published by the office, later ones by their
/// predecessors; with signatures that are missing or forged.
abstract contract CommitteeVerbs is Registries {
    /// @dev What is wrong with a publication, or nothing.
    struct Plan {
        uint256 key;
        uint32 epoch;
        uint8 threshold;
        uint256 first;
        uint256 size;
        bool isRepeated;
        bool isForged;
        bool isMismatched;
        uint256 endorsements;
        bool isEndorsementForged;
    }

    uint64 private constant _COMMITTEE_ADMIN = 3;
    address internal constant _OFFICE = address(0x0FF);

    StewardCommittee internal _committee;
    ProviderId[5] internal _ids;
    address[5] private _accounts;
    bool[5] internal _isSuspended;

    uint32[3] internal _epochs;
    /// @dev Hashes of what was published, by key and epoch; the first member and size of the latest.
    mapping(uint256 key => mapping(uint32 epoch => bytes32)) internal _published;
    Plan[3] internal _latest;
    bool internal _isFounded;
    uint256 internal _liveKey;
    uint256 internal _nextKey;
    uint40 internal _nextEffectiveAt;

    function setUp() public {
        _deploy();
        _committee = new StewardCommittee(address(_manager), _providers, _DELAY);
        for (uint256 i = 0; i < 5; ++i) {
            _accounts[i] = _VM.addr(0x57E + i);
            _ids[i] = _admit(_accounts[i], IProviderRegistry.ProviderKind.Hospital);
        }
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = _committee.publish.selector;
        _manager.setTargetFunctionRole(address(_committee), selectors, _COMMITTEE_ADMIN);
        _manager.grantRole(_COMMITTEE_ADMIN, _OFFICE, 0);
    }

    function publish(uint256 seed) external {
        uint256 random = _begin(seed);
        Plan memory plan = _planOf(random);
        address caller = (random >> 200) % 4 == 0 ? _stranger : _OFFICE;
        IStewardCommittee.Committee memory committee = _committeeOf(plan);
        (bytes[] memory signatures, IStewardCommittee.Endorsement[] memory endorsements) = _papers(plan, committee);
        bytes memory data = abi.encodeCall(_committee.publish, (committee, signatures, endorsements));
        bool landed = _attempt(caller, address(_committee), data);
        _judge(landed, plan, caller);
        if (landed) _note(plan, committee);
    }

    function suspend(uint256 seed) external {
        uint256 random = _begin(seed);
        for (uint256 i = 0; i < 5; ++i) {
            if (_isSuspended[i]) _providers.reinstate(_ids[i]);
            _isSuspended[i] = false;
        }
        if (random % 3 == 0) return;
        _isSuspended[(random >> 8) % 5] = true;
        _providers.suspend(_ids[(random >> 8) % 5]);
    }

    function letTimePass(uint256 seed) external {
        uint256 random = _randomOf(seed);
        _pass([uint256(60), 1 days, 8 days][random % 3]);
        _advance();
    }

    function _groupKeyOf(uint256 key) internal pure returns (bytes32) {
        return bytes32(key + 1);
    }

    function _keyIdOf(uint256 key) internal pure returns (KeyId) {
        return KeyId.wrap(sha256(abi.encodePacked(_groupKeyOf(key))));
    }

    function _begin(uint256 seed) internal returns (uint256 random) {
        random = _randomOf(seed);
        _pass((random >> 248) % 3);
        _advance();
    }

    function _advance() private {
        if (_isFounded && block.timestamp >= _nextEffectiveAt) _liveKey = _nextKey;
    }

    function _judge(bool landed, Plan memory plan, address caller) private {
        bool isDue = true;
        if (plan.epoch != _epochs[plan.key] + 1) isDue = _refuse("epochs rise by one", landed);
        if (plan.isMismatched) isDue = _refuse("a key id is its key's hash", landed);
        if (uint256(plan.threshold) * 2 <= plan.size || plan.threshold > plan.size) {
            isDue = _refuse("a threshold is a majority", landed);
        }
        if (plan.isRepeated) isDue = _refuse("members differ", landed);
        if (_anySuspended(plan)) isDue = _refuse("members are active", landed);
        if (plan.isForged) isDue = _refuse("every new member signs", landed);
        if (!_isFounded) {
            if (caller != _OFFICE) isDue = _refuse("an office founds", landed);
        } else {
            Plan storage previous = _previousOf(plan);
            bool isEnough = plan.endorsements >= previous.threshold && plan.endorsements <= previous.size;
            if (!isEnough || plan.isEndorsementForged) isDue = _refuse("t of the last endorse", landed);
        }
        if (isDue) _watch("what they agree on is published", landed);
    }

    function _refuse(string memory rule, bool landed) private returns (bool) {
        _watch(rule, !landed);
        return false;
    }

    function _note(Plan memory plan, IStewardCommittee.Committee memory committee) private {
        bool isNew = _epochs[plan.key] == 0;
        _count(
            !_isFounded
                ? "founded"
                : isNew
                    ? "another key"
                    : "reshared"
        );
        if (isNew) {
            (_nextKey, _nextEffectiveAt) = (plan.key, _isFounded ? _now() + _DELAY : _now());
            if (!_isFounded) _liveKey = plan.key;
        }
        _isFounded = true;
        _epochs[plan.key] = plan.epoch;
        _latest[plan.key] = plan;
        _published[plan.key][plan.epoch] = keccak256(abi.encode(committee));
    }

    /// @dev Whose agreement counts: of a key that is known, its own last holders'; else the committee in force.
    function _previousOf(Plan memory plan) private view returns (Plan storage) {
        return _latest[_epochs[plan.key] == 0 ? _liveKey : plan.key];
    }

    function _anySuspended(Plan memory plan) private view returns (bool) {
        for (uint256 i = 0; i < plan.size; ++i) if (_isSuspended[_memberAt(plan, i)]) return true;
        return false;
    }

    function _planOf(uint256 random) private view returns (Plan memory plan) {
        plan.key = random % 5 > 2 ? _liveKey : random % 5;
        plan.epoch = _epochs[plan.key] + 1;
        (plan.size, plan.first) = (3 + ((random >> 8) % 2), (random >> 16) % 5);
        plan.threshold = plan.size == 3 ? 2 : 3;
        plan.endorsements = _isFounded ? _previousOf(plan).threshold : 0;
        // Half of the plans have one fault.
        uint256 fault = (random >> 24) % 16;
        if (fault == 0) plan.epoch += 1;
        else if (fault == 1) plan.epoch -= 1;
        else if (fault == 2) plan.threshold = 1;
        else if (fault == 3) plan.threshold = uint8(plan.size + 1);
        else if (fault == 4) plan.isRepeated = true;
        else if (fault == 5) plan.isForged = true;
        else if (fault == 6) plan.isMismatched = true;
        else if (fault == 7 && plan.endorsements != 0) plan.endorsements -= 1;
        else if (fault == 8 && plan.endorsements != 0) plan.isEndorsementForged = true;
    }

    function _committeeOf(Plan memory plan) private pure returns (IStewardCommittee.Committee memory committee) {
        committee.keyId = plan.isMismatched ? KeyId.wrap("another") : _keyIdOf(plan.key);
        (committee.groupKey, committee.epoch) = (_groupKeyOf(plan.key), plan.epoch);
        committee.threshold = plan.threshold;
        committee.members = new IStewardCommittee.Member[](plan.size);
    }

    function _papers(
        Plan memory plan,
        IStewardCommittee.Committee memory committee
    ) private view returns (bytes[] memory signatures, IStewardCommittee.Endorsement[] memory endorsements) {
        for (uint256 i = 0; i < plan.size; ++i) {
            uint256 member = plan.isRepeated && i == 1 ? _memberAt(plan, 0) : _memberAt(plan, i);
            committee.members[i] = IStewardCommittee.Member({
                provider: _ids[member],
                account: _accounts[member],
                signingKey: bytes32(uint256(plan.epoch) * 100 + i + 1),
                verifyingShare: bytes32(uint256(plan.epoch) * 1000 + i + 1),
                endpoint: "https://steward.example"
            });
        }
        bytes32 digest = _digestOf(committee);
        signatures = new bytes[](plan.size);
        for (uint256 i = 0; i < plan.size; ++i) {
            uint256 member = plan.isRepeated && i == 1 ? _memberAt(plan, 0) : _memberAt(plan, i);
            signatures[i] = _sign(plan.isForged && i == 1 ? _STRANGER_KEY : 0x57E + member, digest);
        }
        endorsements = new IStewardCommittee.Endorsement[](plan.endorsements);
        for (uint256 i = 0; i < plan.endorsements; ++i) {
            uint256 member = _memberAt(_previousOf(plan), i);
            bool isForged = plan.isEndorsementForged && i == 0;
            bytes memory signature = _sign(isForged ? _STRANGER_KEY : 0x57E + member, digest);
            endorsements[i] = IStewardCommittee.Endorsement(uint8(i), signature);
        }
    }

    function _memberAt(Plan memory plan, uint256 place) private pure returns (uint256) {
        return (plan.first + place) % 5;
    }

    function _digestOf(IStewardCommittee.Committee memory committee) private view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "CommitteePublication(bytes32 keyId,bytes32 groupKey,uint32 epoch,uint8 threshold,bytes32 members)"
                ),
                committee.keyId,
                committee.groupKey,
                committee.epoch,
                committee.threshold,
                keccak256(abi.encode(committee.members))
            )
        );
        return _digest(address(_committee), structHash);
    }
}
