// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {AuthorId, Labels, PatientId, RecordId} from "../../../../contracts/common/Identifiers.sol";
import {ISeriesDecisions} from "../../../../contracts/records/ISeriesDecisions.sol";
import {ISeriesErasures} from "../../../../contracts/records/ISeriesErasures.sol";
import {ErasureVerbs} from "./ErasureVerbs.sol";

/// @notice What holds of records, restrictions, disputes and erasures. Sections are those of the protocol.
contract RecordInvariants is ErasureVerbs {
    /// A world in which everything is refused, or a rule is never at stake, shows nothing.
    function testEveryOutcomeHappens() external {
        _drive(600);
        _expectCount("erasure requested", 3);
        _expectCount("erasure cancelled", 1);
        _expectCount("erasure deferred", 1);
        _expectCount("deleted", 1);
        _expectAsked("nobody else decides", 30);
        _expectAsked("nothing from before the floor", 1);
        _expectAsked("the later decision stands", 5);
        _expectAsked("what may be decided lands", 20);
        _expectAsked("narrowing always lands", 20);
        _expectAsked("the deleted never returns", 10);
        _expectAsked("only the author defers", 5);
        _expectAsked("only a request is deferred", 1);
        _expectAsked("only an author with consent", 10);
        _expectAsked("who may write anchors", 3);
        _expectAsked("anchored once", 1);
        _expectAsked("only the author retracts", 20);
        _requireExpected();
    }

    /// What trustees kept in time stays, although they ask once more when it would have been deleted.
    function testARecordKeptTwiceStaysKept() external {
        _VM.prank(_CONTROLLER);
        _records.requestErasure(_patient, _series[0], _at(_CONTROLLER, _now()));
        require(_records.isErased(_patient, _series[0]), "not stopped");
        _pass(1 days);
        _keep(0);
        require(!_records.isErased(_patient, _series[0]), "not kept");
        _pass(_DELAY);
        _keep(0);
        require(!_records.isErased(_patient, _series[0]), "deleted although it was kept");
    }

    /// §3, Order: restrictions keep two halves, the controller's and the delegates'; their OR counts.
    function invariant_RestrictionsKeepTwoHalves() external view {
        for (uint256 i = 0; i < 2; ++i) {
            ISeriesDecisions.Restrictions memory stored = _records.restrictionsOf(_patient, _series[i]);
            require(Labels.unwrap(stored.controller) == _halves[i][0].labels, "the controller's half");
            require(Labels.unwrap(stored.delegates) == _halves[i][1].labels, "the delegates' half");
            uint64 counted = Labels.unwrap(_records.stateOf(_patient, _series[i]).restrictions);
            require(counted == _halves[i][0].labels | _halves[i][1].labels, "their union");
        }
    }

    /// §3, Order: each half has a watermark of its own.
    function invariant_WatermarksOfRestrictionsNeverFall() external view {
        for (uint256 i = 0; i < 2; ++i) {
            ISeriesDecisions.Restrictions memory stored = _records.restrictionsOf(_patient, _series[i]);
            require(stored.controllerAsOf >= _halves[i][0].asOf, "the controller's watermark");
            require(stored.delegatesAsOf >= _halves[i][1].asOf, "the delegates' watermark");
        }
    }

    /// §3, Records: restrict, dispute and erasure are the patient's.
    function invariant_NobodyElseDecidesAboutASeries() external view {
        _requireKept("nobody else decides");
    }

    /// §3, Order: the last decision signed wins.
    function invariant_TheLaterDecisionStandsForASeries() external view {
        _requireKept("the later decision stands");
        _requireKept("nothing from before the floor");
    }

    /// §3, Contracts: what narrows can always be decided.
    function invariant_RestrictingAlwaysLands() external view {
        _requireKept("narrowing always lands");
    }

    /// §3: what a patient may decide is not refused.
    function invariant_WhatMayBeDecidedOfASeriesLands() external view {
        _requireKept("what may be decided lands");
    }

    /// §3, Order: (patient, series) dispute.
    function invariant_ADisputeIsAsDecidedLast() external view {
        for (uint256 i = 0; i < 2; ++i) {
            (bool isDisputed, uint40 asOf) = _records.disputeOf(_patient, _series[i]);
            require(isDisputed == _disputes[i].isOn && asOf >= _disputes[i].asOf, "a dispute");
        }
    }

    /// §3, Records: erasure stops releases at once, deferred or not.
    function invariant_AnErasureStopsAtOnce() external view {
        for (uint256 i = 0; i < 2; ++i) {
            require(_records.isErased(_patient, _series[i]) == (_erasures[i].requestedAt != 0), "stopped otherwise");
        }
    }

    /// §3, Order: cancel until deletion; what is deleted does not return.
    function invariant_TheDeletedNeverReturns() external view {
        _requireKept("the deleted never returns");
        for (uint256 i = 0; i < 2; ++i) {
            if (_erasures[i].isDeleted) require(_records.isErased(_patient, _series[i]), "returned");
        }
    }

    /// §3, Identity: deletion takes effect after patientDelay, by time alone.
    function invariant_ADeletionWaitsSevenDays() external view {
        for (uint256 i = 0; i < 2; ++i) {
            (ISeriesErasures.Erasure memory erasure, uint40 from) = _records.erasureOf(_patient, _series[i]);
            require(from == _deletableFrom(i), "another time");
            require(from == 0 || from >= erasure.requestedAt + _DELAY, "deleted too soon");
        }
    }

    /// §3, Records: an author bound by a retention law may defer the deletion, never the stop.
    function invariant_OnlyTheAuthorDefers() external view {
        _requireKept("only the author defers");
        _requireKept("only a request is deferred");
        _requireKept("a deferral is longer");
    }

    /// §3, Records: anchored by an AUTHOR with WRITE, or by the controller for their own record.
    function invariant_OnlyAnAuthorWithConsentAnchors() external view {
        _requireKept("only an author with consent");
        _requireKept("who may write anchors");
    }

    /// §3, Records: one slot, holding the block, once.
    function invariant_AnAnchorNeverMoves() external view {
        _requireKept("anchored once");
        AuthorId own = AuthorId.wrap(PatientId.unwrap(_patient));
        for (uint256 i = 1; i < 7; ++i) {
            RecordId id = RecordId.wrap(bytes32(i));
            require(_records.anchoredAt(_patient, id, Labels.wrap(3), _authorId()) == _anchoredIn[i], "moved");
            require(_records.anchoredAt(_patient, id, Labels.wrap(3), own) == _ownAnchoredIn[i], "an own one moved");
        }
    }

    /// §3, Records: retract under (author, recordId), by the author, for ever.
    function invariant_ARetractionIsForEver() external view {
        _requireKept("only the author retracts");
        for (uint256 i = 1; i < 7; ++i) {
            require(_records.isRetracted(RecordId.wrap(bytes32(i)), _authorId()) == _isRetracted[i], "a retraction");
        }
    }

    /// §3, Records: what is decided about another patient's series lies elsewhere.
    function invariant_AnotherPatientsSeriesIsUntouched() external view {
        for (uint256 i = 0; i < 2; ++i) {
            ISeriesDecisions.SeriesState memory state = _records.stateOf(_otherPatient, _series[i]);
            require(Labels.unwrap(state.restrictions) == 0 && !state.isDisputed && !state.isErased, "touched");
        }
    }

    function _verbs() internal pure override returns (bytes4[] memory verbs) {
        bytes4[14] memory list = [
            this.restrict.selector,
            this.unrestrict.selector,
            this.dispute.selector,
            this.withdrawDispute.selector,
            this.revokeAll.selector,
            this.requestErasure.selector,
            this.requestErasure.selector,
            this.cancelErasure.selector,
            this.keepByTrustees.selector,
            this.deferErasure.selector,
            this.changeAuthor.selector,
            this.anchor.selector,
            this.retract.selector,
            this.letTimePass.selector
        ];
        verbs = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) verbs[i] = list[i];
    }

    // What happened is counted by the verbs.
    function _tally() internal override {}

    function _properties() internal pure override returns (bytes4[] memory properties) {
        bytes4[15] memory list = [
            this.invariant_RestrictionsKeepTwoHalves.selector,
            this.invariant_WatermarksOfRestrictionsNeverFall.selector,
            this.invariant_NobodyElseDecidesAboutASeries.selector,
            this.invariant_TheLaterDecisionStandsForASeries.selector,
            this.invariant_RestrictingAlwaysLands.selector,
            this.invariant_WhatMayBeDecidedOfASeriesLands.selector,
            this.invariant_ADisputeIsAsDecidedLast.selector,
            this.invariant_AnErasureStopsAtOnce.selector,
            this.invariant_TheDeletedNeverReturns.selector,
            this.invariant_ADeletionWaitsSevenDays.selector,
            this.invariant_OnlyTheAuthorDefers.selector,
            this.invariant_OnlyAnAuthorWithConsentAnchors.selector,
            this.invariant_AnAnchorNeverMoves.selector,
            this.invariant_ARetractionIsForEver.selector,
            this.invariant_AnotherPatientsSeriesIsUntouched.selector
        ];
        properties = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) properties[i] = list[i];
    }
}
