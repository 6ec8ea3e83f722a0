// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Times as a patient reads them
/// @notice A whole minute as `2026-11-20 00:00 UTC`, or its hash, which is how EIP-712 encodes that string.
/// @dev Proleptic Gregorian calendar in UTC, years 1970–9999. The civil date is found without loops or tables by counting years from
/// March, so that the leap day is the last day of a year.
library DateWords {
    /// @dev First second of the year 10000.
    uint40 private constant _END = 253_402_300_800;

    /// @notice Thrown when a time is no whole minute, or lies after the year 9999.
    /// @param time Unix seconds.
    error DateWordsTimeInvalid(uint40 time);

    /// @notice EIP-712 encoding of the words of `time` (Unix seconds), as a `string`.
    function hashOf(uint40 time) internal pure returns (bytes32 hash) {
        bytes32 text = _encode(time);
        assembly ("memory-safe") {
            mstore(0, text)
            hash := keccak256(0, 20)
        }
    }

    /// @notice The words of `time` (Unix seconds).
    function toWords(uint40 time) internal pure returns (string memory) {
        return string(abi.encodePacked(bytes20(_encode(time))));
    }

    /// @dev The twenty characters, left aligned.
    function _encode(uint40 time) private pure returns (bytes32 text) {
        if (time % 60 != 0 || time >= _END) revert DateWordsTimeInvalid(time);
        unchecked {
            (uint256 year, uint256 month, uint256 day) = _civil(time / 1 days);
            uint256 minute = (time % 1 days) / 60;
            uint256 characters =
                (_digits(year / 100) << 144) |
                    (_digits(year % 100) << 128) |
                    (_digits(month) << 104) |
                    (_digits(day) << 80) |
                    (_digits(minute / 60) << 56) |
                    (_digits(minute % 60) << 32);
            // Digits are added to "0000-00-00 00:00 UTC".
            text = bytes32((uint256(uint160(bytes20("0000-00-00 00:00 UTC"))) + characters) << 96);
        }
    }

    /// @dev Two decimal digits as two bytes.
    function _digits(uint256 number) private pure returns (uint256) {
        unchecked {
            return ((number / 10) << 8) | (number % 10);
        }
    }

    function _civil(uint256 daysSince1970) private pure returns (uint256 year, uint256 month, uint256 day) {
        unchecked {
            uint256 sinceMarch0000 = daysSince1970 + 719_468;
            uint256 era = sinceMarch0000 / 146_097;
            uint256 dayOfEra = sinceMarch0000 % 146_097;
            uint256 yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
            uint256 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
            uint256 monthFromMarch = (5 * dayOfYear + 2) / 153;
            day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
            month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
            year = 400 * era + yearOfEra + (month < 3 ? 1 : 0);
        }
    }
}
