// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../../contracts/common/Authorization.sol";
import {IPatientChanges} from "../../../../contracts/identity/IPatientChanges.sol";
import {DelegateKind} from "../../../../contracts/identity/Power.sol";
import {PatientModel} from "./PatientModel.sol";

/// @notice What a controller decides, and whoever would like to.
abstract contract PatientVerbs is PatientModel {
    function announceController(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = _callerOf(random >> 8);
        address next = _wallets[random % 3];
        bytes memory data = abi.encodeCall(_patients.announceController, (_patient, next, _at(caller, _now())));
        bool landed = _attemptAs(caller, data);
        bool isDue = _mayChange() && next != _controller && block.timestamp > _nextController.asOf;
        _judgeChange(landed, caller, isDue);
        if (landed) {
            (_nextController.controller, _nextController.effectiveAt) = (next, _now() + _DELAY);
            _nextController.asOf = _now();
        }
        _end(caller, landed);
    }

    function announceOwnerKey(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = _callerOf(random >> 8);
        bytes memory data = abi.encodeCall(
            _patients.announceOwnerKey,
            (_patient, bytes32(random), _at(caller, _now()))
        );
        bool landed = _attemptAs(caller, data);
        _judgeChange(landed, caller, _mayChange() && block.timestamp > _nextKey.asOf);
        if (landed) {
            (_nextKey.key, _nextKey.effectiveAt, _nextKey.asOf) = (bytes32(random), _now() + _DELAY, _now());
        }
        _end(caller, landed);
    }

    function cancelChange(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = _callerOf(random >> 8);
        bool ofController = random % 2 == 0;
        IPatientChanges.Change change = IPatientChanges.Change(ofController ? 0 : 1);
        bytes memory data = abi.encodeCall(_patients.cancelChange, (_patient, change, _at(caller, _now())));
        bool landed = _attemptAs(caller, data);
        _judgeProtection(landed, caller);
        if (landed) {
            Pending storage pending = ofController ? _nextController : _nextKey;
            if (pending.effectiveAt != 0) _count("cancelled");
            (pending.effectiveAt, pending.asOf) = (0, _now());
        }
        _end(caller, landed);
    }

    function revokeAll(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = _callerOf(random >> 8);
        bytes memory data = abi.encodeCall(_patients.revokeAll, (_patient, Authorization(caller, 0, 0, "")));
        bool landed = _attemptAs(caller, data);
        bool may =
            caller == _controller || (caller == _PROXY && _proxyHolds()) || (caller == _EXECUTOR && _executorHolds());
        _watch(may ? "revoking always lands" : "nobody else decides", landed == may);
        if (landed) _endEverything();
        _end(caller, landed);
    }

    function setKeyHeader(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = _callerOf(random >> 8);
        uint32 version = _headerVersion + uint32(random % 4 == 3 ? 65 : random % 4);
        bytes memory data = abi.encodeCall(
            _patients.setKeyHeader,
            (_patient, bytes32(random), version, _at(caller, _now()))
        );
        bool landed = _attemptAs(caller, data);
        if (caller != _controller) _watch("nobody else decides", !landed);
        if (_isFrozen()) _watch("no change under a freeze", !landed);
        if (version <= _headerVersion || version > _headerVersion + 64) _watch("a keyring's version rises", !landed);
        if (landed) _headerVersion = version;
        _end(caller, landed);
    }

    function optOut(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = _callerOf(random >> 8);
        bool isOut = random % 2 == 0;
        bytes memory data =
            isOut
                ? abi.encodeCall(_patients.optOutOfEmergency, (_patient, _at(caller, _now())))
                : abi.encodeCall(_patients.optInToEmergency, (_patient, _at(caller, _now())));
        bool landed = _attemptAs(caller, data);
        if (caller != _controller) _watch("nobody else decides", !landed);
        else if (isOut) _watch("protecting always lands", landed);
        else if (_isFrozen()) _watch("no change under a freeze", !landed);
        if (landed) _hasOptedOut = isOut;
        _end(caller, landed);
    }

    function appointProxy(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = _callerOf(random >> 8);
        uint40 until = _now() - (_now() % 60) + ((random >> 16) % 2 == 0 ? 2 days : 40 days);
        Authorization memory authorization = _at(caller, _now());
        bool landed = _attemptAs(
            caller,
            abi.encodeCall(_patients.appointDelegate, (_patient, _PROXY, DelegateKind.Proxy, until, authorization))
        );
        if (caller != _controller) _watch("nobody else decides", !landed);
        if (!_mayChange()) _watch("no change under a freeze", !landed);
        if (landed) (_proxyFrom, _proxyUntil) = (_now(), until);
        _end(caller, landed);
    }

    /// Attested by the officer, contradicted by whatever the controller decides.
    function attestDeath(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = random % 4 == 0 ? _EXECUTOR : address(this);
        bool landed = _attempt(caller, address(_patients), abi.encodeCall(_patients.attestDeath, (_patient)));
        _watch("only an officer attests", landed == (caller == address(this)));
        if (landed && _diedAt == 0) _diedAt = _now();
        _advance();
    }

    /// The officer attests a wallet, somebody claims, the guardian still decides.
    function growUp(uint256 seed) external {
        uint256 random = _begin(seed);
        bool isOfAge = block.timestamp >= _majorityAt && !_isClaimed;
        if (random % 3 == 0) {
            bytes memory attestation = abi.encodeCall(_patients.attestMajority, (_minor, _CHILD));
            bool attested = _attempt(address(this), address(_patients), attestation);
            _watch("a minor waits for majority", attested == isOfAge);
            if (attested) _attested = _CHILD;
        } else if (random % 3 == 1) {
            address caller = (random >> 8) % 2 == 0 ? _CHILD : _GUARDIAN;
            bytes memory data = abi.encodeCall(_patients.claimAtMajority, (_minor, "new key", _at(caller, _now())));
            bool claimed = _attempt(caller, address(_patients), data);
            _watch("only the attested wallet claims", claimed == (isOfAge && caller == _attested));
            if (claimed) _isClaimed = true;
        } else {
            Authorization memory authorization = Authorization(_GUARDIAN, 0, 0, "");
            bytes memory data = abi.encodeCall(_patients.revokeAll, (_minor, authorization));
            bool revoked = _attempt(_GUARDIAN, address(_patients), data);
            _watch("a guardian's power ends", revoked == _guardianHolds());
        }
        _advance();
    }

    function letTimePass(uint256 seed) external {
        uint256 random = _randomOf(seed);
        _pass([uint256(1 hours), 1 hours, 3 days, 8 days, 8 days, 31 days][random % 6]);
        _advance();
    }

    function _begin(uint256 seed) internal returns (uint256 random) {
        random = _randomOf(seed);
        _pass((random >> 248) % 3);
        _advance();
    }

    /// @dev What the controller decides, if it takes effect, contradicts an attested death.
    function _end(address caller, bool landed) internal {
        if (landed && caller == _controller) _diedAt = 0;
        _advance();
    }

    function _attemptAs(address caller, bytes memory data) internal returns (bool) {
        return _attempt(caller, address(_patients), data);
    }

    function _judgeProtection(bool landed, address caller) internal {
        _watch(
            caller == _controller ? "protecting always lands" : "nobody else decides",
            landed == (caller == _controller)
        );
    }

    /// @dev Mostly the controller; else a former or future one, a delegate, a trustee or a stranger.
    function _callerOf(uint256 random) internal view returns (address) {
        if (random % 3 != 0) return _controller;
        return [_wallets[0], _wallets[1], _wallets[2], _PROXY, _EXECUTOR, _trustees[0], _stranger][(random >> 8) % 7];
    }

    function _judgeChange(bool landed, address caller, bool isDue) private {
        if (caller != _controller) return _watch("nobody else decides", !landed);
        if (!_mayChange()) return _watch("no change under a freeze", !landed);
        _watch("a change is announced", landed == isDue);
    }
}
