// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId, ProviderId, Purpose, SeriesId} from "../../../../contracts/common/Identifiers.sol";
import {IPatientRecovery} from "../../../../contracts/identity/IPatientRecovery.sol";
import {IProviderRegistry} from "../../../../contracts/identity/IProviderRegistry.sol";
import {DelegateKind} from "../../../../contracts/identity/Power.sol";
import {Registries} from "../Registries.sol";

/// @notice A patient with a proxy and a trustee, four organisations and a doctor, and what the patient decided, in plain words: every
/// register is kept apart, with the second of the decision that stands in it.
abstract contract ConsentModel is Registries {
    /// @dev A consent, or a share; then `generation` is the serial of its parent.
    struct Slot {
        uint64 labels;
        uint8 actions;
        uint40 from;
        uint40 until;
        uint32 generation;
        uint32 serial;
        uint40 asOf;
    }

    struct Switch {
        bool isOn;
        uint40 asOf;
    }

    /// @dev Who sends a decision, in whose name, and whether that person may.
    struct Decider {
        address caller;
        address signer;
        bool isEntitled;
    }

    uint256 internal constant _CONTROLLER_KEY = 0xA11CE;
    uint256 internal constant _PROXY_KEY = 0xB0B;
    SeriesId internal constant _SERIES = SeriesId.wrap("series");
    // Providers: shares go from each organisation to the next; the doctor works for the first.
    uint256 internal constant _HOSPITAL = 3;
    uint256 internal constant _DOCTOR = 4;

    address internal _controller;
    address internal _proxy;
    address internal constant _TRUSTEE = address(0x71);
    PatientId internal _patient;
    /// @dev Never decides anything: its consent is to stay as it was.
    PatientId internal _otherPatient;
    address[5] internal _keys = [address(0xC1), address(0xC2), address(0xC3), address(0xC4), address(0xD0)];
    ProviderId[5] internal _ids;

    /// @dev Even: to the clinic; odd: to the hospital. From 2 on for research; from 4 on of one series.
    Slot[8] internal _slots;
    /// @dev From each organisation to the next, for treatment.
    Slot[3] internal _shares;
    Switch[3] internal _cuts;
    /// @dev By the controller, by delegates.
    Switch[2][5] internal _exclusions;
    bool[5] internal _isSuspended;
    bool internal _isAffiliated = true;
    uint40 internal _affiliationAsOf;
    uint40 internal _floor;
    uint32 internal _generation;
    uint40 internal _frozenUntil;
    uint40 internal _proxyFrom;
    uint40 internal _proxyUntil;
    uint40 internal _proxyAsOf;

    function setUp() public virtual {
        _deploy();
        _controller = _VM.addr(_CONTROLLER_KEY);
        _proxy = _VM.addr(_PROXY_KEY);
        _patient = _register(_controller);
        _otherPatient = _register(_stranger);
        for (uint256 i = 0; i < 4; ++i) _ids[i] = _admit(_keys[i], IProviderRegistry.ProviderKind.Clinic);
        _ids[_DOCTOR] = _admit(_keys[_DOCTOR], IProviderRegistry.ProviderKind.Practitioner);
        _affiliate(_ids[0], _keys[0], _ids[_DOCTOR], _keys[_DOCTOR]);
        _affiliationAsOf = _now();
        _pass(1);
        address[] memory trustees = new address[](1);
        trustees[0] = _TRUSTEE;
        _VM.prank(_controller);
        _patients.announceTrustees(_patient, trustees, 1, _at(_controller, _now()));
        _pass(_DELAY);
        (_proxyFrom, _proxyUntil, _proxyAsOf) = (_now(), _minute(_now()) + 60 days, _now());
        _VM.prank(_controller);
        _patients.appointDelegate(_patient, _proxy, DelegateKind.Proxy, _proxyUntil, _at(_controller, _now()));
        _pass(10);
    }

    /// @dev Mostly the controller or the proxy; else a stranger, a provider, or a stranger in the controller's name.
    function _deciderOf(uint256 random, uint40 signedAt) internal view returns (Decider memory decider) {
        uint256 who = random % 16;
        address caller = _controller;
        if (who > 8 && who < 13) caller = _proxy;
        else if (who == 13) caller = _keys[0];
        else if (who > 13) caller = _stranger;
        address signer = who == 15 ? _controller : caller;
        return Decider(caller, signer, who != 15 && _isEntitled(signer, signedAt));
    }

    function _isEntitled(address signer, uint40 signedAt) internal view returns (bool) {
        if (signer == _controller) return true;
        return signer == _proxy && signedAt > _proxyFrom && block.timestamp < _proxyUntil;
    }

    function _isFrozen() internal view returns (bool) {
        return block.timestamp < _frozenUntil;
    }

    function _isExcluded(uint256 provider) internal view returns (bool) {
        return _exclusions[provider][0].isOn || _exclusions[provider][1].isOn;
    }

    function _isLive(Slot storage slot) internal view returns (bool) {
        return slot.actions != 0 && slot.generation == _generation;
    }

    /// @dev What the path through `length` shares allows its last holder, whether or not the time has come: the narrowest of all.
    function _rightOf(uint256 length) internal view returns (Slot memory right) {
        if (!_isLive(_slots[0])) return right;
        right = _slots[0];
        for (uint256 i = 0; i < length; ++i) {
            Slot storage next = _shares[i];
            if (_isSuspended[i] || _isExcluded(i) || right.actions & 4 == 0) return _none();
            if (next.actions == 0 || next.generation != right.serial || _cuts[i].isOn) return _none();
            right.labels &= next.labels;
            right.actions &= next.actions;
            if (next.from > right.from) right.from = next.from;
            if (next.until < right.until) right.until = next.until;
            right.serial = next.serial;
        }
    }

    function _permits(Slot memory right, uint64 labels, uint8 action) internal view returns (bool) {
        return
            right.actions & action != 0 &&
            labels & ~right.labels == 0 &&
            block.timestamp >= right.from &&
            block.timestamp < right.until;
    }

    /// @dev Dates that are shown are whole minutes.
    function _minute(uint40 time) internal pure returns (uint40) {
        return time - (time % 60);
    }

    function _granteeOf(uint256 slot) internal pure returns (uint256) {
        return slot % 2 == 0 ? 0 : _HOSPITAL;
    }

    function _purposeOf(uint256 slot) internal pure returns (Purpose) {
        return Purpose.wrap(slot % 4 < 2 ? 1 : 5);
    }

    function _seriesOf(uint256 slot) internal pure returns (SeriesId) {
        return slot < 4 ? SeriesId.wrap(0) : _SERIES;
    }

    /// @dev The providers from the clinic on to the sharer at `place`.
    function _chainTo(uint256 place) internal view returns (ProviderId[] memory chain) {
        chain = new ProviderId[](place + 1);
        for (uint256 i = 0; i <= place; ++i) chain[i] = _ids[i];
    }

    function _proposal(IPatientRecovery.TrusteeVerb verb) internal view returns (IPatientRecovery.Proposal memory) {
        IPatientRecovery.Trustees memory set = _patients.trusteesOf(_patient);
        return IPatientRecovery.Proposal(verb, address(0), 0, set.version, set.round);
    }

    function _none() private pure returns (Slot memory none) {}
}
