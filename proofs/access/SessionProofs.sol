// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessGate} from "../../contracts/access/IAccessGate.sol";
import {Denial} from "../../contracts/common/Denial.sol";
import {
    Actions,
    Labels,
    PatientId,
    ProviderId,
    Purpose,
    SeriesId,
    SessionId
} from "../../contracts/common/Identifiers.sol";
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

    function check_opensOnlyWhatConsentPermits(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        (, bool isOpened) = _open(caller, request);
        _assume(isOpened);
        (bool isPermitted, ) = _consents.isPermitted(
            request.patient,
            request.actor,
            request.via,
            request.purpose,
            request.labels,
            request.series,
            Actions.wrap(1)
        );
        assert(isPermitted);
    }

    function check_opensOnlyForTheActorOrItsOrganisation(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        (, bool isOpened) = _open(caller, request);
        _assume(isOpened);
        ProviderId asker = _providers.providerOfKey(caller);
        assert(_same(asker, request.actor) || _same(asker, request.via.organisation));
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

    /// The counter-case of all above.
    function check_opensWhatIsPermitted(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        _assume(_isWellFormed(request));
        _assume(ProviderId.unwrap(request.actor) != 0 && _same(_providers.providerOfKey(caller), request.actor));
        _assume(_providers.providerOf(request.actor).kind == IProviderRegistry.ProviderKind.Practitioner);
        (bool isPermitted, ) = _consents.isPermitted(
            request.patient,
            request.actor,
            request.via,
            request.purpose,
            request.labels,
            request.series,
            Actions.wrap(1)
        );
        _assume(isPermitted);
        (, bool isOpened) = _open(caller, request);
        assert(isOpened);
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

    function check_refusalIsCounted(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        ProviderId asker = _providers.providerOfKey(caller);
        uint256 before = _gate.denialsToday(asker);
        (bool isAnswered, bool isOpened) = _open(caller, request);
        _assume(isAnswered);
        assert(_gate.denialsToday(asker) == (isOpened ? before : before + 1));
    }

    function check_refusalsAreCapped(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        _assume(_gate.denialsToday(_providers.providerOfKey(caller)) >= _DENIALS_PER_DAY);
        (bool isAnswered, bool isOpened) = _open(caller, request);
        assert(!isAnswered || isOpened);
    }

    function check_refusalCountsForNobodyElse(
        address caller,
        IAccessGate.SessionRequest memory request,
        ProviderId other
    ) public settled(request.patient) {
        _assume(!_same(other, _providers.providerOfKey(caller)));
        uint256 before = _gate.denialsToday(other);
        _open(caller, request);
        assert(_gate.denialsToday(other) == before);
    }

    function check_sessionIdBindsItsParts(
        PatientId patient,
        ProviderId actor,
        bytes32 keyHash,
        uint40 expiresAt,
        PatientId otherPatient,
        ProviderId otherActor,
        bytes32 otherKeyHash,
        uint40 otherExpiresAt
    ) public view {
        _assume(
            SessionId.unwrap(_gate.sessionIdOf(patient, actor, keyHash, expiresAt)) ==
                SessionId.unwrap(_gate.sessionIdOf(otherPatient, otherActor, otherKeyHash, otherExpiresAt))
        );
        assert(_same(patient, otherPatient) && _same(actor, otherActor));
        assert(keyHash == otherKeyHash && expiresAt == otherExpiresAt);
    }

    /// `explain` for READ, without an emergency or a series, says yes exactly when the actor's own key opens.
    /// @custom:halmos --default-array-lengths 0
    function check_explainSaysWhatOpens(
        address caller,
        IAccessGate.SessionRequest memory request
    ) public settled(request.patient) {
        request.series = SeriesId.wrap(0);
        _assume(_isWellFormed(request));
        _assume(ProviderId.unwrap(request.actor) != 0 && _same(_providers.providerOfKey(caller), request.actor));
        IAccessGate.Explanation memory explanation = _explain(request, Actions.wrap(1));
        _assume(Labels.unwrap(explanation.emergencyLabels) == 0);
        (bool isAnswered, bool isOpened) = _open(caller, request);
        _assume(isAnswered);
        assert(explanation.allowed == isOpened);
    }

    /// `explain` for WRITE never promises what `anchor` refuses for want of authorship.
    /// @custom:halmos --default-array-lengths 0
    function check_explainedWriteNeedsAuthorship(
        IAccessGate.SessionRequest memory request
    ) public view settled(request.patient) {
        _assume(!_providers.providerOf(request.actor).author);
        assert(!_explain(request, Actions.wrap(2)).allowed);
    }

    function _explain(
        IAccessGate.SessionRequest memory request,
        Actions action
    ) private view returns (IAccessGate.Explanation memory) {
        return
            _gate.explain(
                request.patient,
                request.actor,
                request.via,
                request.purpose,
                request.labels,
                request.series,
                action
            );
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

    function _isWellFormed(IAccessGate.SessionRequest memory request) private view returns (bool) {
        (uint64 labels, uint8 purpose) = (Labels.unwrap(request.labels), Purpose.unwrap(request.purpose));
        return
            labels != 0 &&
            labels & ~uint64(0xffff_00ff_ffff_ffff) == 0 &&
            purpose != 0 &&
            purpose != 2 &&
            purpose <= 14 &&
            request.sessionKeyHash != 0 &&
            request.expiresAt > _now &&
            request.expiresAt <= uint256(_now) + _SESSION_LIFETIME;
    }

    function _isImpersonal(Purpose purpose) private pure returns (bool) {
        uint8 id = Purpose.unwrap(purpose);
        return id == 3 || id == 4 || id == 5 || id == 7 || id == 12;
    }
}
