// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessGate} from "../../../../contracts/access/IAccessGate.sol";
import {Actions, Labels, ProviderId, Purpose, SeriesId, SessionId} from "../../../../contracts/common/Identifiers.sol";
import {Via} from "../../../../contracts/consent/IConsentRegistry.sol";
import {IConsentTerms} from "../../../../contracts/consent/IConsentTerms.sol";
import {AccessModel} from "./AccessModel.sol";

/// @notice What consent opens, or does not.
abstract contract SessionVerbs is AccessModel {
    /// @dev Who calls for whom, and by which consent (three: by none).
    struct Plan {
        uint256 caller;
        uint256 actor;
        bool forClinic;
        uint8 purpose;
        uint256 place;
    }

    function decideConsent(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 place = random % 3;
        IConsentTerms.Terms memory terms;
        terms.patient = _patient;
        terms.grantee = place == 2 ? _ids[_CHEN] : _ids[_CLINIC];
        terms.purpose = Purpose.wrap(place == 1 ? 5 : 1);
        if ((random >> 8) % 8 == 0) {
            _VM.prank(_CONTROLLER);
            _consents.revoke(_patient, terms.grantee, terms.purpose, _at(_CONTROLLER, _now()));
            delete _given[place];
            return;
        }
        terms.labels = Labels.wrap(uint64(1 | ((random >> 16) % 8)));
        terms.actions = Actions.wrap(1);
        terms.notBefore = _now() - (_now() % 60);
        terms.notAfter = terms.notBefore + ((random >> 24) % 4 == 0 ? 1 hours : 90 days);
        _VM.prank(_CONTROLLER);
        _consents.grant(terms, _at(_CONTROLLER, _now()));
        _given[place] = Consent(Labels.unwrap(terms.labels), terms.notBefore, terms.notAfter);
    }

    function openSession(uint256 seed) external {
        uint256 random = _begin(seed);
        // Half of them are what the consents are for.
        Plan memory plan = _planOf(random % 2 == 0 ? (random >> 1) % 4 : (random >> 1) % 10);
        uint64 labels = (random >> 8) % 2 == 0 ? 1 : uint64(1 + ((random >> 9) % 7));
        uint256 length = [uint256(1 hours), 12 hours, 12 hours + 1, 0][(random >> 16) % 8 > 3 ? 0 : (random >> 16) % 4];
        _open(plan, labels, uint40(block.timestamp + length), bytes32((random >> 24) % 4));
    }

    /// So many refusals that two floods on one day reach the cap.
    function flood(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 caller = random % 4;
        for (uint256 i = 0; i < 18; ++i) _open(Plan(caller, caller, false, 14, 3), 1, _now() + 1 hours, "key");
    }

    function _begin(uint256 seed) internal returns (uint256 random) {
        random = _randomOf(seed);
        _pass(1 + ((random >> 248) % 4));
    }

    function _opens(Plan memory plan, uint64 labels) internal view returns (bool) {
        if (plan.place == 3 || !_isIn(plan.actor)) return false;
        return (!plan.forClinic || _isIn(_CLINIC)) && _covers(plan.place, labels);
    }

    function _planOf(uint256 which) internal pure returns (Plan memory) {
        if (which == 0) return Plan(_BAKER, _BAKER, true, 1, 0);
        if (which == 1) return Plan(_CLINIC, _BAKER, true, 1, 0);
        if (which == 2) return Plan(_CHEN, _CHEN, false, 1, 2);
        // Research needs no person to ask, treatment does.
        if (which == 3) return Plan(_CLINIC, _CLINIC, false, 5, 1);
        if (which == 4) return Plan(_CLINIC, _CLINIC, false, 1, 3);
        // Not of this clinic.
        if (which == 5) return Plan(_CLINIC, _DIAZ, true, 1, 3);
        if (which == 6) return Plan(_DIAZ, _DIAZ, true, 1, 3);
        // In another's name.
        if (which == 7) return Plan(_CHEN, _BAKER, true, 1, 3);
        if (which == 8) return Plan(_NOBODY, _BAKER, true, 1, 3);
        return Plan(_NOBODY, _CHEN, false, 1, 3);
    }

    function _viaOf(bool forClinic) internal view returns (Via memory) {
        return Via(forClinic ? _ids[_CLINIC] : ProviderId.wrap(0), new ProviderId[](0), false);
    }

    function _open(Plan memory plan, uint64 labels, uint40 expiresAt, bytes32 sessionKey) private {
        IAccessGate.SessionRequest memory request = IAccessGate.SessionRequest({
            patient: _patient,
            actor: _ids[plan.actor],
            via: _viaOf(plan.forClinic),
            purpose: Purpose.wrap(plan.purpose),
            labels: Labels.wrap(labels),
            series: SeriesId.wrap(0),
            sessionKeyHash: sessionKey,
            expiresAt: expiresAt
        });
        bytes memory data = abi.encodeCall(_gate.openSession, (request));
        (bool landed, bytes memory answer) = _ask(_keys[plan.caller], address(_gate), data);
        SessionId id = landed ? abi.decode(answer, (SessionId)) : SessionId.wrap(0);
        bool isFormed = sessionKey != 0 && expiresAt > block.timestamp && expiresAt <= block.timestamp + 12 hours;
        _judge(plan, isFormed, _opens(plan, labels), landed, SessionId.unwrap(id) != 0);
        if (SessionId.unwrap(id) != 0) {
            _noteId(id, keccak256(abi.encode(_patient, plan.actor, sessionKey, expiresAt)));
        }
    }

    function _judge(Plan memory plan, bool isFormed, bool isDue, bool landed, bool isOpened) private {
        if (plan.caller == _NOBODY) return _watch("strangers are not heard", !landed);
        if (!isFormed) return _watch("no session for ever", !landed);
        if (isOpened) _count("opened by consent");
        _watch(isDue ? "what is permitted opens" : "only a live path opens", isOpened == isDue);
        if (isOpened) return;
        bool isCapped = _denialsToday(plan.caller) >= 32;
        _watch(isCapped ? "32 refusals a day" : "a refusal is logged", landed != isCapped);
        if (landed) _noteDenial(plan.caller);
    }
}
