// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmergencyAccess} from "../../contracts/access/IEmergencyAccess.sol";
import {Authorization} from "../../contracts/common/Authorization.sol";
import {Denial} from "../../contracts/common/Denial.sol";
import {Labels, PatientId, ProviderId, SessionId} from "../../contracts/common/Identifiers.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {World} from "../World.sol";

/// @title What breaks the glass, and who judges it
/// @dev Words of symbolic labels lie at symbolic places in memory (GrantProofs): where an opening may come as far as its words, labels,
/// reason and times are those of `_request`.
contract EmergencyProofs is World {
    uint64 private constant _HIDDEN = 1 << 62;
    uint24 private constant _OPTED_OUT = 2;

    /// @dev Both keys are their providers' own, and nobody changes the patient's wallet just now.
    modifier calm(Opening memory opening) {
        _assumeOwnKey(opening.caller);
        _assumeOwnKey(opening.coSigner);
        _;
    }

    struct Opening {
        address caller;
        PatientId patient;
        bytes32 sessionKeyHash;
        address coSigner;
        uint40 signedAt;
    }

    function check_coSignerIsAnotherProvider(Opening memory opening) public settled(opening.patient) calm(opening) {
        _assume(_same(_actorOf(opening), _colleagueOf(opening)));
        assert(!_open(opening));
    }

    function check_bothAreActive(
        Opening memory opening,
        bool isColleague
    ) public settled(opening.patient) calm(opening) {
        ProviderId provider = isColleague ? _colleagueOf(opening) : _actorOf(opening);
        _assume(_providers.providerOf(provider).status != IProviderRegistry.ProviderStatus.Active);
        assert(!_open(opening));
    }

    function check_bothHaveThePrivilege(
        Opening memory opening,
        bool isColleague
    ) public settled(opening.patient) calm(opening) {
        ProviderId provider = isColleague ? _colleagueOf(opening) : _actorOf(opening);
        _assume(!_providers.providerOf(provider).emergency);
        assert(!_open(opening));
    }

    function check_hiddenIsNeverOpened(
        Opening memory opening,
        Labels labels
    ) public settled(opening.patient) calm(opening) {
        _assume(Labels.unwrap(labels) & _HIDDEN != 0);
        IEmergencyAccess.EmergencyRequest memory request = _request(opening);
        request.labels = labels;
        assert(!_open(opening, request));
    }

    function check_optOutIsRespected(Opening memory opening) public settled(opening.patient) calm(opening) {
        _assume(_patients.headOf(opening.patient).flags & _OPTED_OUT != 0);
        assert(!_open(opening));
    }

    function check_lockedUntilReviewed(
        Opening memory opening,
        bool isColleague
    ) public settled(opening.patient) calm(opening) {
        ProviderId provider = isColleague ? _colleagueOf(opening) : _actorOf(opening);
        _assume(SessionId.unwrap(_gate.lockOf(provider)) != 0);
        assert(!_open(opening));
    }

    function check_reviewerIsNeither(address reviewer, SessionId session, bool isJustified) public {
        IEmergencyAccess.Emergency memory emergency = _gate.emergencyOf(session);
        ProviderId provider = _providers.providerOfKey(reviewer);
        _assume(
            reviewer == emergency.caller ||
                reviewer == emergency.coSigner ||
                _same(provider, emergency.actor) ||
                _same(provider, emergency.colleague)
        );
        assert(!_review(reviewer, session, isJustified));
    }

    function check_onlyPrivacyOfficersReview(address reviewer, SessionId session, bool isJustified) public {
        _assume(reviewer != _PRIVACY_KEY);
        assert(!_review(reviewer, session, isJustified));
    }

    function check_unjustifiedEndsAtOnce(SessionId session) public settled(_gate.emergencyOf(session).patient) {
        _assume(_review(_PRIVACY_KEY, session, false));
        assert(_gate.decideEmergency(session) != Denial.None);
    }

    function check_liveOnlyWithinItsTime(SessionId session) public view settled(_gate.emergencyOf(session).patient) {
        IEmergencyAccess.Emergency memory emergency = _gate.emergencyOf(session);
        _assume(_gate.decideEmergency(session) == Denial.None);
        assert(emergency.from <= _now && _now < emergency.until);
        assert(emergency.review != IEmergencyAccess.EmergencyReview.Unjustified);
    }

    function _actorOf(Opening memory opening) private view returns (ProviderId) {
        return _providers.providerOfKey(opening.caller);
    }

    function _colleagueOf(Opening memory opening) private view returns (ProviderId) {
        return _providers.providerOfKey(opening.coSigner);
    }

    function _request(Opening memory opening) private pure returns (IEmergencyAccess.EmergencyRequest memory) {
        return
            IEmergencyAccess.EmergencyRequest({
                patient: opening.patient,
                labels: Labels.wrap(0x201),
                reason: IEmergencyAccess.EmergencyReason.LifeAtRisk,
                sessionKeyHash: opening.sessionKeyHash,
                from: 1_800_000_000,
                until: 1_800_003_600
            });
    }

    function _open(Opening memory opening) private returns (bool) {
        return _open(opening, _request(opening));
    }

    function _open(Opening memory opening, IEmergencyAccess.EmergencyRequest memory request) private returns (bool) {
        return _open(opening.caller, request, _signed(opening.coSigner, opening.signedAt, _now));
    }

    function _open(
        address caller,
        IEmergencyAccess.EmergencyRequest memory request,
        Authorization memory coSignature
    ) private returns (bool isOpened) {
        _assume(coSignature.signer.code.length == 0);
        _VM.prank(caller);
        try _gate.openEmergencySession(request, coSignature) returns (SessionId session) {
            isOpened = SessionId.unwrap(session) != 0;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _review(address reviewer, SessionId session, bool isJustified) private returns (bool landed) {
        _VM.prank(reviewer);
        try _gate.reviewEmergency(session, isJustified) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }
}
