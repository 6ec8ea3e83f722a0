// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../../contracts/common/Authorization.sol";
import {Actions, Labels, Purpose} from "../../../../contracts/common/Identifiers.sol";
import {IConsentTerms} from "../../../../contracts/consent/IConsentTerms.sol";
import {ConsentVerbs} from "./ConsentVerbs.sol";

/// @notice What organisations pass on, and what the patient cuts.
abstract contract ShareVerbs is ConsentVerbs {
    /// @dev Who tries to pass on what.
    struct Attempt {
        address caller;
        uint40 signedAt;
        uint32 parentSerial;
        IConsentTerms.Terms terms;
    }

    Purpose private constant _TREATMENT = Purpose.wrap(1);

    function share(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 place = random % 3;
        Slot memory right = _rightOf(place);
        // Mostly by the sharer, of the live serial, and within what it holds.
        Attempt memory attempt = Attempt({
            caller: (random >> 8) % 8 == 0 ? _keys[_HOSPITAL] : _keys[place],
            signedAt: _signedAt(random),
            parentSerial: (random >> 12) % 8 == 0 ? uint32(random >> 16) % 4 : right.serial,
            terms: _part(random >> 24, place, right)
        });
        bool landed = _attempt(attempt.caller, address(_consents), _shareCall(place, attempt));
        _judgeShare(landed, place, attempt, right);
        if (landed) _noteShare(place, attempt);
    }

    function unshare(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _signedAt(random);
        uint256 place = random % 3;
        address caller = (random >> 8) % 4 == 0 ? _controller : _keys[place];
        Slot storage slot = _shares[place];
        bytes memory data = abi.encodeCall(
            _consents.unshare,
            (_patient, _chainTo(place), _ids[place + 1], _TREATMENT, _at(caller, signedAt))
        );
        bool landed = _attempt(caller, address(_consents), data);
        if (caller != _keys[place]) _watch("only the sharer shares", !landed);
        else if (signedAt < slot.asOf) _watch("the later decision stands", !landed);
        else _watch("narrowing always lands", landed);
        if (!landed || (signedAt == slot.asOf && slot.actions == 0)) return;
        (slot.actions, slot.serial, slot.asOf) = (0, slot.serial + 1, signedAt);
    }

    function cut(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _signedAt(random);
        uint256 place = random % 3;
        Decider memory decider = _deciderOf(random >> 8, signedAt);
        bytes memory data = abi.encodeCall(
            _consents.cut,
            (_patient, _chainTo(place), _ids[place + 1], _TREATMENT, _at(decider.signer, signedAt))
        );
        bool landed = _attempt(decider.caller, address(_consents), data);
        _judgeNarrowing(landed, decider, signedAt, _cuts[place].asOf);
        if (landed) _cuts[place] = Switch(true, signedAt);
    }

    function uncut(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _signedAt(random);
        uint256 place = random % 3;
        Decider memory decider = _deciderOf(random >> 8, signedAt);
        bytes memory data = abi.encodeCall(
            _consents.uncut,
            (_patient, _chainTo(place), _ids[place + 1], _TREATMENT, _at(decider.signer, signedAt))
        );
        bool landed = _attempt(decider.caller, address(_consents), data);
        _judgeWidening(landed, decider, signedAt, _cuts[place].asOf);
        if (landed) _cuts[place] = Switch(false, signedAt);
    }

    function _judgeShare(bool landed, uint256 place, Attempt memory attempt, Slot memory right) private {
        bool isBySharer = attempt.caller == _keys[place];
        if (!isBySharer) _watch("only the sharer shares", !landed);
        bool isShareable = _isShareable(place, right);
        if (!isShareable) _watch("nothing dead is shared", !landed);
        bool isLiveSerial = attempt.parentSerial == right.serial;
        if (!isLiveSerial) _watch("a share hangs on a live serial", !landed);
        bool isPart = _isPart(attempt.terms, right);
        if (!isPart) _watch("a child never exceeds its parent", !landed);
        bool isNewer = attempt.signedAt > _floor && attempt.signedAt > _shares[place].asOf;
        if (!isNewer) _watch("the later decision stands", !landed);
        if (isBySharer && isShareable && isLiveSerial && isPart && isNewer) {
            _watch("what may be decided lands", landed);
        }
    }

    function _isShareable(uint256 place, Slot memory right) private view returns (bool) {
        bool isIn = !_isSuspended[place] && !_isExcluded(place);
        return isIn && right.actions & 4 != 0 && block.timestamp < right.until;
    }

    function _isPart(IConsentTerms.Terms memory terms, Slot memory right) private pure returns (bool) {
        return
            Labels.unwrap(terms.labels) & ~right.labels == 0 &&
            Actions.unwrap(terms.actions) & ~right.actions == 0 &&
            terms.notBefore >= right.from &&
            terms.notAfter <= right.until;
    }

    function _noteShare(uint256 place, Attempt memory attempt) internal {
        _count("shared");
        IConsentTerms.Terms memory terms = attempt.terms;
        Slot storage slot = _shares[place];
        (slot.labels, slot.actions) = (Labels.unwrap(terms.labels), Actions.unwrap(terms.actions));
        (slot.from, slot.until) = (terms.notBefore, terms.notAfter);
        (slot.generation, slot.serial, slot.asOf) = (attempt.parentSerial, slot.serial + 1, attempt.signedAt);
    }

    function _shareCall(uint256 place, Attempt memory attempt) internal view returns (bytes memory) {
        Authorization memory authorization = _at(attempt.caller, attempt.signedAt);
        return abi.encodeCall(_consents.share, (attempt.terms, _chainTo(place), attempt.parentSerial, authorization));
    }

    /// @dev A part of what the sharer holds, or one time in four something beyond it.
    function _part(
        uint256 random,
        uint256 place,
        Slot memory right
    ) private view returns (IConsentTerms.Terms memory terms) {
        terms = _terms(random, 0);
        terms.grantee = _ids[place + 1];
        if (right.actions == 0 || random % 4 == 0) return terms;
        uint64 labels = Labels.unwrap(terms.labels) & right.labels;
        uint8 actions = Actions.unwrap(terms.actions) & right.actions;
        terms.labels = Labels.wrap(labels == 0 ? right.labels : labels);
        terms.actions = Actions.wrap(actions == 0 ? right.actions : actions);
        if (terms.notBefore < right.from || terms.notBefore >= right.until) terms.notBefore = right.from;
        if (terms.notAfter > right.until || terms.notAfter <= terms.notBefore) terms.notAfter = right.until;
    }
}
