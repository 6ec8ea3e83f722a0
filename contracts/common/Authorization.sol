// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Who decided, when, and how it is shown. The last argument of every verb.
/// @dev An empty `signature` means a direct call: `signer` must then be `msg.sender`. A restrictive direct call may pass 0 for both
/// times, which stands for `block.timestamp`. Otherwise signedAt <= block.timestamp <= deadline <= signedAt + 7 days. Unix seconds.
struct Authorization {
    address signer;
    uint40 signedAt;
    uint40 deadline;
    bytes signature;
}
