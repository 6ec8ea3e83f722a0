// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {Denial} from "../../../../contracts/common/Denial.sol";
import {ProviderId} from "../../../../contracts/common/Identifiers.sol";
import {IProviderRegistry} from "../../../../contracts/identity/IProviderRegistry.sol";
import {MembershipVerbs} from "./MembershipVerbs.sol";

/// @notice What holds of providers, their keys, privileges and affiliations. Sections are those of the protocol.
contract ProviderInvariants is MembershipVerbs {
    /// A world in which everything is refused, or a rule is never at stake, shows nothing.
    function testEveryOutcomeHappens() external {
        _drive(600);
        _expectCount("admitted", 6);
        _expectCount("retired", 1);
        _expectCount("key added", 2);
        _expectCount("key removed", 2);
        _expectCount("replacement announced", 1);
        _expectCount("replacement cancelled", 1);
        _expectCount("affiliated", 2);
        _expectCount("privileged", 1);
        _expectAsked("only a registrar admits", 10);
        _expectAsked("a key joins once", 20);
        _expectAsked("a name is unique", 3);
        _expectAsked("a licence is unique", 3);
        _expectAsked("who may join joins", 3);
        _expectAsked("retired is for ever", 5);
        _expectAsked("a registrar moves", 10);
        _expectAsked("privileges are an office's", 3);
        _expectAsked("the privilege waits a day", 3);
        _expectAsked("only people break glass", 1);
        _expectAsked("both keys agree", 5);
        _expectAsked("only the active act", 5);
        _expectAsked("a provider keeps a key", 5);
        _expectAsked("a lost key was the provider's", 5);
        _expectAsked("a replacement may be stopped", 10);
        _expectAsked("both sides affiliate", 10);
        _expectAsked("the later decision stands", 1);
        _expectAsked("narrowing always lands", 5);
        _requireExpected();
    }

    /// §3, Identity: status, as the registrar left it; retired for ever.
    function invariant_TheRetiredNeverReturn() external view {
        _requireKept("retired is for ever");
        for (uint256 i = 0; i < _known.length; ++i) {
            require(_providers.providerOf(_known[i].id).status == _known[i].status, "another status");
        }
    }

    /// §2: a key belongs to one provider, and leaves at once.
    function invariant_AKeySpeaksForOneProvider() external view {
        for (uint256 key = 0; key < _KEYS; ++key) {
            ProviderId holder = _providers.providerOfKey(_addressOf(key));
            uint256 provider = _keyring[key].provider;
            bool speaks = _speaksFor(key, provider);
            require(_same(holder, speaks ? _known[provider].id : ProviderId.wrap(0)), "a key of another");
        }
    }

    /// §2: a key never joins again, there or elsewhere.
    function invariant_AKeyNeverJoinsTwice() external view {
        _requireKept("a key joins once");
    }

    /// §2: a key joins with its own signature, called in by one that is held.
    function invariant_BothKeysAgree() external view {
        _requireKept("both keys agree");
        _requireKept("who may join joins");
    }

    /// §2: a registrar may replace lost keys, after a delay.
    function invariant_AReplacementWaits() external view {
        _requireKept("a lost key was the provider's");
        _requireKept("a replacement may be stopped");
        for (uint256 key = 0; key < _KEYS; ++key) {
            if (_keyring[key].state != KeyState.Coming || block.timestamp >= _keyring[key].effectiveAt) continue;
            require(ProviderId.unwrap(_providers.providerOfKey(_addressOf(key))) == 0, "a key too soon");
        }
    }

    /// §2: a provider is never left without a key.
    function invariant_AProviderKeepsAKey() external view {
        _requireKept("a provider keeps a key");
        for (uint256 i = 0; i < _known.length; ++i) require(_known[i].keys > 0, "no key left");
    }

    /// §3, Identity: unique licence commitment.
    function invariant_ALicenceIsUnique() external view {
        _requireKept("a licence is unique");
        for (uint256 i = 0; i < _known.length; ++i) {
            bytes32 licence = _providers.providerOf(_known[i].id).licence;
            require(licence == _known[i].licence, "another licence");
            for (uint256 j = 0; j < i; ++j) require(licence == 0 || licence != _known[j].licence, "a licence twice");
        }
    }

    /// §3, Identity: a taken lookalike is refused; names are never freed.
    function invariant_ANameIsUnique() external view {
        _requireKept("a name is unique");
        for (uint256 i = 0; i < _known.length; ++i) {
            require(_providers.nameHashOf(_known[i].id) == _known[i].name, "another name");
        }
    }

    /// §1, Actors: registrars admit and suspend, and nobody else.
    function invariant_OnlyARegistrarAdmits() external view {
        _requireKept("only a registrar admits");
        _requireKept("a registrar moves");
    }

    /// §3, Identity: AUTHOR by the registrar; EMERGENCY by another role, 24 hours ahead, to practitioners.
    function invariant_PrivilegesAreAnOffices() external view {
        _requireKept("privileges are an office's");
        for (uint256 i = 0; i < _known.length; ++i) {
            IProviderRegistry.Provider memory provider = _providers.providerOf(_known[i].id);
            require(provider.author == _known[i].isAuthor, "another authorship");
            require(provider.emergency == _known[i].mayBreakGlass, "another privilege");
        }
    }

    /// §3, Identity: EMERGENCY by another role, at least 24 hours ahead.
    function invariant_ThePrivilegeWaitsADay() external view {
        _requireKept("the privilege waits a day");
        _requireKept("only people break glass");
    }

    /// §3, Identity: only an active provider proposes, accepts, or adds keys.
    function invariant_OnlyTheActiveAct() external view {
        _requireKept("only the active act");
    }

    /// §3, Identity: affiliation proposed by the organisation and accepted by the practitioner.
    function invariant_AnAffiliationNeedsBothSides() external view {
        _requireKept("both sides affiliate");
        for (uint256 i = 0; i < 4; ++i) {
            (uint256 organisation, uint256 person) = (i / 2, 2 + (i % 2));
            (IProviderRegistry.AffiliationStatus status, ) = _providers.affiliationOf(
                _known[organisation].id,
                _known[person].id
            );
            require(status == _affiliations[organisation][person].status, "another affiliation");
        }
    }

    /// §3, Order: of affiliations, too, the last decision signed wins.
    function invariant_WatermarksOfAffiliationsNeverFall() external view {
        _requireKept("the later decision stands");
        for (uint256 i = 0; i < 4; ++i) {
            (uint256 organisation, uint256 person) = (i / 2, 2 + (i % 2));
            (, uint40 asOf) = _providers.affiliationOf(_known[organisation].id, _known[person].id);
            require(asOf >= _affiliations[organisation][person].asOf, "a watermark fell");
        }
    }

    /// §3, Contracts: what narrows can always be decided.
    function invariant_EndingAnAffiliationAlwaysLands() external view {
        _requireKept("narrowing always lands");
    }

    /// §3, Identity: suspension bites in its own block, for whoever works there.
    function invariant_OnlyTheActiveStand() external view {
        for (uint256 i = 0; i < 4; ++i) {
            (uint256 organisation, uint256 person) = (i / 2, 2 + (i % 2));
            (Denial denial, , ) = _providers.standingOf(_known[person].id, _known[organisation].id);
            bool isActive = _affiliations[organisation][person].status == IProviderRegistry.AffiliationStatus.Active;
            bool isIn = _isActive(person) && _isActive(organisation) && isActive;
            require((denial == Denial.None) == isIn, "another standing");
        }
    }

    function _verbs() internal pure override returns (bytes4[] memory verbs) {
        bytes4[16] memory list = [
            this.admit.selector,
            this.suspend.selector,
            this.reinstate.selector,
            this.reinstate.selector,
            this.retire.selector,
            this.setAuthorship.selector,
            this.setEmergency.selector,
            this.addKey.selector,
            this.removeKey.selector,
            this.replaceKey.selector,
            this.keepKey.selector,
            this.propose.selector,
            this.accept.selector,
            this.end.selector,
            this.setEmergency.selector,
            this.letTimePass.selector
        ];
        verbs = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) verbs[i] = list[i];
    }

    // What happened is counted by the verbs.
    function _tally() internal override {}

    function _properties() internal pure override returns (bytes4[] memory properties) {
        bytes4[16] memory list = [
            this.invariant_TheRetiredNeverReturn.selector,
            this.invariant_AKeySpeaksForOneProvider.selector,
            this.invariant_AKeyNeverJoinsTwice.selector,
            this.invariant_BothKeysAgree.selector,
            this.invariant_AReplacementWaits.selector,
            this.invariant_AProviderKeepsAKey.selector,
            this.invariant_ALicenceIsUnique.selector,
            this.invariant_ANameIsUnique.selector,
            this.invariant_OnlyARegistrarAdmits.selector,
            this.invariant_PrivilegesAreAnOffices.selector,
            this.invariant_ThePrivilegeWaitsADay.selector,
            this.invariant_OnlyTheActiveAct.selector,
            this.invariant_AnAffiliationNeedsBothSides.selector,
            this.invariant_WatermarksOfAffiliationsNeverFall.selector,
            this.invariant_EndingAnAffiliationAlwaysLands.selector,
            this.invariant_OnlyTheActiveStand.selector
        ];
        properties = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) properties[i] = list[i];
    }
}
