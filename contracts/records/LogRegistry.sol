// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProviderId} from "../common/Identifiers.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {ILogRegistry, LogOwner} from "./ILogRegistry.sol";
import {MerkleLog} from "./MerkleLog.sol";

/// @title Logs: the last head of everybody's append-only log
/// @notice Documented at ILogRegistry.
contract LogRegistry is ILogRegistry {
    /// @notice Says which provider a key speaks for.
    IProviderRegistry public immutable providerRegistry;

    /// @dev size 48 | first 208 bits of the root
    mapping(LogOwner owner => uint256 head) private _heads;

    constructor(IProviderRegistry providers) {
        providerRegistry = providers;
    }

    /// @inheritdoc ILogRegistry
    function anchorLog(bytes32 root, uint48 size) external {
        LogOwner owner = logOwnerOf(msg.sender);
        if (root == 0) revert LogRootMissing(owner);
        uint48 anchored = uint48(_heads[owner] >> 208);
        if (size <= anchored) revert LogNotGrowing(owner, size, anchored);

        _heads[owner] = (uint256(size) << 208) | (uint256(root) >> 48);
        emit LogAnchored(owner, size, root);
    }

    /// @inheritdoc ILogRegistry
    function logOf(LogOwner owner) external view returns (uint48 size, bytes26 rootStart) {
        uint256 head = _heads[owner];
        return (uint48(head >> 208), bytes26(uint208(head)));
    }

    /// @inheritdoc ILogRegistry
    function isIncluded(
        bytes32 root,
        uint64 size,
        bytes32 leaf,
        uint64 index,
        bytes32[] calldata path
    ) external pure returns (bool) {
        return MerkleLog.isIncluded(root, size, leaf, index, path);
    }

    /// @inheritdoc ILogRegistry
    function isConsistent(
        bytes32 root,
        uint64 size,
        bytes32 laterRoot,
        uint64 laterSize,
        bytes32[] calldata path
    ) external pure returns (bool) {
        return MerkleLog.isConsistent(root, size, laterRoot, laterSize, path);
    }

    /// @inheritdoc ILogRegistry
    function logOwnerOf(address account) public view returns (LogOwner owner) {
        ProviderId provider = providerRegistry.providerOfKey(account);
        if (ProviderId.unwrap(provider) != 0) return LogOwner.wrap(ProviderId.unwrap(provider));
        return LogOwner.wrap(bytes32(uint256(uint160(account))));
    }
}
