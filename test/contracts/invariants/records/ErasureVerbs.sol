// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Labels, ProviderId, Purpose, RecordId, SeriesId} from "../../../../contracts/common/Identifiers.sol";
import {Via} from "../../../../contracts/consent/IConsentRegistry.sol";
import {IPatientRecovery} from "../../../../contracts/identity/IPatientRecovery.sol";
import {ISeriesErasures} from "../../../../contracts/records/ISeriesErasures.sol";
import {SeriesVerbs} from "./SeriesVerbs.sol";

/// @notice Erasures, and what authors write, keep and take back.
abstract contract ErasureVerbs is SeriesVerbs {
    function requestErasure(uint256 seed) external {
        (, uint256 place, uint40 signedAt, Decider memory decider) = _decision(seed);
        _requireController(decider);
        bytes memory data = abi.encodeCall(
            _records.requestErasure,
            (_patient, _series[place], _at(decider.signer, signedAt))
        );
        _latch(place);
        bool landed = _attempt(decider.caller, address(_records), data);
        _judgeErasure(landed, place, decider, signedAt);
        if (!landed) return;
        _count("erasure requested");
        Erasure storage erasure = _erasures[place];
        erasure.asOf = signedAt;
        if (erasure.requestedAt == 0) (erasure.requestedAt, erasure.deferredUntil) = (_now(), 0);
    }

    function cancelErasure(uint256 seed) external {
        (, uint256 place, uint40 signedAt, Decider memory decider) = _decision(seed);
        _requireController(decider);
        bytes memory data = abi.encodeCall(
            _records.cancelErasure,
            (_patient, _series[place], _at(decider.signer, signedAt))
        );
        _latch(place);
        bool landed = _attempt(decider.caller, address(_records), data);
        _judgeErasure(landed, place, decider, signedAt);
        if (!landed) return;
        if (_erasures[place].requestedAt != 0) _count("erasure cancelled");
        (_erasures[place].requestedAt, _erasures[place].asOf) = (0, signedAt);
    }

    /// A stolen wallet could ask for it: trustees may keep the record.
    function keepByTrustees(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 place = random % 2;
        address caller = random % 3 == 0 ? _OTHER : _TRUSTEE;
        _latch(place);
        bytes memory data = abi.encodeCall(_patients.approve, (_patient, _keeping(place), _at(caller, _now())));
        bool landed = _attempt(caller, address(_patients), data);
        if (caller != _TRUSTEE) _watch("nobody else decides", !landed);
        if (landed && !_isDeleted(place)) (_erasures[place].requestedAt, _erasures[place].asOf) = (0, _now());
    }

    function deferErasure(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 place = random % 2;
        address caller = (random >> 8) % 3 == 0 ? _OTHER : _AUTHOR;
        uint40 until = _now() - (_now() % 60) + [uint40(1 days), 20 days, 400 days][(random >> 16) % 3];
        Erasure storage erasure = _erasures[place];
        bytes memory data = abi.encodeCall(
            _records.deferErasure,
            (
                _patient,
                _authorId(),
                bytes32(place),
                ISeriesErasures.DeferralReason.RetentionLaw,
                until,
                _at(caller, _now())
            )
        );
        _latch(place);
        bool landed = _attempt(caller, address(_records), data);
        if (caller != _AUTHOR) _watch("only the author defers", !landed);
        if (erasure.requestedAt == 0) _watch("only a request is deferred", !landed);
        if (_isDeleted(place)) _watch("the deleted never returns", !landed);
        if (until <= erasure.requestedAt + _DELAY) _watch("a deferral is longer", !landed);
        if (landed) (erasure.deferredUntil, erasure.deferralAsOf) = (until, _now());
        if (landed) _count("erasure deferred");
    }

    function changeAuthor(uint256 seed) external {
        uint256 random = _begin(seed);
        _pass(1);
        uint256 what = random % 4;
        if (what == 0) {
            _isAuthor = !_isAuthor;
            if (_isAuthor) _providers.grantAuthorship(_author);
            else _providers.revokeAuthorship(_author);
        } else if (what == 1) {
            _isSuspended = !_isSuspended;
            if (_isSuspended) _providers.suspend(_author);
            else _providers.reinstate(_author);
        } else {
            _letWrite(what == 2);
        }
    }

    function anchor(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 record = 1 + (random % 6);
        address caller = [_AUTHOR, _AUTHOR, _CONTROLLER, _OTHER, _stranger][(random >> 8) % 5];
        uint64 labels = (random >> 16) % 4 == 0 ? 4 : 3;
        Via memory via = Via(ProviderId.wrap(0), new ProviderId[](0), false);
        bytes memory data = abi.encodeCall(
            _records.anchor,
            (_patient, RecordId.wrap(bytes32(record)), Labels.wrap(labels), Purpose.wrap(1), via, _at(caller, _now()))
        );
        bool landed = _attempt(caller, address(_records), data);
        bool mayWrite =
            caller == _CONTROLLER || (caller == _AUTHOR && _mayWrite && _isAuthor && !_isSuspended && labels == 3);
        if (!mayWrite) return _watch("only an author with consent", !landed);
        // Under other labels it would be another slot.
        if (labels != 3) return;
        mapping(uint256 => uint256) storage anchored = caller == _CONTROLLER ? _ownAnchoredIn : _anchoredIn;
        _watch(anchored[record] == 0 ? "who may write anchors" : "anchored once", landed == (anchored[record] == 0));
        if (landed) anchored[record] = block.number;
    }

    function retract(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 record = 1 + (random % 6);
        address caller = [_AUTHOR, _CONTROLLER, _OTHER, _stranger][(random >> 8) % 4];
        bytes memory data = abi.encodeCall(
            _records.retract,
            (RecordId.wrap(bytes32(record)), _authorId(), _at(caller, _now()))
        );
        bool landed = _attempt(caller, address(_records), data);
        _watch("only the author retracts", landed == (caller == _AUTHOR));
        if (landed) _isRetracted[record] = true;
    }

    function _keep(uint256 place) internal {
        IPatientRecovery.Proposal memory proposal = _keeping(place);
        _VM.prank(_TRUSTEE);
        _patients.approve(_patient, proposal, _at(_TRUSTEE, _now()));
    }

    function _keeping(uint256 place) private view returns (IPatientRecovery.Proposal memory) {
        IPatientRecovery.Trustees memory set = _patients.trusteesOf(_patient);
        return
            IPatientRecovery.Proposal(
                IPatientRecovery.TrusteeVerb.CancelErasure,
                address(0),
                SeriesId.unwrap(_series[place]),
                set.version,
                set.round
            );
    }

    /// @dev Erasure is the controller's alone.
    function _requireController(Decider memory decider) private pure {
        if (decider.signer != _CONTROLLER) decider.isEntitled = false;
    }

    /// @dev Whatever is decided from now on, what was deleted once stays so.
    function _latch(uint256 place) internal {
        if (!_isDeleted(place)) return;
        if (!_erasures[place].isDeleted) _count("deleted");
        _erasures[place].isDeleted = true;
    }

    function _judgeErasure(bool landed, uint256 place, Decider memory decider, uint40 signedAt) private {
        if (_isDeleted(place)) return _watch("the deleted never returns", !landed);
        _judgeWidening(landed, decider, signedAt, _erasures[place].asOf);
    }
}
