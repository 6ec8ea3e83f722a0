// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

/// @notice Answers as told, and never properly.
contract FaultyWallet {
    enum Fault {
        Reverts,
        OtherMagic,
        ShortAnswer,
        NoAnswer,
        DirtyAnswer,
        Writes
    }

    Fault private immutable _fault;
    uint256 private _written;

    constructor(Fault fault) {
        _fault = fault;
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        if (_fault == Fault.Reverts) revert("not today");
        if (_fault == Fault.OtherMagic) return 0x20c13b0b;
        if (_fault == Fault.Writes) ++_written;
        bytes4 magic = this.isValidSignature.selector;
        uint256 length = 32;
        bytes32 answer = magic;
        if (_fault == Fault.ShortAnswer) length = 4;
        if (_fault == Fault.NoAnswer) length = 0;
        if (_fault == Fault.DirtyAnswer) answer |= bytes32(uint256(1));
        assembly ("memory-safe") {
            mstore(0, answer)
            return(0, length)
        }
    }
}
