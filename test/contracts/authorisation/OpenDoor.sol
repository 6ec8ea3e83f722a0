// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What the matrix is there to find: a verb that no row names, a view that has a favourite, and a contract that lets everybody
/// do everything.
contract OpenDoor {
    address private immutable _favourite;

    constructor(address favourite) {
        _favourite = favourite;
    }

    fallback() external {}

    function letMeIn() external {}

    function isWelcome() external view returns (bool) {
        return msg.sender == _favourite;
    }
}
