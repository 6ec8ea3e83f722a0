// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {MerkleLogDouble} from "./MerkleLogDouble.sol";
import {MerkleLog} from "../../../contracts/records/MerkleLog.sol";

/// @notice MerkleLog beside a tree written down from RFC 9162 word by word, which hashes everything anew.
contract MerkleLogTest {
    uint64 private constant _MOST = 48;

    MerkleLogDouble private immutable _log = new MerkleLogDouble();

    function testFuzzEveryLeafIsIncludedAndNoOther(uint64 seed, uint64 chosen, uint256 flip) external view {
        uint64 size = 1 + (seed % _MOST);
        uint64 index = chosen % size;
        bytes32[] memory leaves = _leaves(seed, size);
        bytes32 root = _rootOf(leaves, 0, size);
        bytes32[] memory path = _pathOf(leaves, index);
        require(_log.isIncluded(root, size, leaves[index], index, path), "a leaf is not included");
        require(
            !_log.isIncluded(root, size, leaves[index] ^ bytes32(uint256(1) << (flip % 256)), index, path),
            "a leaf"
        );
        require(
            !_log.isIncluded(root ^ bytes32(uint256(1) << (flip % 256)), size, leaves[index], index, path),
            "a root"
        );
        require(!_log.isIncluded(root, size, leaves[index], size, path), "an index beyond the end");
        require(size == 1 || !_log.isIncluded(root, size, leaves[index], (index + 1) % size, path), "another index");
        require(!_log.isIncluded(root, 2 * size + 1, leaves[index], index, path), "another size");
        require(!_log.isIncluded(root, size, leaves[index], index, _longer(path, root)), "a longer path");
        if (path.length == 0) return;
        path[flip % path.length] ^= bytes32(uint256(1) << (flip % 256));
        require(!_log.isIncluded(root, size, leaves[index], index, path), "a changed path");
    }

    function testFuzzEverySizeContinuesTheEarlierOnes(uint64 seed, uint64 chosen, uint256 flip) external view {
        uint64 laterSize = 1 + (seed % _MOST);
        uint64 size = 1 + (chosen % laterSize);
        bytes32[] memory leaves = _leaves(seed, laterSize);
        (bytes32 root, bytes32 laterRoot) = (_rootOf(leaves, 0, size), _rootOf(leaves, 0, laterSize));
        bytes32[] memory path = _linkOf(leaves, size);
        require(_log.isConsistent(root, size, laterRoot, laterSize, path), "a size does not continue another");
        bytes32 mask = bytes32(uint256(1) << (flip % 256));
        require(!_log.isConsistent(root ^ mask, size, laterRoot, laterSize, path), "a root");
        require(!_log.isConsistent(root, size, laterRoot ^ mask, laterSize, path), "a later root");
        require(!_log.isConsistent(root, 0, laterRoot, laterSize, path), "an empty log");
        require(!_log.isConsistent(root, size, laterRoot, laterSize, _longer(path, root)), "a longer path");
        require(size == laterSize || !_log.isConsistent(laterRoot, laterSize, root, size, path), "a shrinking log");
        if (path.length == 0) return;
        path[flip % path.length] ^= mask;
        require(!_log.isConsistent(root, size, laterRoot, laterSize, path), "a changed path");
    }

    /// No path makes a log of one that changed a leaf before.
    function testFuzzARewrittenLogIsNoContinuation(uint64 seed, uint64 chosen, uint64 changed) external view {
        uint64 laterSize = 2 + (seed % (_MOST - 1));
        uint64 size = 1 + (chosen % (laterSize - 1));
        bytes32[] memory leaves = _leaves(seed, laterSize);
        bytes32 root = _rootOf(leaves, 0, size);
        leaves[changed % size] = keccak256("rewritten");
        bytes32 laterRoot = _rootOf(leaves, 0, laterSize);
        require(!_log.isConsistent(root, size, laterRoot, laterSize, _linkOf(leaves, size)), "a rewritten log");
    }

    /// Whatever is given, it answers.
    function testFuzzNothingReverts(
        bytes32 root,
        uint64 size,
        bytes32 other,
        uint64 place,
        bytes32[] calldata path
    ) external view {
        _log.isIncluded(root, size, other, place, path);
        _log.isConsistent(root, size, other, place, path);
        _log.isConsistent(root, place, other, size, path);
    }

    function testLeavesAndNodesAreHashedApart() external pure {
        (bytes32 left, bytes32 right) = (MerkleLog.leafHash("left"), MerkleLog.leafHash("right"));
        bytes32 node = MerkleLog.nodeHash(left, right);
        require(node == sha256(abi.encodePacked(hex"01", left, right)), "a node");
        require(left == sha256(abi.encodePacked(hex"00", "left")), "a leaf");
        require(MerkleLog.leafHash(abi.encodePacked(left, right)) != node, "a node passes for a leaf");
    }

    function _leaves(uint64 seed, uint64 count) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint64 i = 0; i < count; ++i) leaves[i] = MerkleLog.leafHash(abi.encode(seed, i));
    }

    function _splitOf(uint64 count) private pure returns (uint64 split) {
        split = 1;
        while (split * 2 < count) split *= 2;
    }

    /// RFC 9162 §2.1.1.
    function _rootOf(bytes32[] memory leaves, uint64 begin, uint64 end) private pure returns (bytes32) {
        if (end - begin == 1) return leaves[begin];
        uint64 middle = begin + _splitOf(end - begin);
        bytes32 left = _rootOf(leaves, begin, middle);
        return sha256(abi.encodePacked(hex"01", left, _rootOf(leaves, middle, end)));
    }

    /// RFC 9162 §2.1.3.1.
    function _pathOf(bytes32[] memory leaves, uint64 index) private pure returns (bytes32[] memory path) {
        (uint64 begin, uint64 end) = (0, uint64(leaves.length));
        path = new bytes32[](0);
        while (end - begin > 1) {
            uint64 middle = begin + _splitOf(end - begin);
            bool isLeft = index < middle;
            path = _before(isLeft ? _rootOf(leaves, middle, end) : _rootOf(leaves, begin, middle), path);
            (begin, end) = isLeft ? (begin, middle) : (middle, end);
        }
    }

    /// RFC 9162 §2.1.4.1.
    function _linkOf(bytes32[] memory leaves, uint64 size) private pure returns (bytes32[] memory path) {
        (uint64 begin, uint64 end) = (0, uint64(leaves.length));
        path = new bytes32[](0);
        while (end != size) {
            uint64 middle = begin + _splitOf(end - begin);
            bool isLeft = size <= middle;
            path = _before(isLeft ? _rootOf(leaves, middle, end) : _rootOf(leaves, begin, middle), path);
            (begin, end) = isLeft ? (begin, middle) : (middle, end);
        }
        if (begin > 0) path = _before(_rootOf(leaves, begin, end), path);
    }

    function _before(bytes32 first, bytes32[] memory rest) private pure returns (bytes32[] memory joined) {
        joined = new bytes32[](rest.length + 1);
        joined[0] = first;
        for (uint256 i = 0; i < rest.length; ++i) joined[i + 1] = rest[i];
    }

    function _longer(bytes32[] memory path, bytes32 last) private pure returns (bytes32[] memory joined) {
        joined = new bytes32[](path.length + 1);
        for (uint256 i = 0; i < path.length; ++i) joined[i] = path[i];
        joined[path.length] = last;
    }
}
