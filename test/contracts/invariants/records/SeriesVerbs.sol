// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Labels} from "../../../../contracts/common/Identifiers.sol";
import {RecordModel} from "./RecordModel.sol";

/// @notice What a patient decides about a series: labels added and taken back, and disputes.
abstract contract SeriesVerbs is RecordModel {
    function restrict(uint256 seed) external {
        (uint256 random, uint256 place, uint40 signedAt, Decider memory decider) = _decision(seed);
        uint64 labels = uint64(1 + ((random >> 24) % 7));
        bytes memory data = abi.encodeCall(
            _records.restrict,
            (_patient, _series[place], Labels.wrap(labels), _at(decider.signer, signedAt))
        );
        bool landed = _attempt(decider.caller, address(_records), data);
        Half storage half = _halves[place][_halfOf(decider)];
        _judgeNarrowing(landed, decider, signedAt, half.asOf);
        if (landed) (half.labels, half.asOf) = (half.labels | labels, signedAt);
    }

    function unrestrict(uint256 seed) external {
        (uint256 random, uint256 place, uint40 signedAt, Decider memory decider) = _decision(seed);
        uint64 labels = uint64(1 + ((random >> 24) % 7));
        bytes memory data = abi.encodeCall(
            _records.unrestrict,
            (_patient, _series[place], Labels.wrap(labels), _at(decider.signer, signedAt))
        );
        bool landed = _attempt(decider.caller, address(_records), data);
        Half storage half = _halves[place][_halfOf(decider)];
        _judgeWidening(landed, decider, signedAt, half.asOf);
        if (!landed) return;
        (half.labels, half.asOf) = (half.labels & ~labels, signedAt);
        // The controller also takes back what delegates added before.
        Half storage others = _halves[place][1];
        if (_halfOf(decider) == 0 && signedAt > others.asOf) {
            (others.labels, others.asOf) = (others.labels & ~labels, signedAt);
        }
    }

    function dispute(uint256 seed) external {
        (, uint256 place, uint40 signedAt, Decider memory decider) = _decision(seed);
        bytes memory data = abi.encodeCall(_records.dispute, (_patient, _series[place], _at(decider.signer, signedAt)));
        bool landed = _attempt(decider.caller, address(_records), data);
        _judgeNarrowing(landed, decider, signedAt, _disputes[place].asOf);
        if (landed) _disputes[place] = Dispute(true, signedAt);
    }

    function withdrawDispute(uint256 seed) external {
        (, uint256 place, uint40 signedAt, Decider memory decider) = _decision(seed);
        bytes memory data = abi.encodeCall(
            _records.withdrawDispute,
            (_patient, _series[place], _at(decider.signer, signedAt))
        );
        bool landed = _attempt(decider.caller, address(_records), data);
        _judgeWidening(landed, decider, signedAt, _disputes[place].asOf);
        if (landed) _disputes[place] = Dispute(false, signedAt);
    }

    function revokeAll(uint256 seed) external {
        uint256 random = _begin(seed);
        if (random % 4 != 0) return;
        _VM.prank(_CONTROLLER);
        _patients.revokeAll(_patient, _at(_CONTROLLER, _now()));
        if (_now() > _floor) _floor = _now();
        _mayWrite = false;
    }

    function letTimePass(uint256 seed) external {
        uint256 random = _randomOf(seed);
        _pass([uint256(60), 1 hours, 3 days, 8 days][random % 4]);
    }

    function _decision(
        uint256 seed
    ) internal returns (uint256 random, uint256 place, uint40 signedAt, Decider memory decider) {
        random = _begin(seed);
        place = (random >> 8) % 2;
        uint256 age = (random >> 240) % 64;
        signedAt = uint40(
            block.timestamp -
                (
                    random % 3 == 0
                        ? age
                        : random % 3 == 1
                            ? age % 4
                            : 0
                )
        );
        decider = _deciderOf(random >> 16, signedAt);
    }

    function _judgeWidening(bool landed, Decider memory decider, uint40 signedAt, uint40 asOf) internal {
        if (!decider.isEntitled) return _watch("nobody else decides", !landed);
        if (signedAt <= _floor) return _watch("nothing from before the floor", !landed);
        if (signedAt <= asOf) return _watch("the later decision stands", !landed);
        _watch("what may be decided lands", landed);
    }

    function _judgeNarrowing(bool landed, Decider memory decider, uint40 signedAt, uint40 asOf) internal {
        if (!decider.isEntitled) return _watch("nobody else decides", !landed);
        if (signedAt < asOf) return _watch("the later decision stands", !landed);
        _watch("narrowing always lands", landed);
    }

    function _halfOf(Decider memory decider) private pure returns (uint256) {
        return decider.signer == _CONTROLLER ? 0 : 1;
    }
}
