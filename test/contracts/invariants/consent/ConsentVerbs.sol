// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../../contracts/common/Authorization.sol";
import {Actions, Labels, ProviderId, Purpose, SeriesId} from "../../../../contracts/common/Identifiers.sol";
import {Decision} from "../../../../contracts/consent/ConsentBook.sol";
import {ConsentWords} from "../../../../contracts/consent/ConsentWords.sol";
import {Via} from "../../../../contracts/consent/IConsentRegistry.sol";
import {IConsentGrants} from "../../../../contracts/consent/IConsentGrants.sol";
import {IConsentTerms} from "../../../../contracts/consent/IConsentTerms.sol";
import {ConsentModel} from "./ConsentModel.sol";

/// @notice What a patient decides about consents: by calling, or signed and sent by a stranger.
abstract contract ConsentVerbs is ConsentModel {
    bytes32 private _tag;
    mapping(bytes32 grantTag => bool) private _isEnded;

    function grant(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _signedAt(random);
        uint256 place = (random >> 16) % 8;
        IConsentTerms.Terms memory terms = _terms(random >> 24, place);
        Decider memory decider = _deciderOf(random >> 8, signedAt);
        Authorization memory authorization = _at(decider.signer, signedAt);
        bool landed = _attempt(decider.caller, address(_consents), _grantCall(terms, place, authorization));
        _judgeWidening(landed, decider, signedAt, _slots[place].asOf);
        if (landed) _noteGrant(place, terms, signedAt);
    }

    function revoke(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _signedAt(random);
        uint256 place = (random >> 16) % 8;
        Decider memory decider = _deciderOf(random >> 8, signedAt);
        Authorization memory authorization = _at(decider.signer, signedAt);
        bool landed = _attempt(decider.caller, address(_consents), _revokeCall(place, authorization));
        _judgeNarrowing(landed, decider, signedAt, _slots[place].asOf);
        if (landed) _noteRevocation(place, signedAt);
    }

    /// Signed by the controller, or forged, and sent by a stranger.
    function sendSignedGrant(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _signedAt(random);
        uint256 place = (random >> 16) % 8;
        IConsentTerms.Terms memory terms = _terms(random >> 24, place);
        bytes32 structHash = ConsentWords.hashOfGrant(terms, _seriesOf(place), _nameAt(place), _decision(signedAt));
        (Decider memory decider, Authorization memory authorization) = _signed(random >> 8, signedAt, structHash);
        bool landed = _attempt(_stranger, address(_consents), _grantCall(terms, place, authorization));
        _watch("a forged signature decides nothing", decider.isEntitled || !landed);
        _judgeWidening(landed, decider, signedAt, _slots[place].asOf);
        if (landed) _noteGrant(place, terms, signedAt);
    }

    function sendSignedRevocation(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _signedAt(random);
        uint256 place = (random >> 16) % 8;
        Decision memory decision = _decision(signedAt);
        bytes32 structHash = ConsentWords.hashOfRevocation(_patient, _revocation(place), _nameAt(place), decision);
        (Decider memory decider, Authorization memory authorization) = _signed(random >> 8, signedAt, structHash);
        bool landed = _attempt(_stranger, address(_consents), _revokeCall(place, authorization));
        _watch("a forged signature decides nothing", decider.isEntitled || !landed);
        _judgeNarrowing(landed, decider, signedAt, _slots[place].asOf);
        if (landed) _noteRevocation(place, signedAt);
    }

    /// Everything of the patient's in one go: what a later decision overtook is skipped, the rest takes effect.
    function revokeMany(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _signedAt(random);
        Decider memory decider = _deciderOf(random >> 8, signedAt);
        if (decider.isEntitled && _isSpared(random)) return;
        IConsentGrants.Revocation[] memory items = new IConsentGrants.Revocation[](8);
        for (uint256 i = 0; i < 8; ++i) items[i] = _revocation(i);
        bytes memory data = abi.encodeCall(_consents.revokeMany, (_patient, items, _at(decider.signer, signedAt)));
        bool landed = _attempt(decider.caller, address(_consents), data);
        _watch("nobody else decides", landed == decider.isEntitled);
        if (!landed) return;
        for (uint256 i = 0; i < 8; ++i) if (signedAt >= _slots[i].asOf) _noteRevocation(i, signedAt);
    }

    /// What no consent may say, whoever says it.
    function grantMalformed(uint256 seed) external {
        uint256 random = _begin(seed);
        IConsentTerms.Terms memory terms = _terms(random >> 24, 0);
        uint256 fault = random % 7;
        if (fault == 0) terms.purpose = Purpose.wrap(2);
        else if (fault == 1) terms.labels = Labels.wrap(uint64(1) << uint64(40 + ((random >> 8) % 8)));
        else if (fault == 2) terms.labels = Labels.wrap(0);
        else if (fault == 3) terms.actions = Actions.wrap(uint8(8 | (random >> 8)));
        else if (fault == 4) terms.notAfter = uint40((block.timestamp + _LONGEST) / 60) * 60 + 60;
        else if (fault == 5) terms.notAfter = terms.notBefore;
        else terms.notBefore += 1;
        bytes memory data = abi.encodeCall(_consents.grant, (terms, _at(_controller, _now())));
        _watch("no malformed consent", !_attempt(_controller, address(_consents), data));
    }

    function _begin(uint256 seed) internal returns (uint256 random) {
        random = _randomOf(seed);
        uint256 pause = (random >> 248) % 8;
        // Several decisions share a second; a few minutes reach the ends of the shortest consents.
        _pass(pause == 7 ? 90 : pause / 2);
        _noteTag();
    }

    /// @dev Of what ends everything most is left out: a world in which nothing lives long shows little.
    function _isSpared(uint256 random) internal pure returns (bool) {
        return (random >> 232) % 6 != 0;
    }

    /// @dev Up to two minutes ago: decisions land in another order than they were signed.
    function _signedAt(uint256 random) internal view returns (uint40) {
        uint256 age = (random >> 240) % 128;
        return
            uint40(
                block.timestamp -
                    (
                        random % 3 == 0
                            ? age
                            : random % 3 == 1
                                ? age % 4
                                : 0
                    )
            );
    }

    /// @dev The rules of what widens access.
    function _judgeWidening(bool landed, Decider memory decider, uint40 signedAt, uint40 asOf) internal {
        bool isAllowed = decider.isEntitled;
        if (!isAllowed) _watch("nobody else decides", !landed);
        if (_isFrozen()) {
            isAllowed = false;
            _watch("a frozen patient widens nothing", !landed);
        }
        if (signedAt <= _floor) {
            isAllowed = false;
            _watch("nothing from before the floor", !landed);
        }
        if (signedAt <= asOf) {
            isAllowed = false;
            _watch("the later decision stands", !landed);
        }
        if (isAllowed) _watch("what may be decided lands", landed);
    }

    /// @dev Of what narrows it: nothing but a later decision stands against it.
    function _judgeNarrowing(bool landed, Decider memory decider, uint40 signedAt, uint40 asOf) internal {
        if (!decider.isEntitled) _watch("nobody else decides", !landed);
        else if (signedAt < asOf) _watch("the later decision stands", !landed);
        else _watch("narrowing always lands", landed);
    }

    /// @dev By the controller's key, or one time in three by a stranger's.
    function _signed(
        uint256 random,
        uint40 signedAt,
        bytes32 structHash
    ) private view returns (Decider memory decider, Authorization memory authorization) {
        bool isForged = random % 3 == 0;
        decider = Decider(_stranger, _controller, !isForged);
        authorization = _at(_controller, signedAt);
        bytes32 digest = _digest(address(_consents), structHash);
        authorization.signature = _sign(isForged ? _STRANGER_KEY : _CONTROLLER_KEY, digest);
    }

    function _decision(uint40 signedAt) private view returns (Decision memory) {
        return Decision(_controller, signedAt, signedAt + _LIFETIME, 0, 0, true);
    }

    function _nameAt(uint256 place) private view returns (bytes32) {
        return _providers.nameHashOf(_ids[_granteeOf(place)]);
    }

    function _noteGrant(uint256 place, IConsentTerms.Terms memory terms, uint40 signedAt) internal {
        _count("granted");
        if (place == 0) _endTag();
        Slot storage slot = _slots[place];
        (slot.labels, slot.actions) = (Labels.unwrap(terms.labels), Actions.unwrap(terms.actions));
        (slot.from, slot.until) = (terms.notBefore, terms.notAfter);
        (slot.generation, slot.serial, slot.asOf) = (_generation, slot.serial + 1, signedAt);
    }

    function _noteRevocation(uint256 place, uint40 signedAt) private {
        _count("revoked");
        Slot storage slot = _slots[place];
        if (signedAt == slot.asOf && slot.actions == 0) return;
        if (place == 0) _endTag();
        (slot.actions, slot.serial, slot.asOf) = (0, slot.serial + 1, signedAt);
    }

    /// @dev Under which tag the clinic reads now, if it does. Suspension, exclusion and time hide a tag; only decisions about the consent
    /// end it.
    function _noteTag() private {
        Via memory via = Via(ProviderId.wrap(0), new ProviderId[](0), false);
        (, bytes32 tag) = _consents.isPermitted(
            _patient,
            _ids[0],
            via,
            Purpose.wrap(1),
            Labels.wrap(1),
            SeriesId.wrap(0),
            Actions.wrap(1)
        );
        if (tag == 0) return;
        _watch("an ended tag never returns", !_isEnded[tag]);
        _tag = tag;
    }

    function _endTag() internal {
        _isEnded[_tag] = true;
        _tag = 0;
    }

    /// @dev Three labels, READ and mostly SHARE, for a minute up to years, now or from a minute on.
    function _terms(uint256 random, uint256 place) internal view returns (IConsentTerms.Terms memory) {
        uint40 from = uint40(block.timestamp / 60) * 60 + (random % 4 == 0 ? 60 : 0);
        uint256 length = (random >> 8) % 4;
        return
            IConsentTerms.Terms({
                patient: _patient,
                grantee: _ids[_granteeOf(place)],
                purpose: _purposeOf(place),
                labels: Labels.wrap(uint64(1 + ((random >> 16) % 7))),
                actions: Actions.wrap(
                    place < 4 ? uint8(1 + ((random >> 24) % 7)) | ((random >> 32) % 4 == 0 ? 0 : 5) : 1
                ),
                notBefore: from,
                notAfter: from +
                    (
                        length == 0
                            ? 60
                            : length == 1
                                ? 3600
                                : uint40(length) * 400 days
                    ),
                document: 0
            });
    }

    function _grantCall(
        IConsentTerms.Terms memory terms,
        uint256 place,
        Authorization memory authorization
    ) internal view returns (bytes memory) {
        if (place < 4) return abi.encodeCall(_consents.grant, (terms, authorization));
        return abi.encodeCall(_consents.grantRecord, (terms, _SERIES, authorization));
    }

    function _revokeCall(uint256 place, Authorization memory authorization) private view returns (bytes memory) {
        IConsentGrants.Revocation memory item = _revocation(place);
        if (place < 4) return abi.encodeCall(_consents.revoke, (_patient, item.grantee, item.purpose, authorization));
        return
            abi.encodeCall(_consents.revokeRecord, (_patient, item.series, item.grantee, item.purpose, authorization));
    }

    function _revocation(uint256 place) private view returns (IConsentGrants.Revocation memory) {
        return IConsentGrants.Revocation(_seriesOf(place), _ids[_granteeOf(place)], _purposeOf(place));
    }
}
