// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessGate} from "../../../contracts/access/AccessGate.sol";
import {IAccessGate} from "../../../contracts/access/IAccessGate.sol";
import {Denial} from "../../../contracts/common/Denial.sol";
import {
    Actions,
    Labels,
    PatientId,
    ProviderId,
    Purpose,
    SeriesId,
    SessionId
} from "../../../contracts/common/Identifiers.sol";
import {IConsentTerms} from "../../../contracts/consent/IConsentTerms.sol";
import {IConsentRegistry, Via} from "../../../contracts/consent/IConsentRegistry.sol";
import {SignatureValidator} from "../../../contracts/common/SignatureValidator.sol";
import {RecordRegistry} from "../../../contracts/records/RecordRegistry.sol";
import {ConsentWorld} from "../consent/ConsentWorld.sol";

/// @notice What the gate's log must be able to say; the cheat codes used here beside those of ConsentWorld.
interface LogVm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory logs);
}

/// @notice Whatever is asked, the gate opens exactly when the consent allows it and its own rules hold, and says so either way.
contract AccessGateTest is ConsentWorld {
    LogVm private constant _LOG_VM = LogVm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant _ROUNDS = 24;

    struct Question {
        uint64 labels;
        uint8 purpose;
        uint8 caller;
        uint8 actor;
        uint8 organisation;
        uint32 expiresIn;
        uint40 later;
        bytes32 series;
        bytes32 sessionKeyHash;
    }

    AccessGate private _gate;

    function setUp() public override {
        super.setUp();
        SignatureValidator validator = new SignatureValidator();
        RecordRegistry records = new RecordRegistry(_patients, _providers, _consents, 7 days, 7 days, validator);
        _gate = new AccessGate(
            address(_manager),
            AccessGate.Registries(_patients, _providers, _consents, records),
            AccessGate.Limits(12 hours, 4 hours, 32),
            7 days,
            validator
        );
    }

    function testFuzz_OpensExactlyWhenPermitted(uint64 labels, uint8 actions, Question memory question) external {
        _consent(labels, actions, question.purpose);
        _VM.warp(_START + (question.later % 3 hours));
        _ask(question, labels);
    }

    /// A system that refuses everything, or opens everything, would pass the test above: here both must happen.
    function testFuzz_BothAnswersHappen(uint256 seed) external {
        uint256 opened;
        uint256 denied;
        for (uint256 i = 0; i < _ROUNDS; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            Question memory question;
            question.labels = uint64(random) & _KNOWN;
            question.purpose = 1;
            question.caller = uint8(i % 4);
            question.actor = uint8(random >> 72);
            question.organisation = 1;
            question.expiresIn = 3600;
            question.sessionKeyHash = bytes32(random);
            if (i % 2 == 0) {
                // A question that the consent covers, from the _doctor.
                (question.caller, question.actor) = (1, 1);
                _consent(question.labels, 0, question.purpose);
                _VM.warp(block.timestamp + 61);
            }
            if (_ask(question, question.labels)) ++opened;
            else ++denied;
        }
        require(opened >= _ROUNDS / 2 && denied > 0 && opened + denied == _ROUNDS, "only one answer");
    }

    function testFuzz_StrangersChangeNothing(address caller, Question memory question) external {
        if (ProviderId.unwrap(_providers.providerOfKey(caller)) != 0) return;
        _consent(question.labels, 0, 1);
        _VM.prank(caller);
        try _gate.openSession(_requestOf(question)) {
            revert("a stranger was heard");
        } catch (bytes memory reason) {
            require(
                keccak256(reason) == keccak256(abi.encodeWithSelector(IAccessGate.SessionStranger.selector, caller)),
                "another reason"
            );
        }
    }

    function testFuzz_ExplainAgreesWithDecide(uint64 labels, uint8 actions, Question memory question) external {
        _consent(labels, actions, question.purpose);
        IAccessGate.SessionRequest memory request = _requestOf(question);
        IAccessGate.Explanation memory explanation = _gate.explain(
            request.patient,
            request.actor,
            request.via,
            request.purpose,
            request.labels,
            request.series,
            Actions.wrap(1)
        );
        (Denial denial, bytes32 tag) = _expected(request);
        require(explanation.denial == denial && explanation.grantTag == tag, "another answer");
        require(explanation.allowed == (denial == Denial.None), "allowed");
        uint64 missing = Labels.unwrap(request.labels) & ~Labels.unwrap(explanation.grantedLabels);
        require(Labels.unwrap(explanation.missingLabels) == missing, "missing labels");
    }

    /// Asks, and compares the log with the rules said once more.
    function _ask(Question memory question, uint64 covered) private returns (bool isOpened) {
        // Half of the questions ask for a part of what was granted: random masks are almost never covered.
        if (question.labels % 2 == 0) question.labels &= covered;
        IAccessGate.SessionRequest memory request = _requestOf(question);
        ProviderId caller = [_doctor, _clinic, _hospital][question.caller % 3];
        uint256 before = _gate.denialsToday(caller);
        _LOG_VM.recordLogs();
        _VM.prank([_DOCTOR_KEY, _CLINIC_KEY, address(0xB0)][question.caller % 3]);
        (bool isAnswered, bytes memory answer) = address(_gate).call(abi.encodeCall(_gate.openSession, (request)));
        if (!_isWellFormed(request)) {
            require(!isAnswered, "a malformed request was answered");
            return false;
        }
        require(isAnswered, "a registered provider was not answered");

        LogVm.Log[] memory logs = _LOG_VM.getRecordedLogs();
        require(logs.length == 1 && logs[0].emitter == address(_gate), "one line a request");
        (Denial denial, ) = _expected(request);
        bool isActor = _same(caller, request.actor);
        if (!isActor && !_same(caller, request.via.organisation)) denial = Denial.CallerNotActor;
        isOpened = denial == Denial.None;
        bytes32 session = abi.decode(answer, (bytes32));
        require((session != 0) == isOpened, "the answer");
        require(
            logs[0].topics[0] == (isOpened ? IAccessGate.SessionOpened.selector : IAccessGate.AccessDenied.selector),
            "the line"
        );
        require(_gate.denialsToday(caller) == before + (isOpened ? 0 : 1), "the count");
        if (isOpened) return true;
        require(logs[0].topics[3] == bytes32(uint256(denial)), "the reason");
        // Nobody is named who did not ask, or was not spoken for by an organisation of theirs.
        bool isNamed = logs[0].topics[2] == ProviderId.unwrap(request.actor);
        require(isNamed || logs[0].topics[2] == ProviderId.unwrap(caller), "the name");
        if (isNamed && !isActor) {
            (Denial standing, , ) = _providers.standingOf(request.actor, caller);
            require(standing == Denial.None, "a name that did not ask");
        }
    }

    function _expected(IAccessGate.SessionRequest memory request) private view returns (Denial denial, bytes32 tag) {
        (denial, tag) = _consents.decide(
            request.patient,
            request.actor,
            request.via,
            request.purpose,
            request.labels,
            request.series,
            Actions.wrap(1)
        );
        uint8 purpose = Purpose.unwrap(request.purpose);
        bool isPersonal = purpose != 3 && purpose != 4 && purpose != 5 && purpose != 7 && purpose != 12;
        if (denial == Denial.None && isPersonal && !_same(request.actor, _doctor)) return (Denial.PersonRequired, 0);
    }

    function _isWellFormed(IAccessGate.SessionRequest memory request) private view returns (bool) {
        uint64 labels = Labels.unwrap(request.labels);
        uint8 purpose = Purpose.unwrap(request.purpose);
        return
            labels != 0 &&
            labels & ~_KNOWN == 0 &&
            purpose != 0 &&
            purpose != 2 &&
            purpose < 15 &&
            request.sessionKeyHash != 0 &&
            request.expiresAt > block.timestamp &&
            request.expiresAt <= block.timestamp + 12 hours;
    }

    function _requestOf(Question memory question) private view returns (IAccessGate.SessionRequest memory) {
        ProviderId none = ProviderId.wrap(0);
        return
            IAccessGate.SessionRequest({
                patient: question.series == bytes32(uint256(1)) ? PatientId.wrap("nobody") : _patient,
                actor: [_clinic, _doctor, _hospital, ProviderId.wrap("nobody")][question.actor % 4],
                via: Via([none, _clinic, _hospital][question.organisation % 3], new ProviderId[](0), false),
                purpose: Purpose.wrap(question.purpose % 16),
                labels: Labels.wrap(question.labels),
                series: SeriesId.wrap(question.series),
                sessionKeyHash: question.sessionKeyHash,
                expiresAt: uint40(block.timestamp + (question.expiresIn % 13 hours))
            });
    }

    /// The _clinic and the _hospital get the same consent, for about two hours from a minute from now.
    function _consent(uint64 labels, uint8 actions, uint8 purpose) private {
        purpose %= 16;
        if (purpose == 0 || purpose == 2 || purpose > 14 || labels & _KNOWN == 0) return;
        uint40 minute = uint40(block.timestamp / 60) * 60 + 60;
        IConsentTerms.Terms memory terms = IConsentTerms.Terms({
            patient: _patient,
            grantee: _clinic,
            purpose: Purpose.wrap(purpose),
            labels: Labels.wrap(labels & _KNOWN),
            actions: Actions.wrap((actions % 7) | 1),
            notBefore: minute,
            notAfter: minute + 2 hours,
            document: 0
        });
        _grant(terms, uint40(block.timestamp));
        terms.grantee = _hospital;
        _grant(terms, uint40(block.timestamp));
    }

    function _same(ProviderId a, ProviderId b) private pure returns (bool) {
        return ProviderId.unwrap(a) == ProviderId.unwrap(b);
    }
}
