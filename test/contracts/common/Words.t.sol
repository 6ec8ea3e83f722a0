// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {WordsDouble} from "./WordsDouble.sol";
import {DateWords} from "../../../contracts/common/DateWords.sol";
import {Actions, Labels} from "../../../contracts/common/Identifiers.sol";

contract WordsTest {
    WordsDouble private immutable _words = new WordsDouble();

    /// Every bit has words of its own; reserved ones have none.
    function testEveryLabelHasItsOwnWords() external view {
        uint256 named;
        for (uint256 i = 0; i < 64; ++i) {
            bytes32 hash = _words.hashOfLabels(Labels.wrap(uint64(1 << i)));
            bool isReserved = i >= 40 && i < 48;
            require((hash == keccak256("")) == isReserved, "wrong bits are reserved");
            if (isReserved) continue;
            ++named;
            for (uint256 j = 0; j < i; ++j) {
                require(hash != _words.hashOfLabels(Labels.wrap(uint64(1 << j))), "two labels share words");
            }
        }
        require(named == 56, "not 56 labels");
    }

    function testFuzzLabelsAreValidWithoutReservedBits(uint64 mask) external view {
        bool expected = mask != 0 && (mask >> 40) & 0xff == 0;
        require(_words.areLabelsValid(Labels.wrap(mask)) == expected, "validity of labels");
        uint64 known = mask & 0xffff_00ff_ffff_ffff;
        require(_words.areLabelsValid(Labels.wrap(known)) == (known != 0), "validity of known labels");
    }

    /// Bit by bit, as the specification says it.
    function testFuzzLabelsCoverWhatEveryBitCovers(uint64 granted, uint64 asked, uint64 narrowing) external view {
        // Random masks hardly ever cover each other: a part of what is granted does.
        _checkCover(granted, asked);
        _checkCover(granted, granted & narrowing);
    }

    function testFuzzActionsCover(uint8 granted, uint8 asked) external view {
        bool expected = asked != 0;
        for (uint256 i = 0; i < 8; ++i) {
            if (asked & (1 << i) != 0 && granted & (1 << i) == 0) expected = false;
        }
        require(_words.doActionsCover(Actions.wrap(granted), Actions.wrap(asked)) == expected, "actions");
    }

    /// Two neighbouring days, read back from their words, follow the rules of the calendar.
    function testFuzzDaysFollowOneAnother(uint40 seed) external view {
        uint40 day = seed % 2_932_895;
        (uint256 year, uint256 month, uint256 date) = _parse(_words.dateWords(day * 1 days));
        (uint256 nextYear, uint256 nextMonth, uint256 nextDate) = _parse(_words.dateWords((day + 1) * 1 days));
        if (date < _lengthOf(month, year)) {
            require(nextYear == year && nextMonth == month && nextDate == date + 1, "next day");
        } else if (month < 12) {
            require(nextYear == year && nextMonth == month + 1 && nextDate == 1, "next month");
        } else {
            require(nextYear == year + 1 && nextMonth == 1 && nextDate == 1, "next year");
        }
    }

    function testFuzzDateHashIsOfTheWords(uint40 seed) external view {
        uint40 time = (seed % 4_223_371_680) * 60;
        require(_words.dateHash(time) == keccak256(bytes(_words.dateWords(time))), "hash of date");
    }

    function testFuzzDatesOutsideAreRefused(uint40 time) external view {
        bool isWordless = time % 60 != 0 || time >= 253_402_300_800;
        try _words.dateHash(time) {
            require(!isWordless, "a time without words was hashed");
        } catch (bytes memory reason) {
            require(isWordless, "a time with words was refused");
            require(
                keccak256(reason) == keccak256(abi.encodeWithSelector(DateWords.DateWordsTimeInvalid.selector, time)),
                "reason"
            );
        }
    }

    function _checkCover(uint64 granted, uint64 asked) private view {
        bool expected = asked != 0;
        for (uint256 i = 0; i < 64; ++i) {
            if (asked & uint64(1 << i) != 0 && granted & uint64(1 << i) == 0) expected = false;
        }
        require(_words.doLabelsCover(Labels.wrap(granted), Labels.wrap(asked)) == expected, "labels");
    }

    /// Digits and punctuation of `YYYY-MM-DD 00:00 UTC`, at midnight.
    function _parse(string memory words) private pure returns (uint256 year, uint256 month, uint256 date) {
        bytes memory text = bytes(words);
        require(text.length == 20, "length");
        year = _number(text, 0, 4);
        month = _number(text, 5, 2);
        date = _number(text, 8, 2);
        for (uint256 i = 0; i < 4; ++i) text[i] = "Y";
        (text[5], text[6], text[8], text[9]) = ("M", "M", "D", "D");
        require(keccak256(text) == keccak256("YYYY-MM-DD 00:00 UTC"), "form");
    }

    function _number(bytes memory text, uint256 start, uint256 digits) private pure returns (uint256 number) {
        for (uint256 i = start; i < start + digits; ++i) {
            uint256 digit = uint8(text[i]) - 48;
            require(digit < 10, "digit");
            number = number * 10 + digit;
        }
    }

    function _lengthOf(uint256 month, uint256 year) private pure returns (uint256) {
        if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }
}
