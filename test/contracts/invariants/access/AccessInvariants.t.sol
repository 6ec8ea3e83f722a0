// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {IAccessGate} from "../../../../contracts/access/IAccessGate.sol";
import {IEmergencyAccess} from "../../../../contracts/access/IEmergencyAccess.sol";
import {Denial} from "../../../../contracts/common/Denial.sol";
import {Actions, Labels, Purpose, SeriesId, SessionId} from "../../../../contracts/common/Identifiers.sol";
import {Vocabulary} from "../../../../contracts/common/Vocabulary.sol";
import {AccessQuestions} from "./AccessQuestions.sol";

/// @notice What holds of the gate after whatever was asked of it. Sections are those of the protocol.
contract AccessInvariants is AccessQuestions {
    /// A world in which everything is refused, or a rule is never at stake, shows nothing.
    function testEveryOutcomeHappens() external {
        _drive(500);
        _expectCount("landed", 1);
        _expectCount("refused", 1);
        _expectCount("opened by consent", 10);
        _expectCount("denied and logged", 50);
        _expectCount("opened in an emergency", 5);
        _expectCount("reviewed", 4);
        _expectCount("read as a delegate", 5);
        _expectCount("live emergency", 20);
        _expectAsked("only a live path opens", 20);
        _expectAsked("what is permitted opens", 10);
        _expectAsked("strangers are not heard", 5);
        _expectAsked("no session for ever", 5);
        _expectAsked("a refusal is logged", 50);
        _expectAsked("32 refusals a day", 5);
        _expectAsked("four hours, and nothing hidden", 5);
        _expectAsked("two clinicians", 3);
        _expectAsked("locked until review", 5);
        _expectAsked("only those who may break glass", 10);
        _expectAsked("no forged second", 1);
        _expectAsked("an emergency opens", 5);
        _expectAsked("the uninvolved officer reviews", 5);
        _expectAsked("a review is final", 3);
        _expectAsked("a dispute is the patient's", 20);
        _expectAsked("nobody seizes an office", 20);
        _expectAsked("a guardian's power ends", 1);
        _expectAsked("an executor waits", 2);
        _expectAsked("a delegate reads", 10);
        _requireExpected();
    }

    /// §3, AccessGate: the contract decides; only a live path opens.
    function invariant_OnlyALivePathOpens() external view {
        _requireKept("only a live path opens");
    }

    /// §3, AccessGate: what a patient allowed is not refused.
    function invariant_WhatIsPermittedOpens() external view {
        _requireKept("what is permitted opens");
    }

    /// §3, AccessGate: a stranger's attempt reverts.
    function invariant_StrangersAreNotHeard() external view {
        _requireKept("strangers are not heard");
    }

    /// §3, AccessGate: expiresAt at most 12 hours away.
    function invariant_NoSessionLastsForEver() external view {
        _requireKept("no session for ever");
    }

    /// §3, AccessGate: a registered provider's refused attempt is logged, not lost to a revert.
    function invariant_ARefusalIsLogged() external view {
        _requireKept("a refusal is logged");
    }

    /// §3, AccessGate: at most 32 a day each.
    function invariant_AtMost32RefusalsADay() external view {
        _requireKept("32 refusals a day");
        for (uint256 i = 0; i < 4; ++i) {
            uint256 count = _gate.denialsToday(_ids[i]);
            require(count <= 32 && count == _denialsToday(i), "refusals of a day");
        }
    }

    /// §3, AccessGate: sessionId = keccak(gate, patient, actor, sessionKeyHash, expiresAt).
    function invariant_ASessionIdIsOfOneRequest() external view {
        _requireKept("a session's id is of one request");
    }

    /// §3, Break-glass: an opening is stored under an id of its own.
    function invariant_AnEmergencyOpensOnce() external view {
        _requireKept("an emergency's id opens once");
    }

    /// §3, Break-glass: from and until at most four hours apart, nothing hidden.
    function invariant_AnEmergencyLastsFourHours() external view {
        _requireKept("four hours, and nothing hidden");
        (bool isAny, IEmergencyAccess.Emergency memory emergency) = _lastStored();
        require(!isAny || emergency.until - emergency.from <= 4 hours, "longer than four hours");
        require(Labels.unwrap(emergency.labels) & Vocabulary.HIDDEN == 0, "hidden");
    }

    /// §3, Break-glass: co-signed by a different practitioner.
    function invariant_AnEmergencyTakesTwoClinicians() external view {
        _requireKept("two clinicians");
        (bool isAny, IEmergencyAccess.Emergency memory emergency) = _lastStored();
        require(!isAny || !_same(emergency.actor, emergency.colleague), "one clinician");
    }

    /// §3, Break-glass: the second signature is over this very opening.
    function invariant_AForgedCoSignatureOpensNothing() external view {
        _requireKept("no forged second");
    }

    /// §3, Break-glass: both active with EMERGENCY; opt-out and exclusions are respected.
    function invariant_OnlyThoseWhoMayBreakGlass() external view {
        _requireKept("only those who may break glass");
    }

    /// §3, Break-glass: what two clinicians may open, opens.
    function invariant_AnEmergencyOpens() external view {
        _requireKept("an emergency opens");
    }

    /// §3, Break-glass: until the review both are locked out of further emergencies.
    function invariant_BothAreLockedUntilReview() external view {
        _requireKept("locked until review");
        for (uint256 i = 1; i < 4; ++i) {
            require((SessionId.unwrap(_gate.lockOf(_ids[i])) != 0) == _isLocked(i), "a lock");
        }
    }

    /// §3, Break-glass: a live emergency is within its window, between two active clinicians, and neither opted out of nor excluded.
    function invariant_OnlyALiveEmergencyCounts() external view {
        for (uint256 i = _openings.length; i > 0 && i + 3 > _openings.length; --i) {
            Opening storage opening = _openings[i - 1];
            bool isOpen = _gate.decideEmergency(opening.id) == Denial.None;
            require(isOpen == _isOpen(opening), "an emergency is not as modelled");
        }
    }

    /// §3, Break-glass: an unjustified opening ends at once.
    function invariant_TheUnjustifiedEnds() external view {
        if (_openings.length == 0) return;
        Opening storage opening = _openings[_openings.length - 1];
        if (opening.review != IEmergencyAccess.EmergencyReview.Unjustified) return;
        require(_gate.decideEmergency(opening.id) != Denial.None, "still open");
    }

    /// §3, Break-glass: a privacy officer who is neither reviews it.
    function invariant_TheUninvolvedOfficerReviews() external view {
        _requireKept("the uninvolved officer reviews");
        _requireKept("an officer can review");
    }

    /// §3, Break-glass: what a review found stands.
    function invariant_AReviewIsFinal() external view {
        _requireKept("a review is final");
        (bool isAny, IEmergencyAccess.Emergency memory emergency) = _lastStored();
        require(!isAny || emergency.review == _openings[_openings.length - 1].review, "another review");
    }

    /// §3, Break-glass: stored as it was opened.
    function invariant_AnOpeningIsKeptAsItWas() external view {
        (bool isAny, IEmergencyAccess.Emergency memory emergency) = _lastStored();
        if (!isAny) return;
        Opening storage opening = _openings[_openings.length - 1];
        require(emergency.from == opening.from && emergency.until == opening.until, "period");
        require(Labels.unwrap(emergency.labels) == opening.labels, "labels");
        require(_same(emergency.actor, _ids[opening.actor]), "actor");
        require(_same(emergency.colleague, _ids[opening.colleague]), "colleague");
    }

    /// §3, AccessGate: explain says why X may open Y: by a path or an emergency.
    function invariant_ExplainSaysWhatTheGateDoes() external view {
        IAccessGate.Explanation memory explanation = _gate.explain(
            _patient,
            _ids[_BAKER],
            _viaOf(true),
            Purpose.wrap(1),
            Labels.wrap(1),
            SeriesId.wrap(0),
            Actions.wrap(1)
        );
        bool isAllowed = _opens(_planOf(0), 1) || _opensByEmergency(_BAKER, 1);
        require(explanation.allowed == isAllowed, "explained otherwise");
        require((explanation.denial == Denial.None) == isAllowed, "a reason for what is allowed");
    }

    /// §3, Identity, table of powers: delegates read while appointed, and nobody else does.
    function invariant_ADelegateReadsWhileAppointed() external view {
        _requireKept("a delegate reads");
        require(_reads(_patient, _PROXY, 1) == _isWithin(_proxyTerm), "the proxy");
        require(!_reads(_patient, _stranger, 1), "a stranger");
    }

    /// §3, Identity: a guardian reads less what is labelled adolescent.
    function invariant_AGuardianReadsNoSecrets() external view {
        _requireKept("a guardian reads no secrets");
        require(!_reads(_minor, _GUARDIAN, 1 | Vocabulary.ADOLESCENT), "a secret");
    }

    /// §3, Identity: a guardian's power ends at majority by itself.
    function invariant_AGuardiansPowerEndsAtMajority() external view {
        _requireKept("a guardian's power ends");
        require(_reads(_minor, _GUARDIAN, 1) == _guardianReads(), "the guardian");
    }

    /// §3, Identity: an executor's power begins 30 days after attested death, unless the controller objects.
    function invariant_AnExecutorWaits30Days() external view {
        _requireKept("an executor waits");
        require(_reads(_patient, _EXECUTOR, 1) == _executorReads(), "the executor");
    }

    /// §3, Order: (patient, session): dispute, withdraw.
    function invariant_ADisputeIsThePatients() external view {
        _requireKept("a dispute is the patient's");
        (bool isDisputed, uint40 asOf) = _gate.accessDisputeOf(_patient, _DISPUTED);
        require(isDisputed == _isDisputed && asOf >= _disputeAsOf, "a dispute");
    }

    /// §3, Contracts: one permission root; roles are as they were given.
    function invariant_NobodySeizesAnOffice() external view {
        _requireKept("nobody seizes an office");
        for (uint64 role = 0; role < 6; ++role) {
            (bool isHeld, ) = _manager.hasRole(role, _stranger);
            require(!isHeld, "a stranger in an office");
        }
        (bool isOfficer, ) = _manager.hasRole(_PRIVACY_OFFICER, _OFFICER);
        bytes4 reviewing = _gate.reviewEmergency.selector;
        require(_manager.getTargetFunctionRole(address(_gate), reviewing) == _PRIVACY_OFFICER, "another office");
        require(isOfficer, "the officer lost the office");
    }

    function _properties() internal pure override returns (bytes4[] memory properties) {
        bytes4[26] memory list = [
            this.invariant_OnlyALivePathOpens.selector,
            this.invariant_WhatIsPermittedOpens.selector,
            this.invariant_StrangersAreNotHeard.selector,
            this.invariant_NoSessionLastsForEver.selector,
            this.invariant_ARefusalIsLogged.selector,
            this.invariant_AtMost32RefusalsADay.selector,
            this.invariant_ASessionIdIsOfOneRequest.selector,
            this.invariant_AnEmergencyOpensOnce.selector,
            this.invariant_AnEmergencyLastsFourHours.selector,
            this.invariant_AnEmergencyTakesTwoClinicians.selector,
            this.invariant_AForgedCoSignatureOpensNothing.selector,
            this.invariant_OnlyThoseWhoMayBreakGlass.selector,
            this.invariant_AnEmergencyOpens.selector,
            this.invariant_BothAreLockedUntilReview.selector,
            this.invariant_OnlyALiveEmergencyCounts.selector,
            this.invariant_TheUnjustifiedEnds.selector,
            this.invariant_TheUninvolvedOfficerReviews.selector,
            this.invariant_AReviewIsFinal.selector,
            this.invariant_AnOpeningIsKeptAsItWas.selector,
            this.invariant_ExplainSaysWhatTheGateDoes.selector,
            this.invariant_ADelegateReadsWhileAppointed.selector,
            this.invariant_AGuardianReadsNoSecrets.selector,
            this.invariant_AGuardiansPowerEndsAtMajority.selector,
            this.invariant_AnExecutorWaits30Days.selector,
            this.invariant_ADisputeIsThePatients.selector,
            this.invariant_NobodySeizesAnOffice.selector
        ];
        properties = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) properties[i] = list[i];
    }
}
