// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessGate} from "../../contracts/access/IAccessGate.sol";
import {Denial} from "../../contracts/common/Denial.sol";
import {Labels, ProviderId, Purpose, SessionId} from "../../contracts/common/Identifiers.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {World} from "../World.sol";

/// @title What opens a session, and what is counted when none is opened
contract SessionProofs is World {
    function check_strangerIsNotAnswered(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        _assume(ProviderId.unwrap(_providers.providerOfKey(caller)) == 0);
        (bool isAnswered, ) = _open(caller, request);
        assert(!isAnswered);
    }

    function check_opensForAPersonWhereOneIsNeeded(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        _assume(ProviderId.unwrap(request.via.organisation) == 0 && !_isImpersonal(request.purpose));
        (, bool isOpened) = _open(caller, request);
        _assume(isOpened);
        assert(_providers.providerOf(request.actor).kind == IProviderRegistry.ProviderKind.Practitioner);
    }

    function check_sessionEndsInTheFuture(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        _assume(request.expiresAt <= _now);
        (bool isAnswered, ) = _open(caller, request);
        assert(!isAnswered);
    }

    function check_sessionEndsWithinItsLifetime(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        _assume(request.expiresAt > uint256(_now) + _SESSION_LIFETIME);
        (bool isAnswered, ) = _open(caller, request);
        assert(!isAnswered);
    }

    function check_sessionNeedsAKey(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        request.sessionKeyHash = 0;
        (bool isAnswered, ) = _open(caller, request);
        assert(!isAnswered);
    }

    function check_noSessionForEmergency(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        request.purpose = Purpose.wrap(2);
        (bool isAnswered, ) = _open(caller, request);
        assert(!isAnswered);
    }

    function check_sessionNeedsKnownLabels(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        uint64 labels = Labels.unwrap(request.labels);
        _assume(labels == 0 || labels & ~uint64(0xffff_00ff_ffff_ffff) != 0);
        (bool isAnswered, ) = _open(caller, request);
        assert(!isAnswered);
    }

    function _open(
        address caller,
        IAccessGate.SessionRequest memory request
    ) private returns (bool isAnswered, bool isOpened) {
        _VM.prank(caller);
        try _gate.openSession(request) returns (SessionId sessionId) {
            return (true, SessionId.unwrap(sessionId) != 0);
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _isImpersonal(Purpose purpose) private pure returns (bool) {
        uint8 id = Purpose.unwrap(purpose);
        return id == 3 || id == 4 || id == 5 || id == 7 || id == 12;
    }
}
