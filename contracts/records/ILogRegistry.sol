// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Whose log: a ProviderId, or an address in the low 20 bytes.
type LogOwner is bytes32;

/// @title Logs: how far anybody's append-only log has come
/// @notice One rolling head for each owner of an RFC 9162 log on SHA-256: its size, and its root. Whoever has a leaf, a short path and a
/// head of this contract can tell, without asking the owner, that the leaf was in the log by that block, and an owner who shows different
/// logs to different people cannot have both anchored. Stewards anchor their receipts here, authors may anchor batches of records.
///
/// Warning: anybody may own a log, and a head says nothing about what is in it, nor that a later one continues an earlier one: the owner
/// shows that with a consistency proof. Readers decide whom they trust, and judge the standing of a provider themselves.
interface ILogRegistry {
    /// @notice Emitted for every head. The only place that keeps the whole root: `(owner, size)` finds it, at most once.
    /// @param owner The provider that the caller's key belongs to, or else the caller's address in the low 20 bytes.
    /// @param size Leaves in the log.
    /// @param root Root of the tree over these leaves.
    event LogAnchored(LogOwner indexed owner, uint48 indexed size, bytes32 root);

    /// @notice Thrown when `size` is not more than `anchored`, the size of the owner's last head: heads never repeat, shrink or change.
    error LogNotGrowing(LogOwner owner, uint48 size, uint48 anchored);

    /// @notice Thrown when the root is zero, which no tree has.
    error LogRootMissing(LogOwner owner);

    /// @notice Anchors the next head of the caller's log.
    /// @dev By anybody, for their own log only: all keys of a provider, whatever its status, continue one log, and a key that has left
    /// writes from then on in a log of its own address. Direct calls only: the head is the authority of whoever pays for it.
    /// Errors: LogRootMissing, LogNotGrowing.
    /// @param root Root of the RFC 9162 tree over the first `size` leaves.
    /// @param size More than in the head before; not zero.
    function anchorLog(bytes32 root, uint48 size) external;

    /// @notice The owner that `account` would anchor for in this block.
    function logOwnerOf(address account) external view returns (LogOwner owner);

    /// @notice The last head of an owner; all zero before the first.
    /// @return size Leaves in the log.
    /// @return rootStart The first 26 bytes of the root: enough that no second tree is found for them (104 bits against an owner who
    /// searches for two logs with one start), and what fits beside the size into one slot. The event has the rest.
    function logOf(LogOwner owner) external view returns (uint48 size, bytes26 rootStart);

    /// @notice True if `leaf` is the leaf hash at `index` of the tree of `size` leaves with this root, by RFC 9162 §2.1.3.2.
    /// @dev For `eth_call`; contracts use the library `MerkleLog`. False for whatever is malformed.
    function isIncluded(
        bytes32 root,
        uint64 size,
        bytes32 leaf,
        uint64 index,
        bytes32[] calldata path
    ) external pure returns (bool);

    /// @notice True if the tree of `laterSize` leaves begins with the leaves of the one of `size`, by RFC 9162 §2.1.4.2.
    /// @dev For `eth_call`. False for whatever is malformed, and for an empty tree, of which everything and nothing is a continuation.
    function isConsistent(
        bytes32 root,
        uint64 size,
        bytes32 laterRoot,
        uint64 laterSize,
        bytes32[] calldata path
    ) external pure returns (bool);
}
