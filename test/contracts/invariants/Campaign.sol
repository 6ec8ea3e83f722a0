// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

// solhint-disable gas-custom-errors

/// @notice The cheat codes used here, of Hardhat's Solidity runner.
interface ICheats {
    function warp(uint256 timestamp) external;
    function roll(uint256 blockNumber) external;
    function prank(address caller) external;
    function addr(uint256 privateKey) external pure returns (address);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
}

/// @notice Random sequences of verbs against real contracts, with what must hold after each.
/// @dev A world inherits this: it names its verbs, which take a random number each, call the contracts, and keep a model of their own.
/// What a verb sees is judged at once (`_watch`) under the name of a rule; each `invariant_` function is one property: a rule never broken,
/// or the contracts' state beside the model's. The runner calls verbs in random order and every `invariant_` after each. A verb must never
/// revert: refusals of the contracts are caught and counted, so that a world in which everything is refused fails its own test.
abstract contract Campaign {
    /// @notice The runner's form of "these functions of this contract".
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    ICheats internal constant _VM = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    mapping(string rule => uint256) private _asked;
    mapping(string rule => uint256) private _broken;
    mapping(string outcome => uint256) private _counts;
    string private _shortfalls;

    /// @notice Read by the runner: nothing but this contract is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(this);
    }

    /// @notice Read by the runner: of this contract, only the verbs.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(this), _verbs());
    }

    /// Every property of the world in one campaign, a quarter of them after each verb: the clock says which. So each may be asked of many
    /// more sequences than in a campaign of its own.
    function invariant_Together() external view {
        bytes4[] memory properties = _properties();
        for (uint256 i = block.timestamp % 4; i < properties.length; i += 4) {
            (bool holds, bytes memory reason) = address(this).staticcall(abi.encodeWithSelector(properties[i]));
            if (holds) continue;
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
    }

    function _verbs() internal view virtual returns (bytes4[] memory);

    /// @dev Each `invariant_` function of the world.
    function _properties() internal view virtual returns (bytes4[] memory);

    /// @dev Counts what the contracts answer after a verb.
    function _tally() internal virtual;

    /// @dev Calls verbs as the runner does, but always the same: what a test of a world counts.
    function _drive(uint256 steps) internal {
        bytes4[] memory verbs = _verbs();
        for (uint256 i = 0; i < steps; ++i) {
            uint256 random = uint256(keccak256(abi.encode("drive", i)));
            bytes4 verb = verbs[random % verbs.length];
            (bool isOk, bytes memory reason) = address(this).call(abi.encodeWithSelector(verb, random));
            require(isOk, string.concat("a verb reverted: ", string(reason)));
            _tally();
        }
    }

    /// @dev The runner prefers small and large numbers; verbs take theirs from any of the bits.
    function _randomOf(uint256 seed) internal pure returns (uint256 random) {
        return uint256(keccak256(abi.encode(seed)));
    }

    /// @dev Why it was refused is judged by other tests.
    function _attempt(address caller, address target, bytes memory data) internal returns (bool landed) {
        (landed, ) = _ask(caller, target, data);
    }

    function _ask(
        address caller,
        address target,
        bytes memory data
    ) internal returns (bool landed, bytes memory answer) {
        _VM.prank(caller);
        (landed, answer) = target.call(data);
        ++_counts[landed ? "landed" : "refused"];
    }

    /// @dev Called where a rule is at stake.
    function _watch(string memory rule, bool holds) internal {
        ++_asked[rule];
        if (!holds) ++_broken[rule];
    }

    function _count(string memory outcome) internal {
        ++_counts[outcome];
    }

    function _requireKept(string memory rule) internal view {
        require(_broken[rule] == 0, string(abi.encodePacked("broken: ", rule)));
    }

    /// @dev Of a world's own test. A rule that was never at stake was not tested.
    function _expectAsked(string memory rule, uint256 atLeast) internal {
        _requireKept(rule);
        _expect(rule, _asked[rule], atLeast);
    }

    function _expectCount(string memory outcome, uint256 atLeast) internal {
        _expect(outcome, _counts[outcome], atLeast);
    }

    /// @dev All at once, so that one run shows everything that hardly happened.
    function _requireExpected() internal view {
        require(bytes(_shortfalls).length == 0, string.concat("hardly happened:", _shortfalls));
    }

    function _expect(string memory name, uint256 count, uint256 atLeast) private {
        if (count < atLeast) _shortfalls = string.concat(_shortfalls, " ", name, ": ", Strings.toString(count), ";");
    }
}
