// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDelegateAccess} from "../../../../contracts/access/IDelegateAccess.sol";
import {Labels, SeriesId, SessionId} from "../../../../contracts/common/Identifiers.sol";
import {Vocabulary} from "../../../../contracts/common/Vocabulary.sol";
import {DelegateKind} from "../../../../contracts/identity/Power.sol";
import {EmergencyVerbs} from "./EmergencyVerbs.sol";

/// @notice How family reads, what a patient says of an access afterwards, and attempts to seize an office.
abstract contract DelegateVerbs is EmergencyVerbs {
    SessionId internal constant _DISPUTED = SessionId.wrap("session");

    bool internal _isDisputed;
    uint40 internal _disputeAsOf;

    function readAsDelegate(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = [_PROXY, _EXECUTOR, _GUARDIAN, _GUARDIAN, _CONTROLLER, _stranger][random % 6];
        bool ofMinor = caller == _GUARDIAN ? (random >> 8) % 8 != 0 : (random >> 8) % 8 == 0;
        bool isPrivate = (random >> 16) % 4 == 0;
        uint64 labels = isPrivate ? 1 | Vocabulary.ADOLESCENT : 1;
        IDelegateAccess.DelegateSessionRequest memory request = IDelegateAccess.DelegateSessionRequest({
            patient: ofMinor ? _minor : _patient,
            labels: Labels.wrap(labels),
            series: SeriesId.wrap(0),
            sessionKeyHash: "key",
            expiresAt: _now() + 1 hours
        });
        bytes memory data = abi.encodeCall(_gate.openDelegateSession, (request));
        (bool landed, bytes memory answer) = _ask(caller, address(_gate), data);
        _judgeDelegate(caller, ofMinor, isPrivate, landed);
        if (!landed) return;
        bytes32 asked = keccak256(abi.encode(request.patient, caller, "key", request.expiresAt));
        _noteId(abi.decode(answer, (SessionId)), asked);
    }

    function appointProxy(uint256 seed) external {
        uint256 random = _begin(seed);
        _diedAt = 0;
        _VM.prank(_CONTROLLER);
        if (random % 3 == 0) {
            _patients.dismissDelegate(_patient, _PROXY, _at(_CONTROLLER, _now()));
            delete _proxyTerm;
        } else {
            uint40 until = _now() - (_now() % 60) + ((random >> 8) % 2 == 0 ? 120 : 40 days);
            _patients.appointDelegate(_patient, _PROXY, DelegateKind.Proxy, until, _at(_CONTROLLER, _now()));
            _proxyTerm = Term(_now(), until);
        }
    }

    /// Attested once; an objection takes it back.
    function attestDeath(uint256 seed) external {
        uint256 random = _begin(seed);
        if (random % 3 == 0) {
            _diedAt = 0;
            _VM.prank(_CONTROLLER);
            _patients.objectToDeath(_patient, _at(_CONTROLLER, _now()));
        } else {
            if (_diedAt == 0) _diedAt = _now();
            _patients.attestDeath(_patient);
        }
    }

    function dispute(uint256 seed) external {
        uint256 random = _begin(seed);
        uint40 signedAt = _now() - uint40((random >> 8) % 4);
        address caller = random % 4 == 0 ? _keys[_BAKER] : _CONTROLLER;
        bool isWithdrawal = (random >> 16) % 2 == 0;
        bytes memory data =
            isWithdrawal
                ? abi.encodeCall(_gate.withdrawAccessDispute, (_patient, _DISPUTED, _at(caller, signedAt)))
                : abi.encodeCall(_gate.disputeAccess, (_patient, _DISPUTED, _at(caller, signedAt)));
        bool landed = _attempt(caller, address(_gate), data);
        bool isNewer = isWithdrawal ? signedAt > _disputeAsOf : signedAt >= _disputeAsOf;
        _watch("a dispute is the patient's", landed == (caller == _CONTROLLER && isNewer));
        if (landed) (_isDisputed, _disputeAsOf) = (!isWithdrawal, signedAt);
    }

    /// What only offices may do, tried by a stranger, a doctor, and the patient.
    function seize(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = [_stranger, _keys[_BAKER], _keys[_DIAZ], _CONTROLLER][random % 4];
        uint256 what = (random >> 8) % 7;
        address target = address(_manager);
        bytes memory data = abi.encodeCall(_manager.grantRole, (uint64(random >> 16) % 6, caller, 0));
        if (what == 1) data = abi.encodeCall(_manager.setTargetClosed, (address(_gate), true));
        if (what == 2) data = abi.encodeCall(_manager.setTargetFunctionRole, (address(_gate), new bytes4[](1), 4));
        if (what == 3) data = abi.encodeCall(_manager.revokeRole, (4, _OFFICER));
        if (what > 3) target = address(_providers);
        if (what == 4) data = abi.encodeCall(_providers.grantEmergency, (_ids[_DIAZ]));
        if (what == 5) data = abi.encodeCall(_providers.suspend, (_ids[_BAKER]));
        if (what == 6) (target, data) = (address(_patients), abi.encodeCall(_patients.attestDeath, (_patient)));
        _watch("nobody seizes an office", !_attempt(caller, target, data));
    }

    function letTimePass(uint256 seed) external {
        uint256 random = _randomOf(seed);
        _pass([uint256(60), 60, 1 hours, 1 hours, 1 days, 31 days][random % 6]);
    }

    function _judgeDelegate(address caller, bool ofMinor, bool isPrivate, bool landed) private {
        if (landed) _count("read as a delegate");
        if (caller == _GUARDIAN && ofMinor) {
            if (block.timestamp >= _majorityAt) return _watch("a guardian's power ends", !landed);
            if (isPrivate) return _watch("a guardian reads no secrets", !landed);
            return _watch("a delegate reads", landed == _guardianReads());
        }
        bool may = !ofMinor && caller == _PROXY && _isWithin(_proxyTerm);
        if (!ofMinor && caller == _EXECUTOR) {
            may = _executorReads();
            if (!may) _watch("an executor waits", !landed);
        }
        _watch("a delegate reads", landed == may);
    }
}
