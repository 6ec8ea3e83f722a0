// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientHead} from "../../../contracts/identity/PatientHead.sol";

/// @notice Lets tests pack and read the word of a patient's head.
contract HeadDouble {
    function read(
        PatientHead head
    ) external pure returns (address controller, uint40 signedFloor, uint32 generation, uint24 flags) {
        return (head.controller(), head.signedFloor(), head.generation(), head.flags());
    }

    function has(PatientHead head, uint24 flag) external pure returns (bool) {
        return head.has(flag);
    }

    function withFlags(PatientHead head, uint24 added) external pure returns (PatientHead) {
        return head.withFlags(added);
    }

    function withoutFlags(PatientHead head, uint24 removed) external pure returns (PatientHead) {
        return head.withoutFlags(removed);
    }

    function withController(PatientHead head, address next, uint40 floor) external pure returns (PatientHead) {
        return head.withController(next, floor);
    }

    function withNextGeneration(PatientHead head, uint40 floor) external pure returns (PatientHead) {
        return head.withNextGeneration(floor);
    }
}
