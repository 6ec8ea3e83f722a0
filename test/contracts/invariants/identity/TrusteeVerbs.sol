// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPatientRecovery} from "../../../../contracts/identity/IPatientRecovery.sol";
import {PatientVerbs} from "./PatientVerbs.sol";

/// @notice What trustees decide, two of three, and what stands against it.
abstract contract TrusteeVerbs is PatientVerbs {
    /// One trustee, or somebody who is none, approves.
    function approve(uint256 seed) external {
        uint256 random = _begin(seed);
        IPatientRecovery.Proposal memory proposal = _proposalOf(random >> 16);
        uint256 place = random % 8;
        // Not always the same two.
        if (place > 4) place %= 3;
        address caller =
            place < 3
                ? _trustees[place]
                : place == 3
                    ? _stranger
                    : _controller;
        bytes32 before = _stateHash();
        bytes memory data = abi.encodeCall(_patients.approve, (_patient, proposal, _at(caller, _now())));
        bool landed = _attemptAs(caller, data);
        if (place > 2) {
            _watch("only trustees approve", !landed);
            return _advance();
        }
        _judgeApproval(landed, place, proposal, before);
        _advance();
    }

    /// Two trustees in a row, so that freezes and recoveries are no rarity.
    function decide(uint256 seed) external {
        uint256 random = _begin(seed);
        IPatientRecovery.Proposal memory proposal = _proposalOf(random >> 16);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 place = (random + i) % 3;
            bytes32 before = _stateHash();
            address trustee = _trustees[place];
            bytes memory data = abi.encodeCall(_patients.approve, (_patient, proposal, _at(trustee, _now())));
            if (_patients.trusteesOf(_patient).round != proposal.round) break;
            _judgeApproval(_attemptAs(trustee, data), place, proposal, before);
        }
        _advance();
    }

    function veto(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = _callerOf(random >> 8);
        bool landed = _attemptAs(caller, abi.encodeCall(_patients.vetoRecovery, (_patient, _at(caller, _now()))));
        bool isVetoable = _state == IPatientRecovery.RecoveryState.Pending;
        if (caller != _controller) _watch("nobody else decides", !landed);
        else _watch(isVetoable ? "a recovery may be vetoed" : "one veto", landed == isVetoable);
        if (landed) {
            (_state, _recovery.effectiveAt, _vetoedAt) = (IPatientRecovery.RecoveryState.None, 0, _now());
            _count("vetoed");
        }
        _end(caller, landed);
    }

    function endorse(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = random % 4 == 0 ? _trustees[0] : address(this);
        bytes memory data = abi.encodeCall(_patients.endorseRecovery, (_patient, _recovery.controller, _recovery.key));
        bool landed = _attemptAs(caller, data);
        bool may = caller == address(this) && _state == IPatientRecovery.RecoveryState.Awaiting;
        _watch("only the officer endorses", landed == may);
        if (landed) {
            (_state, _recovery.effectiveAt) = (IPatientRecovery.RecoveryState.Endorsed, _now() + _DELAY);
            _count("endorsed");
        }
        _advance();
    }

    function _judgeApproval(
        bool landed,
        uint256 place,
        IPatientRecovery.Proposal memory proposal,
        bytes32 before
    ) private {
        bytes32 id = keccak256(abi.encode(proposal));
        if (block.timestamp >= _approvedSince[id] + _WINDOW) (_approvers[id], _approvedSince[id]) = (0, _now());
        uint8 bit = uint8(1 << place);
        if (_approvers[id] & bit != 0) return _watch("a trustee counts once", !landed);
        bool isEnough = _approvers[id] != 0;
        if (!isEnough) {
            _watch("one trustee changes nothing", landed && _stateHash() == before);
            if (landed) _approvers[id] |= bit;
            return;
        }
        _watch("two trustees decide", landed == _isPossible(proposal.verb));
        if (landed) _carryOut(proposal);
    }

    function _isPossible(IPatientRecovery.TrusteeVerb verb) private view returns (bool) {
        if (verb == IPatientRecovery.TrusteeVerb.Freeze) {
            return _frozenUntil == 0 || block.timestamp >= _frozenUntil + _WINDOW;
        }
        if (verb == IPatientRecovery.TrusteeVerb.Unfreeze) return _isFrozen();
        if (verb == IPatientRecovery.TrusteeVerb.CancelRecovery) {
            return _state != IPatientRecovery.RecoveryState.None;
        }
        return true;
    }

    function _carryOut(IPatientRecovery.Proposal memory proposal) private {
        IPatientRecovery.TrusteeVerb verb = proposal.verb;
        if (verb == IPatientRecovery.TrusteeVerb.Freeze) {
            _frozenUntil = _now() + _WINDOW;
            _endEverything();
            _stopAll();
            _count("frozen");
        } else if (verb == IPatientRecovery.TrusteeVerb.Unfreeze) {
            _frozenUntil = _now();
            _count("thawed");
        } else if (verb == IPatientRecovery.TrusteeVerb.CancelRecovery) {
            (_state, _recovery.effectiveAt) = (IPatientRecovery.RecoveryState.None, 0);
            _count("recovery cancelled");
        } else if (verb == IPatientRecovery.TrusteeVerb.CancelController) {
            (_nextController.effectiveAt, _nextController.asOf) = (0, _now());
        } else {
            bool isSecond = _vetoedAt != 0 && block.timestamp < _vetoedAt + _WINDOW;
            _state = isSecond ? IPatientRecovery.RecoveryState.Awaiting : IPatientRecovery.RecoveryState.Pending;
            _recovery.effectiveAt = _now() + (isSecond ? _WINDOW : _DELAY);
            (_recovery.controller, _recovery.key) = (proposal.controller, proposal.subject);
            _stopAll();
            _count("recovery proposed");
        }
    }

    /// @dev Of few, so that two trustees often mean the same.
    function _proposalOf(uint256 random) private view returns (IPatientRecovery.Proposal memory proposal) {
        IPatientRecovery.Trustees memory set = _patients.trusteesOf(_patient);
        (proposal.version, proposal.round) = (set.version, set.round);
        uint256 what = random % 8;
        // What belongs to a recovery under way, or follows a veto, more often than chance would have it.
        if ((random >> 16) % 3 == 0 && _state != IPatientRecovery.RecoveryState.None) what = 3;
        if ((random >> 16) % 3 != 0 && _vetoedAt != 0 && _state == IPatientRecovery.RecoveryState.None) what = 7;
        if (what == 0) proposal.verb = IPatientRecovery.TrusteeVerb.Freeze;
        else if (what < 3) proposal.verb = IPatientRecovery.TrusteeVerb.Unfreeze;
        else if (what == 3) proposal.verb = IPatientRecovery.TrusteeVerb.CancelRecovery;
        else if (what == 4) proposal.verb = IPatientRecovery.TrusteeVerb.CancelController;
        else {
            proposal.verb = IPatientRecovery.TrusteeVerb.Recover;
            proposal.controller = _wallets[(random >> 8) % 3];
            proposal.subject = "recovered key";
        }
    }
}
