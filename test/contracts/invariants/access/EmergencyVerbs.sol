// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmergencyAccess} from "../../../../contracts/access/IEmergencyAccess.sol";
import {Authorization} from "../../../../contracts/common/Authorization.sol";
import {Labels, SessionId} from "../../../../contracts/common/Identifiers.sol";
import {Vocabulary} from "../../../../contracts/common/Vocabulary.sol";
import {SessionVerbs} from "./SessionVerbs.sol";

/// @notice Broken glass: opened, reviewed, and all that it depends on.
abstract contract EmergencyVerbs is SessionVerbs {
    /// @dev Who asks and vouches, and whether the second signature is genuine.
    struct Pair {
        uint256 actor;
        uint256 colleague;
        bool isForged;
    }

    function openEmergency(uint256 seed) external {
        uint256 random = _begin(seed);
        // Mostly the two who may.
        Pair memory pair = Pair(
            random % 8 < 3
                ? _BAKER
                : random % 8 < 6
                    ? _CHEN
                    : random % 5,
            0,
            false
        );
        pair.colleague = (random >> 8) % 4 != 0 ? (pair.actor == _CHEN ? _BAKER : _CHEN) : (random >> 12) % 5;
        if ((random >> 20) % 8 == 0) pair.colleague = pair.actor;
        pair.isForged = (random >> 16) % 6 == 0;
        IEmergencyAccess.EmergencyRequest memory request = _requestFrom(random >> 24);
        bool isFormed = _isFormed(request);
        bool isDue = _isDue(pair);
        bytes memory data = abi.encodeCall(_gate.openEmergencySession, (request, _coSignature(pair, request)));
        (bool landed, bytes memory answer) = _ask(_keys[pair.actor], address(_gate), data);
        SessionId id = landed ? abi.decode(answer, (SessionId)) : SessionId.wrap(0);
        _judgeOpening(pair, isFormed, isDue, landed, SessionId.unwrap(id) != 0);
        if (SessionId.unwrap(id) != 0) _noteOpening(id, pair, request);
    }

    /// By the officer, by doctor Baker who holds the same office, or by anybody.
    function review(uint256 seed) external {
        uint256 random = _begin(seed);
        if (_openings.length == 0) return;
        Opening storage opening = _openings[_openings.length - 1];
        address reviewer = [_OFFICER, _OFFICER, _keys[_BAKER], _keys[_CHEN], _stranger][random % 5];
        bool isJustified = (random >> 8) % 2 == 0;
        bool isInvolved = opening.actor == _BAKER || opening.colleague == _BAKER;
        bool isFirst = opening.review == IEmergencyAccess.EmergencyReview.None;
        bool may = reviewer == _OFFICER || (reviewer == _keys[_BAKER] && !isInvolved);
        bytes memory data = abi.encodeCall(_gate.reviewEmergency, (opening.id, isJustified));
        bool landed = _attempt(reviewer, address(_gate), data);
        if (!may) _watch("the uninvolved officer reviews", !landed);
        else if (!isFirst) _watch("a review is final", !landed);
        else _watch("an officer can review", landed);
        if (!landed) return;
        _count("reviewed");
        opening.review =
            isJustified ? IEmergencyAccess.EmergencyReview.Justified : IEmergencyAccess.EmergencyReview.Unjustified;
    }

    function changeProvider(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 provider = random % 4;
        uint256 what = (random >> 8) % 4;
        if (what == 0 && !_isSuspended[provider]) {
            _isSuspended[provider] = true;
            _providers.suspend(_ids[provider]);
        } else if (what == 1 && provider != _CLINIC) {
            _setPrivilege(provider, !_mayBreakGlass[provider]);
        } else {
            // Everybody back in place, or nobody would be left to open anything.
            for (uint256 i = 0; i < 4; ++i) {
                if (_isSuspended[i]) _providers.reinstate(_ids[i]);
                _isSuspended[i] = false;
            }
            if (!_mayBreakGlass[_BAKER]) _setPrivilege(_BAKER, true);
            if (!_mayBreakGlass[_CHEN]) _setPrivilege(_CHEN, true);
        }
    }

    function changeWill(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 provider = random % 4;
        uint256 what = (random >> 8) % 6;
        if (what == 0) {
            _exclude(provider, true);
        } else if (what == 1) {
            _optOut(true);
        } else {
            if (_hasOptedOut) _optOut(false);
            for (uint256 i = 0; i < 4; ++i) if (_isExcluded[i]) _exclude(i, false);
        }
    }

    /// @dev As far as the two and the patient are concerned.
    function _isDue(Pair memory pair) private view returns (bool) {
        if (pair.actor == _NOBODY || pair.colleague == _NOBODY || pair.actor == pair.colleague) return false;
        return _mayOpen(pair.actor, pair.colleague) && !_isLocked(pair.actor) && !_isLocked(pair.colleague);
    }

    function _judgeOpening(Pair memory pair, bool isFormed, bool isDue, bool landed, bool isOpened) private {
        if (pair.actor == _NOBODY) return _watch("strangers are not heard", !landed);
        if (!isFormed) return _watch("four hours, and nothing hidden", !landed);
        bool isPair = pair.colleague != _NOBODY && pair.colleague != pair.actor;
        if (!isPair) return _watch("two clinicians", !landed);
        if (_isLocked(pair.actor) || _isLocked(pair.colleague)) _watch("locked until review", !isOpened);
        if (!isDue) {
            _watch("only those who may break glass", !isOpened);
            if (landed) _noteDenial(pair.actor);
        } else if (pair.isForged) {
            _watch("no forged second", !landed);
        } else {
            _watch("an emergency opens", isOpened);
        }
    }

    function _noteOpening(SessionId id, Pair memory pair, IEmergencyAccess.EmergencyRequest memory request) private {
        _count("opened in an emergency");
        _watch("an emergency's id opens once", _requestOf[id] == 0);
        _noteId(id, keccak256(abi.encode(_patient, pair.actor, request.sessionKeyHash, request.until)));
        _openings.push(
            Opening(
                id,
                pair.actor,
                pair.colleague,
                request.from,
                request.until,
                Labels.unwrap(request.labels),
                IEmergencyAccess.EmergencyReview.None
            )
        );
        (_lastOf[pair.actor], _lastOf[pair.colleague]) = (_openings.length, _openings.length);
    }

    function _requestFrom(uint256 random) private view returns (IEmergencyAccess.EmergencyRequest memory) {
        uint40 from = _now() - (_now() % 60) - uint40(60 * (random % 3));
        uint256 length = [uint256(1 hours), 4 hours, 4 hours + 60, 1 hours + 1][
            (random >> 8) % 8 > 3 ? 1 : (random >> 8) % 4
        ];
        if ((random >> 16) % 12 == 0) from += 240;
        uint64 labels = uint64(1 + ((random >> 24) % 7));
        if ((random >> 32) % 10 == 0) labels |= Vocabulary.HIDDEN;
        return
            IEmergencyAccess.EmergencyRequest({
                patient: _patient,
                labels: Labels.wrap(labels),
                reason: IEmergencyAccess.EmergencyReason.LifeAtRisk,
                sessionKeyHash: keccak256(abi.encode(random)),
                from: from,
                until: uint40(from + length)
            });
    }

    function _isFormed(IEmergencyAccess.EmergencyRequest memory request) private view returns (bool) {
        return
            request.from <= block.timestamp &&
            block.timestamp < request.until &&
            request.until - request.from <= 4 hours &&
            request.until % 60 == 0 &&
            Labels.unwrap(request.labels) & Vocabulary.HIDDEN == 0;
    }

    function _coSignature(
        Pair memory pair,
        IEmergencyAccess.EmergencyRequest memory request
    ) private view returns (Authorization memory authorization) {
        authorization = _at(_keys[pair.colleague], _now());
        // Nobody could sign this: there are no words for half a minute, nor for nobody.
        if (pair.actor == _NOBODY || pair.colleague == _NOBODY || request.until % 60 != 0) {
            authorization.signature = "none";
            return authorization;
        }
        bytes32 structHash = _words.hashOf(
            request,
            _ids[pair.actor],
            _providers.nameHashOf(_ids[pair.actor]),
            _ids[pair.colleague],
            authorization.signedAt,
            authorization.deadline
        );
        uint256 privateKey = _privateKeyOf(pair.isForged ? pair.actor : pair.colleague);
        authorization.signature = _sign(privateKey, _digest(address(_gate), structHash));
    }

    function _exclude(uint256 provider, bool isOut) private {
        _isExcluded[provider] = isOut;
        _VM.prank(_CONTROLLER);
        if (isOut) _consents.exclude(_patient, _ids[provider], _at(_CONTROLLER, _now()));
        else _consents.readmit(_patient, _ids[provider], _at(_CONTROLLER, _now()));
    }

    function _optOut(bool isOut) private {
        // What the controller decides here shows that the patient lives.
        (_hasOptedOut, _diedAt) = (isOut, 0);
        _VM.prank(_CONTROLLER);
        if (isOut) _patients.optOutOfEmergency(_patient, _at(_CONTROLLER, _now()));
        else _patients.optInToEmergency(_patient, _at(_CONTROLLER, _now()));
    }
}
