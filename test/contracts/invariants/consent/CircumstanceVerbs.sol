// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../../contracts/common/Authorization.sol";
import {Actions, Labels, Purpose} from "../../../../contracts/common/Identifiers.sol";
import {IConsentTerms} from "../../../../contracts/consent/IConsentTerms.sol";
import {IPatientRecovery} from "../../../../contracts/identity/IPatientRecovery.sol";
import {DelegateKind} from "../../../../contracts/identity/Power.sol";
import {ShareVerbs} from "./ShareVerbs.sol";

/// @notice Everything else that a consent depends on: exclusions, suspensions, affiliations, delegates, floods of revocation, freezes.
abstract contract CircumstanceVerbs is ShareVerbs {
    function setUp() public override {
        super.setUp();
        _restore(1);
    }

    function exclude(uint256 seed) external {
        (uint40 signedAt, Decider memory decider, uint256 provider) = _aboutProvider(seed);
        uint256 half = decider.signer == _controller ? 0 : 1;
        bytes memory data = abi.encodeCall(
            _consents.exclude,
            (_patient, _ids[provider], _at(decider.signer, signedAt))
        );
        bool landed = _attempt(decider.caller, address(_consents), data);
        _judgeNarrowing(landed, decider, signedAt, _exclusions[provider][half].asOf);
        if (landed) _exclusions[provider][half] = Switch(true, signedAt);
    }

    function readmit(uint256 seed) external {
        (uint40 signedAt, Decider memory decider, uint256 provider) = _aboutProvider(seed);
        uint256 half = decider.signer == _controller ? 0 : 1;
        bytes memory data = abi.encodeCall(
            _consents.readmit,
            (_patient, _ids[provider], _at(decider.signer, signedAt))
        );
        bool landed = _attempt(decider.caller, address(_consents), data);
        _judgeWidening(landed, decider, signedAt, _exclusions[provider][half].asOf);
        if (!landed) return;
        _exclusions[provider][half] = Switch(false, signedAt);
        // The controller also takes back what delegates decided before.
        if (half == 0 && signedAt > _exclusions[provider][1].asOf) _exclusions[provider][1] = Switch(false, signedAt);
    }

    function suspend(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 provider = random % 5;
        _isSuspended[provider] = true;
        _count("suspended");
        _attempt(address(this), address(_providers), abi.encodeCall(_providers.suspend, (_ids[provider])));
    }

    function reinstate(uint256 seed) external {
        uint256 random = _begin(seed);
        // Mostly all of them, or nobody would be left to read.
        for (uint256 i = 0; i < 5; ++i) {
            if (!_isSuspended[i] || (random >> i) % 4 == 0) continue;
            _isSuspended[i] = false;
            _providers.reinstate(_ids[i]);
        }
    }

    /// Ends by either side at once, begins by both.
    function affiliate(uint256 seed) external {
        uint256 random = _begin(seed);
        if (_isSuspended[0] || _isSuspended[_DOCTOR]) return;
        (address key, address personKey) = (_keys[0], _keys[_DOCTOR]);
        if (_isAffiliated) {
            address caller =
                random % 3 == 0
                    ? personKey
                    : random % 3 == 1
                        ? key
                        : _stranger;
            bool ended = _attempt(
                caller,
                address(_providers),
                abi.encodeCall(_providers.endAffiliation, (_ids[0], _ids[_DOCTOR], _at(caller, _now())))
            );
            if (ended) (_isAffiliated, _affiliationAsOf) = (false, _now());
        } else if (_now() > _affiliationAsOf) {
            _affiliate(_ids[0], key, _ids[_DOCTOR], personKey);
            (_isAffiliated, _affiliationAsOf) = (true, _now());
        }
    }

    /// Everything back in place, and passed on to the last.
    function restore(uint256 seed) external {
        _restore(_randomOf(seed));
    }

    function revokeAll(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _signedAt(random);
        Decider memory decider = _deciderOf(random >> 8, signedAt);
        if (decider.isEntitled && _isSpared(random)) return;
        bytes memory data = abi.encodeCall(_patients.revokeAll, (_patient, _at(decider.signer, signedAt)));
        bool landed = _attempt(decider.caller, address(_patients), data);
        if (!decider.isEntitled) _watch("nobody else decides", !landed);
        else _watch("narrowing always lands", landed);
        if (landed) _endEverything(signedAt);
    }

    /// The controller appoints or dismisses the proxy, the proxy leaves, or somebody else tries.
    function appoint(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _signedAt(random);
        address caller = (random >> 8) % 8 == 0 ? _proxy : _controller;
        bool isDismissal = (random >> 16) % 3 == 0;
        uint40 until = _minute(_now()) + ((random >> 24) % 2 == 0 ? 120 : 40 days);
        Authorization memory authorization = _at(caller, signedAt);
        bool wasAppointed = _proxyUntil != 0;
        bytes memory data =
            isDismissal
                ? abi.encodeCall(_patients.dismissDelegate, (_patient, _proxy, authorization))
                : abi.encodeCall(
                    _patients.appointDelegate,
                    (_patient, _proxy, DelegateKind.Proxy, until, authorization)
                );
        bool landed = _attempt(caller, address(_patients), data);
        if (caller == _proxy && !(isDismissal && wasAppointed)) _watch("nobody else decides", !landed);
        if (!isDismissal && _isFrozen()) _watch("a frozen patient widens nothing", !landed);
        if (!isDismissal && signedAt <= _floor) _watch("nothing from before the floor", !landed);
        if (!landed) return;
        _proxyAsOf = signedAt;
        (_proxyFrom, _proxyUntil) = isDismissal ? (0, 0) : (_now(), until);
    }

    /// Trustees freeze, rarely, since all consents end with it, and thaw what is frozen.
    function freeze(uint256 seed) external {
        uint256 random = _begin(seed);
        if (_isFrozen() && (random >> 16) % 2 == 0) return _thaw();
        address caller = random % 4 == 0 ? _proxy : _TRUSTEE;
        if (caller == _TRUSTEE && _isSpared(random)) return;
        bytes memory data = abi.encodeCall(
            _patients.approve,
            (_patient, _proposal(IPatientRecovery.TrusteeVerb.Freeze), _at(caller, _now()))
        );
        bool landed = _attempt(caller, address(_patients), data);
        if (caller != _TRUSTEE) _watch("nobody else decides", !landed);
        if (!landed) return;
        _frozenUntil = _now() + _WINDOW;
        _endEverything(_now());
        _count("frozen");
    }

    function letTimePass(uint256 seed) external {
        uint256 random = _randomOf(seed);
        _pass([uint256(60), 60, 1 hours, 31 days][random % 4]);
    }

    function _restore(uint256 random) internal {
        _pass(1);
        if (_isFrozen()) _thaw();
        for (uint256 i = 0; i < 5; ++i) {
            if (_isSuspended[i]) _providers.reinstate(_ids[i]);
            _isSuspended[i] = false;
            if (!_isExcluded(i)) continue;
            _VM.prank(_controller);
            _consents.readmit(_patient, _ids[i], _at(_controller, _now()));
            (_exclusions[i][0], _exclusions[i][1]) = (Switch(false, _now()), Switch(false, _now()));
        }
        if (!_isAffiliated) {
            _affiliate(_ids[0], _keys[0], _ids[_DOCTOR], _keys[_DOCTOR]);
            (_isAffiliated, _affiliationAsOf) = (true, _now());
        }
        _grantWidely(0);
        _grantWidely(random % 8 == 0 ? 1 : random % 8);
        for (uint256 i = 0; i < 3; ++i) _shareOn(i);
    }

    function _grantWidely(uint256 place) private {
        IConsentTerms.Terms memory terms = _terms(2, place);
        (terms.labels, terms.actions) = (Labels.wrap(7), Actions.wrap(place < 4 ? 7 : 1));
        (terms.notBefore, terms.notAfter) = (_minute(_now()), _minute(_now()) + 400 days);
        bool landed = _attempt(_controller, address(_consents), _grantCall(terms, place, _at(_controller, _now())));
        _watch("what may be decided lands", landed);
        if (landed) _noteGrant(place, terms, _now());
    }

    function _shareOn(uint256 place) private {
        if (_cuts[place].isOn) {
            _VM.prank(_controller);
            _consents.uncut(_patient, _chainTo(place), _ids[place + 1], Purpose.wrap(1), _at(_controller, _now()));
            _cuts[place] = Switch(false, _now());
        }
        Slot memory right = _rightOf(place);
        IConsentTerms.Terms memory terms = _terms(2, 0);
        terms.grantee = _ids[place + 1];
        (terms.labels, terms.actions) = (Labels.wrap(right.labels), Actions.wrap(right.actions));
        (terms.notBefore, terms.notAfter) = (right.from, right.until);
        Attempt memory attempt = Attempt(_keys[place], _now(), right.serial, terms);
        bool landed = _attempt(attempt.caller, address(_consents), _shareCall(place, attempt));
        _watch("what may be decided lands", landed);
        if (landed) _noteShare(place, attempt);
    }

    function _thaw() private {
        bytes memory data = abi.encodeCall(
            _patients.approve,
            (_patient, _proposal(IPatientRecovery.TrusteeVerb.Unfreeze), _at(_TRUSTEE, _now()))
        );
        if (_attempt(_TRUSTEE, address(_patients), data)) _frozenUntil = _now();
    }

    function _endEverything(uint40 signedAt) private {
        ++_generation;
        _endTag();
        if (signedAt > _floor) _floor = signedAt;
        _count("everything ended");
    }

    function _aboutProvider(uint256 seed) private returns (uint40 signedAt, Decider memory decider, uint256 provider) {
        uint256 random = _begin(seed);
        signedAt = _signedAt(random);
        decider = _deciderOf(random >> 8, signedAt);
        provider = (random >> 16) % 5;
    }
}
