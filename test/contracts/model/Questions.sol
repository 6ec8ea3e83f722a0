// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessGate} from "../../../contracts/access/AccessGate.sol";
import {Denial} from "../../../contracts/common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../../../contracts/common/Identifiers.sol";
import {ConsentRegistry} from "../../../contracts/consent/ConsentRegistry.sol";
import {Via} from "../../../contracts/consent/IConsentRegistry.sol";
import {IPatientRegistry} from "../../../contracts/identity/IPatientRegistry.sol";

/// @title Many questions in one call
/// @notice The answers are those of the real contracts, all of one block.
contract Questions {
    struct Question {
        PatientId patient;
        ProviderId actor;
        Via via;
        Purpose purpose;
        Labels labels;
        SeriesId series;
        Actions action;
        bool isExplained;
    }

    struct Answer {
        bool permitted;
        bytes32 tag;
        Denial denial;
        Denial explained;
    }

    AccessGate private immutable _gate;
    ConsentRegistry private immutable _consents;

    constructor(AccessGate gate, ConsentRegistry consents) {
        (_gate, _consents) = (gate, consents);
    }

    function ask(
        PatientId[] calldata patients,
        Question[] calldata questions
    ) external view returns (uint256 time, IPatientRegistry.Head[] memory heads, Answer[] memory answers) {
        time = block.timestamp;
        heads = new IPatientRegistry.Head[](patients.length);
        for (uint256 i = 0; i < patients.length; ++i) heads[i] = _consents.patientRegistry().headOf(patients[i]);
        answers = new Answer[](questions.length);
        for (uint256 i = 0; i < questions.length; ++i) answers[i] = _answer(questions[i]);
    }

    /// @dev What is not asked stays empty: why somebody may not is asked where they may not.
    function _answer(Question calldata q) private view returns (Answer memory answer) {
        (answer.permitted, answer.tag) = _consents.isPermitted(
            q.patient,
            q.actor,
            q.via,
            q.purpose,
            q.labels,
            q.series,
            q.action
        );
        if (!answer.permitted) {
            (answer.denial, ) = _consents.decide(q.patient, q.actor, q.via, q.purpose, q.labels, q.series, q.action);
        }
        if (q.isExplained) {
            answer.explained = _gate.explain(q.patient, q.actor, q.via, q.purpose, q.labels, q.series, q.action).denial;
        }
    }
}
