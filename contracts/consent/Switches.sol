// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

using SwitchesLibrary for Switches global;

/// @dev Two decisions that are on or off, each with the second of the decision that made it so; the lower one is the controller's where
/// delegates have one of their own:
///
///     | 169 .. 255 zero | on 168 | asOf 128 .. 167 | 41 .. 127 zero | on 40 | asOf 0 .. 39 |
type Switches is uint256;

library SwitchesLibrary {
    uint256 private constant _ON = 1 << 40;
    uint256 private constant _EITHER_ON = _ON | (_ON << 128);

    function isOn(Switches switches) internal pure returns (bool) {
        return Switches.unwrap(switches) & _EITHER_ON != 0;
    }

    function isOn(Switches switches, bool isUpper) internal pure returns (bool) {
        return (Switches.unwrap(switches) >> (isUpper ? 128 : 0)) & _ON != 0;
    }

    function asOf(Switches switches, bool isUpper) internal pure returns (uint40) {
        return uint40(Switches.unwrap(switches) >> (isUpper ? 128 : 0));
    }

    function turned(Switches switches, bool isUpper, bool on, uint40 signedAt) internal pure returns (Switches) {
        uint256 word = Switches.unwrap(switches);
        uint256 half = (on ? _ON : 0) | signedAt;
        return
            Switches.wrap(
                isUpper ? (word & type(uint128).max) | (half << 128) : (word & ~uint256(type(uint128).max)) | half
            );
    }
}
