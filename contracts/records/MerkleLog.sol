// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Proofs about append-only logs: RFC 9162 trees on SHA-256
/// @notice The twin of `sdk/src/crypto/merkle-log`, with the same published vectors. Leaves and nodes are hashed apart (0x00, 0x01), so a
/// node never passes for a leaf; the size decides the shape, so a path fits one size only. Nothing reverts: what is malformed is false.
/// The loops end with the path or after the 64 levels of the largest tree, whichever comes first.
library MerkleLog {
    /// @notice Hash of a leaf: SHA-256(0x00 ‖ data).
    function leafHash(bytes memory data) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x00), data));
    }

    /// @notice Hash of a node: SHA-256(0x01 ‖ left ‖ right).
    function nodeHash(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }

    /// @notice True if `leaf` is the leaf hash at `index` of the tree of `size` leaves with this root (RFC 9162 §2.1.3.2).
    function isIncluded(
        bytes32 root,
        uint64 size,
        bytes32 leaf,
        uint64 index,
        bytes32[] calldata path
    ) internal pure returns (bool) {
        if (index >= size) return false;
        (uint64 place, uint64 last, bytes32 hash) = (index, size - 1, leaf);
        for (uint256 i = 0; i < path.length; ++i) {
            if (last == 0) return false;
            if (place & 1 == 1 || place == last) {
                hash = nodeHash(path[i], hash);
                // The last node of a level without a neighbour rises as it is.
                while (place & 1 == 0 && place != 0) (place, last) = (place >> 1, last >> 1);
            } else {
                hash = nodeHash(hash, path[i]);
            }
            (place, last) = (place >> 1, last >> 1);
        }
        return last == 0 && hash == root;
    }

    /// @notice True if the tree of `laterSize` leaves begins with the leaves of the one of `size` (RFC 9162 §2.1.4.2).
    function isConsistent(
        bytes32 root,
        uint64 size,
        bytes32 laterRoot,
        uint64 laterSize,
        bytes32[] calldata path
    ) internal pure returns (bool) {
        if (size == 0 || size > laterSize) return false;
        if (size == laterSize) return path.length == 0 && root == laterRoot;
        if (path.length == 0) return false;
        (uint64 place, uint64 last) = (size - 1, laterSize - 1);
        while (place & 1 == 1) (place, last) = (place >> 1, last >> 1);
        // A whole tree is a node of the later one, so its own root begins the path and is not sent.
        uint256 i = place == 0 ? 0 : 1;
        bytes32 hash = place == 0 ? root : path[0];
        bytes32 laterHash = hash;
        for (; i < path.length; ++i) {
            if (last == 0) return false;
            if (place & 1 == 1 || place == last) {
                (hash, laterHash) = (nodeHash(path[i], hash), nodeHash(path[i], laterHash));
                while (place & 1 == 0 && place != 0) (place, last) = (place >> 1, last >> 1);
            } else {
                laterHash = nodeHash(laterHash, path[i]);
            }
            (place, last) = (place >> 1, last >> 1);
        }
        return last == 0 && hash == root && laterHash == laterRoot;
    }
}
