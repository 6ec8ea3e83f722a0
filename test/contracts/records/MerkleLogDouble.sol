// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleLog} from "../../../contracts/records/MerkleLog.sol";

/// @dev Paths are read from calldata, so each claim is a call.
contract MerkleLogDouble {
    function isIncluded(
        bytes32 root,
        uint64 size,
        bytes32 leaf,
        uint64 index,
        bytes32[] calldata path
    ) external pure returns (bool) {
        return MerkleLog.isIncluded(root, size, leaf, index, path);
    }

    function isConsistent(
        bytes32 root,
        uint64 size,
        bytes32 laterRoot,
        uint64 laterSize,
        bytes32[] calldata path
    ) external pure returns (bool) {
        return MerkleLog.isConsistent(root, size, laterRoot, laterSize, path);
    }
}
