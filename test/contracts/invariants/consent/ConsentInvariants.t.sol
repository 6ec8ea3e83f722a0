// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {Actions, Labels, Purpose} from "../../../../contracts/common/Identifiers.sol";
import {IConsentRegistry} from "../../../../contracts/consent/IConsentRegistry.sol";
import {ConsentQuestions} from "./ConsentQuestions.sol";

/// @notice What holds of consents and shares after whatever was decided. Sections are those of the protocol.
contract ConsentInvariants is ConsentQuestions {
    uint8 private constant _READ = 1;

    /// A world in which everything is refused, or a rule is never at stake, shows nothing.
    function testEveryOutcomeHappens() external {
        _drive(600);
        _expectCount("landed", 200);
        _expectCount("refused", 100);
        _expectCount("permitted", 300);
        _expectCount("denied", 300);
        _expectCount("permitted through three shares", 50);
        _expectCount("permitted for the clinic", 50);
        _expectCount("granted", 50);
        _expectCount("revoked", 40);
        _expectCount("shared", 50);
        _expectCount("everything ended", 4);
        _expectCount("frozen", 1);
        _expectAsked("nobody else decides", 40);
        _expectAsked("a forged signature decides nothing", 30);
        _expectAsked("nothing from before the floor", 1);
        _expectAsked("the later decision stands", 4);
        _expectAsked("what may be decided lands", 100);
        _expectAsked("narrowing always lands", 60);
        _expectAsked("a frozen patient widens nothing", 1);
        _expectAsked("an ended tag never returns", 50);
        _expectAsked("no malformed consent", 20);
        _expectAsked("only the sharer shares", 5);
        _expectAsked("nothing dead is shared", 8);
        _expectAsked("a share hangs on a live serial", 2);
        _expectAsked("a child never exceeds its parent", 4);
        _requireExpected();
    }

    /// §3, Consent: one path must cover everything, and only a live one permits.
    function invariant_OnlyALivePathPermits() external view {
        for (uint256 length = 0; length < 4; ++length) _requireAsModelled(length);
    }

    /// §3, Consent: the last grantee is the organisation if set, else the actor, who must be its active affiliate.
    function invariant_AnOrganisationLendsItsConsentToItsActiveAffiliates() external view {
        Slot memory right = _rightOf(0);
        bool isIn =
            _isAffiliated && !_isSuspended[0] && !_isSuspended[_DOCTOR] && !_isExcluded(0) && !_isExcluded(_DOCTOR);
        bool isPermitted = _permitted(_DOCTOR, 0, 1);
        require(isPermitted == (isIn && _permits(right, 1, _READ)), "the doctor of the clinic");
    }

    /// §3, Order: the last decision signed wins, in whatever order they land.
    function invariant_ConsentsAreWhatWasDecidedLast() external view {
        for (uint256 i = 0; i < 8; ++i) {
            IConsentRegistry.Consent memory consent = _consentAt(i);
            Slot storage slot = _slots[i];
            require(Labels.unwrap(consent.labels) == slot.labels, "labels");
            require(Actions.unwrap(consent.actions) == slot.actions, "actions");
            require(consent.notBefore == slot.from && consent.notAfter == slot.until, "period");
        }
    }

    /// §3, Order: each register has a watermark.
    function invariant_WatermarksOfConsentsNeverFall() external view {
        for (uint256 i = 0; i < 8; ++i) require(_consentAt(i).asOf >= _slots[i].asOf, "a watermark fell");
    }

    /// §3, Consent: revoking raises the serial and never deletes.
    function invariant_SerialsOfConsentsNeverFall() external view {
        for (uint256 i = 0; i < 8; ++i) require(_consentAt(i).serial >= _slots[i].serial, "a serial fell");
    }

    /// §3, Consent: the head word's generation rises with every revokeAll.
    function invariant_GenerationNeverFalls() external view {
        require(_patients.headOf(_patient).generation >= _generation, "the generation fell");
    }

    /// §3, Order: revokeAll and freeze raise signedFloor.
    function invariant_FloorNeverFalls() external view {
        require(_patients.headOf(_patient).signedFloor >= _floor, "the floor fell");
    }

    /// §3, Order: permissive decisions need to be signed after the floor.
    function invariant_NothingFromBeforeTheFloorLands() external view {
        _requireKept("nothing from before the floor");
    }

    /// §3, Order: a superseded decision changes nothing.
    function invariant_TheLaterDecisionStands() external view {
        _requireKept("the later decision stands");
    }

    /// §3, Contracts: revocation can never be paused, priced, or made to fail.
    function invariant_NarrowingAlwaysLands() external view {
        _requireKept("narrowing always lands");
    }

    /// §3: a system that refuses what a patient may decide is no safe one.
    function invariant_WhatMayBeDecidedLands() external view {
        _requireKept("what may be decided lands");
    }

    /// §3, Identity: nobody but controller and delegate, while appointed, changes a consent.
    function invariant_NobodyElseDecides() external view {
        _requireKept("nobody else decides");
    }

    /// §3, Signatures: a decision is its signer's, whoever sends it.
    function invariant_AForgedSignatureDecidesNothing() external view {
        _requireKept("a forged signature decides nothing");
    }

    /// §3, Consent: one slot per patient.
    function invariant_AnotherPatientIsUntouched() external view {
        for (uint256 i = 0; i < 2; ++i) {
            IConsentRegistry.Consent memory consent = _consents.consentOf(
                _otherPatient,
                _ids[_granteeOf(i)],
                Purpose.wrap(1)
            );
            require(consent.asOf == 0 && Actions.unwrap(consent.actions) == 0, "another patient's consent");
        }
        require(_patients.headOf(_otherPatient).generation == 0, "another patient's generation");
    }

    /// §3, Consent: revoking clears the actions, for every series or one.
    function invariant_RevokedNeverPermits() external view {
        for (uint256 i = 0; i < 8; ++i) if (_slots[i].actions == 0) _requireClosed(i);
    }

    /// §3, Consent: revokeAll ends the general slot and those of single series.
    function invariant_RevokeAllEndsAll() external view {
        for (uint256 i = 0; i < 8; ++i) if (_slots[i].generation != _generation) _requireClosed(i);
    }

    /// §3, Identity: suspension bites in its own block.
    function invariant_TheSuspendedOpenNothing() external view {
        for (uint256 i = 0; i < 5; ++i) {
            if (!_isSuspended[i]) continue;
            require(!_permitted(i, i == _DOCTOR ? 0 : i, 1), "a suspended provider");
            if (i == 0) require(!_permitted(_DOCTOR, 0, 1), "for a suspended clinic");
        }
    }

    /// §3, Consent: exclude beats every path.
    function invariant_TheExcludedNeverPass() external view {
        for (uint256 i = 0; i < 5; ++i) {
            if (!_isExcluded(i)) continue;
            require(!_permitted(i, i == _DOCTOR ? 0 : i, 1), "an excluded provider");
        }
    }

    /// §3, Order: exclusions keep two halves, the controller's and the delegates'; their OR counts.
    function invariant_ExclusionsKeepTwoHalves() external view {
        for (uint256 i = 0; i < 5; ++i) {
            IConsentRegistry.Exclusion memory exclusion = _consents.exclusionOf(_patient, _ids[i]);
            Switch[2] storage halves = _exclusions[i];
            require(exclusion.byController == halves[0].isOn, "the controller's half");
            require(exclusion.byDelegates == halves[1].isOn, "the delegates' half");
            require(exclusion.controllerAsOf >= halves[0].asOf, "the controller's watermark");
            require(exclusion.delegatesAsOf >= halves[1].asOf, "the delegates' watermark");
        }
    }

    /// §3, Identity: frozen, nothing new is granted.
    function invariant_AFrozenPatientWidensNothing() external view {
        _requireKept("a frozen patient widens nothing");
    }

    /// §3, Consent: whole minutes, known labels and actions, no grant for emergencies, ten years at most.
    function invariant_NoMalformedConsentLands() external view {
        _requireKept("no malformed consent");
    }

    /// §3, Consent: a share is by who holds SHARE.
    function invariant_OnlyTheSharerShares() external view {
        _requireKept("only the sharer shares");
    }

    /// §3, Consent: a share reverts unless its parent is live.
    function invariant_NothingDeadIsShared() external view {
        _requireKept("nothing dead is shared");
    }

    /// §3, Consent: a share signs its parent's live serial, and dies with it.
    function invariant_AShareDiesWithItsParentsSerial() external view {
        _requireKept("a share hangs on a live serial");
        uint32 serial = _slots[0].serial;
        for (uint256 i = 0; i < 3; ++i) {
            if (_shares[i].generation != serial) require(!_permitted(i + 1, i + 1, 1), "outlasted its parent's serial");
            serial = _shares[i].serial;
        }
    }

    /// §3, Consent: effective right = AND of labels and actions.
    function invariant_AChildNeverExceedsItsParent() external view {
        _requireKept("a child never exceeds its parent");
        IConsentRegistry.Right memory parent = _rightThrough(0);
        for (uint256 length = 1; length < 4; ++length) {
            IConsentRegistry.Right memory right = _rightThrough(length);
            require(Labels.unwrap(right.labels) & ~Labels.unwrap(parent.labels) == 0, "more labels");
            require(Actions.unwrap(right.actions) & ~Actions.unwrap(parent.actions) == 0, "more actions");
            parent = right;
        }
    }

    /// §3, Consent: latest notBefore, earliest notAfter.
    function invariant_AChildNeverOutlivesItsParent() external view {
        IConsentRegistry.Right memory parent = _rightThrough(0);
        for (uint256 length = 1; length < 4; ++length) {
            IConsentRegistry.Right memory right = _rightThrough(length);
            bool isLive = Actions.unwrap(right.actions) != 0;
            require(!isLive || right.notAfter <= parent.notAfter, "longer");
            require(!isLive || right.notBefore >= parent.notBefore, "sooner");
            parent = right;
        }
    }

    /// §6: no receipt bearing a grantTag names a block after the one that ended that tag: none comes back to life.
    function invariant_AnEndedTagNeverReturns() external view {
        _requireKept("an ended tag never returns");
    }

    /// §3, Order: cut beats every share.
    function invariant_CutBeatsEveryShare() external view {
        for (uint256 i = 0; i < 3; ++i) {
            if (!_cuts[i].isOn) continue;
            for (uint256 j = i + 1; j < 4; ++j) require(!_permitted(j, j, 1), "through a cut");
        }
    }

    function _properties() internal pure override returns (bytes4[] memory properties) {
        bytes4[28] memory list = [
            this.invariant_OnlyALivePathPermits.selector,
            this.invariant_AnOrganisationLendsItsConsentToItsActiveAffiliates.selector,
            this.invariant_ConsentsAreWhatWasDecidedLast.selector,
            this.invariant_WatermarksOfConsentsNeverFall.selector,
            this.invariant_SerialsOfConsentsNeverFall.selector,
            this.invariant_GenerationNeverFalls.selector,
            this.invariant_FloorNeverFalls.selector,
            this.invariant_NothingFromBeforeTheFloorLands.selector,
            this.invariant_TheLaterDecisionStands.selector,
            this.invariant_NarrowingAlwaysLands.selector,
            this.invariant_WhatMayBeDecidedLands.selector,
            this.invariant_NobodyElseDecides.selector,
            this.invariant_AForgedSignatureDecidesNothing.selector,
            this.invariant_AnotherPatientIsUntouched.selector,
            this.invariant_RevokedNeverPermits.selector,
            this.invariant_RevokeAllEndsAll.selector,
            this.invariant_TheSuspendedOpenNothing.selector,
            this.invariant_TheExcludedNeverPass.selector,
            this.invariant_ExclusionsKeepTwoHalves.selector,
            this.invariant_AFrozenPatientWidensNothing.selector,
            this.invariant_NoMalformedConsentLands.selector,
            this.invariant_OnlyTheSharerShares.selector,
            this.invariant_NothingDeadIsShared.selector,
            this.invariant_AShareDiesWithItsParentsSerial.selector,
            this.invariant_AChildNeverExceedsItsParent.selector,
            this.invariant_AChildNeverOutlivesItsParent.selector,
            this.invariant_AnEndedTagNeverReturns.selector,
            this.invariant_CutBeatsEveryShare.selector
        ];
        properties = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) properties[i] = list[i];
    }
}
