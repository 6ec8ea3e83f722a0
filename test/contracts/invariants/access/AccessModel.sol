// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessGate} from "../../../../contracts/access/AccessGate.sol";
import {EmergencyWords} from "../../../../contracts/access/EmergencyWords.sol";
import {IEmergencyAccess} from "../../../../contracts/access/IEmergencyAccess.sol";
import {PatientId, ProviderId, SessionId} from "../../../../contracts/common/Identifiers.sol";
import {IProviderRegistry} from "../../../../contracts/identity/IProviderRegistry.sol";
import {DelegateKind} from "../../../../contracts/identity/Power.sol";
import {RecordRegistry} from "../../../../contracts/records/RecordRegistry.sol";
import {Registries} from "../Registries.sol";

/// @notice A gate, a clinic and three doctors, a patient with proxy and executor, a minor, and what would open in plain words.
abstract contract AccessModel is Registries {
    struct Consent {
        uint64 labels;
        uint40 from;
        uint40 until;
    }

    struct Opening {
        SessionId id;
        uint256 actor;
        uint256 colleague;
        uint40 from;
        uint40 until;
        uint64 labels;
        IEmergencyAccess.EmergencyReview review;
    }

    struct Term {
        uint40 from;
        uint40 until;
    }

    uint64 internal constant _PRIVACY_OFFICER = 4;
    // Providers: the clinic, its doctor, and two others. The first two doctors may break the glass at the start.
    uint256 internal constant _CLINIC = 0;
    uint256 internal constant _BAKER = 1;
    uint256 internal constant _CHEN = 2;
    uint256 internal constant _DIAZ = 3;
    /// @dev In place of a provider: nobody's key.
    uint256 internal constant _NOBODY = 4;

    address internal constant _CONTROLLER = address(0xA11CE);
    address internal constant _PROXY = address(0xB0B);
    address internal constant _EXECUTOR = address(0xEEC);
    address internal constant _GUARDIAN = address(0x6A4D);
    /// @dev Beside doctor Baker, who holds the same office.
    address internal constant _OFFICER = address(0x0FF1);

    AccessGate internal _gate;
    EmergencyWords internal _words;
    PatientId internal _patient;
    PatientId internal _minor;
    ProviderId[4] internal _ids;
    address[5] internal _keys;

    /// @dev The clinic's for treatment and research, doctor Chen's for treatment.
    Consent[3] internal _given;
    bool[4] internal _isSuspended;
    bool[4] internal _isExcluded;
    bool[4] internal _mayBreakGlass;
    bool internal _hasOptedOut;
    uint256[4] internal _denials;
    uint256[4] internal _denialDay;
    Opening[] internal _openings;
    /// @dev One more than the index of the last opening in which a doctor took part.
    uint256[4] internal _lastOf;
    mapping(SessionId => bytes32) internal _requestOf;
    Term internal _proxyTerm;
    Term internal _executorTerm;
    uint40 internal _diedAt;
    uint40 internal _majorityAt;
    uint40 internal _minorFrom;

    function setUp() public {
        _deploy();
        RecordRegistry records = new RecordRegistry(_patients, _providers, _consents, _DELAY, _LIFETIME, _validator);
        _gate = new AccessGate(
            address(_manager),
            AccessGate.Registries(_patients, _providers, _consents, records),
            AccessGate.Limits(12 hours, 4 hours, 32),
            _LIFETIME,
            _validator
        );
        _words = new EmergencyWords();
        for (uint256 i = 0; i < 4; ++i) {
            _keys[i] = _VM.addr(_privateKeyOf(i));
            _ids[i] = _admit(
                _keys[i],
                i == _CLINIC ? IProviderRegistry.ProviderKind.Clinic : IProviderRegistry.ProviderKind.Practitioner
            );
        }
        _keys[_NOBODY] = _stranger;
        _affiliate(_ids[_CLINIC], _keys[_CLINIC], _ids[_BAKER], _keys[_BAKER]);
        _setPrivilege(_BAKER, true);
        _setPrivilege(_CHEN, true);
        _appointOfficers();
        _registerFamily();
        _pass(1);
    }

    function _privateKeyOf(uint256 provider) internal pure returns (uint256) {
        return provider == _NOBODY ? _STRANGER_KEY : 0xD0C0 + provider;
    }

    function _setPrivilege(uint256 doctor, bool may) internal {
        _mayBreakGlass[doctor] = may;
        if (may) _providers.grantEmergency(_ids[doctor]);
        else _providers.revokeEmergency(_ids[doctor]);
    }

    /// @dev Whether the consent at `place` covers `labels` now.
    function _covers(uint256 place, uint64 labels) internal view returns (bool) {
        Consent storage consent = _given[place];
        bool isNow = block.timestamp >= consent.from && block.timestamp < consent.until;
        return isNow && labels != 0 && labels & ~consent.labels == 0;
    }

    function _isIn(uint256 provider) internal view returns (bool) {
        return !_isSuspended[provider] && !_isExcluded[provider];
    }

    function _isLocked(uint256 doctor) internal view returns (bool) {
        uint256 last = _lastOf[doctor];
        return last != 0 && _openings[last - 1].review == IEmergencyAccess.EmergencyReview.None;
    }

    /// @dev What must hold of the two clinicians as long as an opening lasts.
    function _mayOpen(uint256 actor, uint256 colleague) internal view returns (bool) {
        return !_hasOptedOut && _isIn(actor) && _isIn(colleague) && _mayBreakGlass[actor] && _mayBreakGlass[colleague];
    }

    function _isOpen(Opening storage opening) internal view returns (bool) {
        return
            block.timestamp >= opening.from &&
            block.timestamp < opening.until &&
            opening.review != IEmergencyAccess.EmergencyReview.Unjustified &&
            _mayOpen(opening.actor, opening.colleague);
    }

    function _denialsToday(uint256 provider) internal view returns (uint256) {
        return _denialDay[provider] == block.timestamp / 1 days ? _denials[provider] : 0;
    }

    function _noteDenial(uint256 provider) internal {
        (_denials[provider], _denialDay[provider]) = (_denialsToday(provider) + 1, block.timestamp / 1 days);
        _count("denied and logged");
    }

    /// @dev An id stands for one request.
    function _noteId(SessionId id, bytes32 request) internal {
        bytes32 known = _requestOf[id];
        _watch("a session's id is of one request", SessionId.unwrap(id) != 0 && (known == 0 || known == request));
        _requestOf[id] = request;
    }

    function _isWithin(Term storage term) internal view returns (bool) {
        return block.timestamp > term.from && block.timestamp < term.until;
    }

    function _executorReads() internal view returns (bool) {
        return _diedAt != 0 && block.timestamp > _diedAt + _WINDOW && _isWithin(_executorTerm);
    }

    function _guardianReads() internal view returns (bool) {
        return block.timestamp > _minorFrom && block.timestamp < _majorityAt;
    }

    function _appointOfficers() private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = _gate.reviewEmergency.selector;
        _manager.setTargetFunctionRole(address(_gate), selectors, _PRIVACY_OFFICER);
        _manager.grantRole(_PRIVACY_OFFICER, _OFFICER, 0);
        _manager.grantRole(_PRIVACY_OFFICER, _keys[_BAKER], 0);
    }

    function _registerFamily() private {
        _patient = _register(_CONTROLLER);
        _majorityAt = _now() + 50 days;
        _minorFrom = _now();
        address[] memory guardians = new address[](1);
        guardians[0] = _GUARDIAN;
        _VM.prank(_GUARDIAN);
        _minor = _patients.registerMinor("child", "key", _majorityAt, guardians, false, _at(_GUARDIAN, _now()));
        _pass(60);
        _executorTerm = Term(_now(), _now() + 600 days);
        _VM.prank(_CONTROLLER);
        _patients.appointDelegate(
            _patient,
            _EXECUTOR,
            DelegateKind.Executor,
            _executorTerm.until,
            _at(_CONTROLLER, _now())
        );
    }
}
