// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DateWords} from "../../../contracts/common/DateWords.sol";
import {Actions, Labels, Purpose} from "../../../contracts/common/Identifiers.sol";
import {Vocabulary} from "../../../contracts/common/Vocabulary.sol";

/// @notice Lets tests ask the two libraries of words.
contract WordsDouble {
    using Vocabulary for Labels;
    using Vocabulary for Actions;
    using Vocabulary for Purpose;

    function hashOfLabels(Labels labels) external pure returns (bytes32) {
        return labels.hashOf();
    }

    function hashOfActions(Actions actions) external pure returns (bytes32) {
        return actions.hashOf();
    }

    function hashOfPurpose(Purpose purpose) external pure returns (bytes32) {
        return purpose.hashOf();
    }

    function areLabelsValid(Labels labels) external pure returns (bool) {
        return labels.isValid();
    }

    function areActionsValid(Actions actions) external pure returns (bool) {
        return actions.isValid();
    }

    function isPurposeValid(Purpose purpose) external pure returns (bool) {
        return purpose.isValid();
    }

    function isPurposeGrantable(Purpose purpose) external pure returns (bool) {
        return purpose.isGrantable();
    }

    function doLabelsCover(Labels granted, Labels asked) external pure returns (bool) {
        return granted.covers(asked);
    }

    function doActionsCover(Actions granted, Actions asked) external pure returns (bool) {
        return granted.covers(asked);
    }

    function dateWords(uint40 time) external pure returns (string memory) {
        return DateWords.toWords(time);
    }

    function dateHash(uint40 time) external pure returns (bytes32) {
        return DateWords.hashOf(time);
    }
}
