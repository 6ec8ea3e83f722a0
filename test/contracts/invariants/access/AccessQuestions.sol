// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmergencyAccess} from "../../../../contracts/access/IEmergencyAccess.sol";
import {Denial} from "../../../../contracts/common/Denial.sol";
import {Labels, PatientId} from "../../../../contracts/common/Identifiers.sol";
import {DelegateVerbs} from "./DelegateVerbs.sol";

/// @notice What is asked of AccessGate after each verb.
abstract contract AccessQuestions is DelegateVerbs {
    function _verbs() internal pure override returns (bytes4[] memory verbs) {
        bytes4[15] memory list = [
            this.decideConsent.selector,
            this.openSession.selector,
            this.openSession.selector,
            this.flood.selector,
            this.openEmergency.selector,
            this.openEmergency.selector,
            this.review.selector,
            this.changeProvider.selector,
            this.changeWill.selector,
            this.readAsDelegate.selector,
            this.appointProxy.selector,
            this.dispute.selector,
            this.seize.selector,
            this.attestDeath.selector,
            this.letTimePass.selector
        ];
        verbs = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) verbs[i] = list[i];
    }

    function _tally() internal override {
        if (_openings.length != 0 && _isOpen(_openings[_openings.length - 1])) _count("live emergency");
    }

    function _lastStored() internal view returns (bool isAny, IEmergencyAccess.Emergency memory emergency) {
        if (_openings.length == 0) return (false, emergency);
        return (true, _gate.emergencyOf(_openings[_openings.length - 1].id));
    }

    function _reads(PatientId patient, address delegate, uint64 labels) internal view returns (bool) {
        (Denial denial, , ) = _gate.decideDelegate(patient, delegate, Labels.wrap(labels));
        return denial == Denial.None;
    }

    /// @dev By the last opening in which the doctor was the one who asked: the gate asks for that alone.
    function _opensByEmergency(uint256 actor, uint64 labels) internal view returns (bool) {
        for (uint256 i = _openings.length; i > 0; --i) {
            Opening storage opening = _openings[i - 1];
            if (opening.actor == actor) return labels & ~opening.labels == 0 && _isOpen(opening);
        }
        return false;
    }
}
