// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The cheat codes of Foundry that Halmos knows and the proofs use.
interface IVm {
    function assume(bool condition) external pure;
    function etch(address account, bytes calldata code) external;
    function getCode(string calldata artifact) external view returns (bytes memory creationCode);
    function load(address account, bytes32 slot) external view returns (bytes32 word);
    function prank(address caller) external;
    function roll(uint256 blockNumber) external;
    function store(address account, bytes32 slot, bytes32 word) external;
    function warp(uint256 timestamp) external;
}

/// @notice Halmos' own: values that stand for every value, and storage that stands for every state.
interface ISvm {
    function createAddress(string calldata name) external pure returns (address);
    function createBytes(uint256 size, string calldata name) external pure returns (bytes memory);
    function createBytes32(string calldata name) external pure returns (bytes32);
    /// Calldata of any function of a contract that is not a view, with any arguments.
    function createCalldata(string calldata contractName) external pure returns (bytes memory);
    function createUint(uint256 bits, string calldata name) external pure returns (uint256);
    function enableSymbolicStorage(address account) external;
    function snapshotStorage(address account) external view returns (uint256 snapshot);
}
