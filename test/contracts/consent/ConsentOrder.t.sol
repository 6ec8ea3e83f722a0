// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {Denial} from "../../../contracts/common/Denial.sol";
import {Actions, Labels, ProviderId, Purpose} from "../../../contracts/common/Identifiers.sol";
import {IConsentTerms} from "../../../contracts/consent/IConsentTerms.sol";
import {ConsentWorld} from "./ConsentWorld.sol";

/// @notice Decisions signed in one order and landing in another, against a model that keeps all of them and holds that the last one
/// signed wins: of one second a revocation, else the first grant to land.
contract ConsentOrderTest is ConsentWorld {
    struct Decision {
        bool isGrant;
        uint256 slot;
        uint40 signedAt;
        uint64 labels;
        /// How many times everything had been revoked when it landed.
        uint256 generation;
    }

    Decision[] private _history;
    uint256 private _generation;
    uint40 private _floor;
    uint256 private _permitted;
    uint256 private _denied;
    uint256 private _refused;

    function testFuzzDecidesAsTheWholeHistoryDoes(uint256[24] calldata steps) external {
        for (uint256 i = 0; i < steps.length; ++i) _step(steps[i]);
    }

    /// The model is worth something only if all that it tells apart happens.
    function testManyStepsShowEveryOutcome() external {
        for (uint256 i = 0; i < 200; ++i) _step(uint256(keccak256(abi.encode(i))));
        require(_permitted > 200 && _denied > 200 && _refused > 20 && _generation > 5, "outcomes are missing");
    }

    function _step(uint256 seed) private {
        _VM.warp(block.timestamp + ((seed >> 8) % 4));
        uint40 signedAt = uint40(block.timestamp - ((seed >> 16) % 6));
        if (signedAt < _START) signedAt = _START;
        uint256 slot = (seed >> 24) % 4;
        uint256 verb = seed % 16;
        if (verb < 9) _grantStep(slot, signedAt, 1 + uint64((seed >> 32) % 3));
        else if (verb < 15) _revokeStep(slot, signedAt);
        else _revokeAllStep(signedAt);
        if (_history.length == 0) return;
        for (uint256 other = 0; other < 4; ++other) _compare(other);
    }

    function _grantStep(uint256 slot, uint40 signedAt, uint64 labels) private {
        (ProviderId grantee, Purpose purpose) = _slot(slot);
        uint40 minute = (_START / 60) * 60;
        IConsentTerms.Terms memory terms = IConsentTerms.Terms(
            _patient,
            grantee,
            purpose,
            Labels.wrap(labels),
            Actions.wrap(1),
            minute,
            minute + 365 days,
            0
        );
        bool isTooOld = signedAt <= _floor;
        bool landed = _grant(terms, signedAt);
        require(!(landed && isTooOld), "a grant from before revokeAll landed");
        if (!landed) ++_refused;
        if (!isTooOld) _history.push(Decision(true, slot, signedAt, labels, _generation));
    }

    function _revokeStep(uint256 slot, uint40 signedAt) private {
        (ProviderId grantee, Purpose purpose) = _slot(slot);
        if (!_revoke(grantee, purpose, signedAt)) ++_refused;
        _history.push(Decision(false, slot, signedAt, 0, _generation));
    }

    function _revokeAllStep(uint40 signedAt) private {
        _patients.revokeAll(_patient, _at(address(this), signedAt));
        ++_generation;
        if (signedAt > _floor) _floor = signedAt;
    }

    function _compare(uint256 slot) private {
        (ProviderId grantee, Purpose purpose) = _slot(slot);
        (bool isLive, uint64 labels) = _model(slot);
        for (uint64 asked = 1; asked < 4; ++asked) {
            (Denial denial, ) = _decide(grantee, purpose, asked, 1);
            require((denial == Denial.None) == (isLive && asked & ~labels == 0), "the last decision does not win");
            if (denial == Denial.None) ++_permitted;
            else ++_denied;
        }
    }

    /// Every decision ever submitted, the refused ones too; only grants from before a revokeAll are left out.
    function _model(uint256 slot) private view returns (bool isLive, uint64 labels) {
        Decision storage last = _history[0];
        bool isKnown;
        for (uint256 i = 0; i < _history.length; ++i) {
            Decision storage next = _history[i];
            if (next.slot != slot) continue;
            bool isLater = next.signedAt > last.signedAt || (next.signedAt == last.signedAt && !next.isGrant);
            if (isKnown && !isLater) continue;
            (last, isKnown) = (next, true);
        }
        if (isKnown) (isLive, labels) = (last.isGrant && last.generation == _generation, last.labels);
    }

    function _slot(uint256 slot) private view returns (ProviderId, Purpose) {
        return (slot % 2 == 0 ? _clinic : _hospital, Purpose.wrap(slot < 2 ? 1 : 5));
    }
}
