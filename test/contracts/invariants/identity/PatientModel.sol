// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId} from "../../../../contracts/common/Identifiers.sol";
import {IPatientChanges} from "../../../../contracts/identity/IPatientChanges.sol";
import {IPatientRecovery} from "../../../../contracts/identity/IPatientRecovery.sol";
import {IPatientRegistry} from "../../../../contracts/identity/IPatientRegistry.sol";
import {PatientFlags} from "../../../../contracts/identity/PatientFlags.sol";
import {DelegateKind} from "../../../../contracts/identity/Power.sol";
import {Registries} from "../Registries.sol";

/// @notice A patient with three wallets to move between, three trustees of whom two decide, a proxy and an executor; and a minor. What the
/// contract leaves to time the model carries out at once, in each step.
abstract contract PatientModel is Registries {
    struct Pending {
        address controller;
        bytes32 key;
        uint40 effectiveAt;
        uint40 asOf;
    }

    address[3] internal _wallets = [address(0xA1), address(0xA2), address(0xA3)];
    address[3] internal _trustees = [address(0x71), address(0x72), address(0x73)];
    address internal constant _PROXY = address(0xB0B);
    address internal constant _EXECUTOR = address(0xEEC);
    address internal constant _GUARDIAN = address(0x6A4D);
    address internal constant _CHILD = address(0xC41D);

    PatientId internal _patient;
    PatientId internal _minor;

    address internal _controller;
    bytes32 internal _key = "owner key";
    uint40 internal _floor;
    uint32 internal _generation;
    uint40 internal _frozenUntil;
    Pending internal _nextController;
    Pending internal _nextKey;
    IPatientRecovery.RecoveryState internal _state;
    Pending internal _recovery;
    uint40 internal _vetoedAt;
    uint32 internal _headerVersion;
    bool internal _hasOptedOut;
    uint40 internal _diedAt;
    uint40 internal _proxyFrom;
    uint40 internal _executorFrom;
    uint40 internal _proxyUntil;
    uint40 internal _executorUntil;
    uint40 internal _majorityAt;
    address internal _attested;
    bool internal _isClaimed;
    /// @dev Who approved a proposal, one bit each, and since when.
    mapping(bytes32 proposal => uint8) internal _approvers;
    mapping(bytes32 proposal => uint40) internal _approvedSince;

    function setUp() public {
        _deploy();
        _controller = _wallets[0];
        _patient = _register(_controller);
        _majorityAt = _now() + 60 days;
        address[] memory guardians = new address[](1);
        guardians[0] = _GUARDIAN;
        _VM.prank(_GUARDIAN);
        _minor = _patients.registerMinor("child", "key", _majorityAt, guardians, false, _at(_GUARDIAN, _now()));
        _pass(60);
        address[] memory trustees = new address[](3);
        for (uint256 i = 0; i < 3; ++i) trustees[i] = _trustees[i];
        _VM.prank(_controller);
        _patients.announceTrustees(_patient, trustees, 2, _at(_controller, _now()));
        (_proxyFrom, _executorFrom) = (_now(), _now());
        (_proxyUntil, _executorUntil) = (_now() + 40 days, _now() + 400 days);
        _VM.prank(_controller);
        _patients.appointDelegate(_patient, _PROXY, DelegateKind.Proxy, _proxyUntil, _at(_controller, _now()));
        _VM.prank(_controller);
        _patients.appointDelegate(_patient, _EXECUTOR, DelegateKind.Executor, _executorUntil, _at(_controller, _now()));
        _pass(_DELAY);
    }

    /// @dev What time alone has done.
    function _advance() internal {
        uint40 time = _now();
        bool isDue = _recovery.effectiveAt != 0 && _recovery.effectiveAt <= time;
        if (isDue && _state == IPatientRecovery.RecoveryState.Awaiting) {
            (_state, _recovery.effectiveAt, isDue) = (IPatientRecovery.RecoveryState.None, 0, false);
        }
        if (isDue) {
            (_controller, _key) = (_recovery.controller, _recovery.key);
            if (_recovery.effectiveAt > _floor) _floor = _recovery.effectiveAt;
            (_state, _recovery.effectiveAt) = (IPatientRecovery.RecoveryState.None, 0);
            (_frozenUntil, _vetoedAt, _nextController.effectiveAt, _nextKey.effectiveAt) = (0, 0, 0, 0);
            _count("recovered");
        }
        if (_nextController.effectiveAt != 0 && _nextController.effectiveAt <= time) {
            _controller = _nextController.controller;
            if (_nextController.effectiveAt > _floor) _floor = _nextController.effectiveAt;
            _nextController.effectiveAt = 0;
            _count("controller changed");
        }
        if (_nextKey.effectiveAt != 0 && _nextKey.effectiveAt <= time) {
            (_key, _nextKey.effectiveAt) = (_nextKey.key, 0);
            _count("key changed");
        }
    }

    function _isFrozen() internal view returns (bool) {
        return block.timestamp < _frozenUntil;
    }

    /// @dev Whether what cannot be undone may be decided now.
    function _mayChange() internal view returns (bool) {
        return !_isFrozen() && _state == IPatientRecovery.RecoveryState.None && block.timestamp > _floor;
    }

    function _proxyHolds() internal view returns (bool) {
        return block.timestamp > _proxyFrom && block.timestamp < _proxyUntil;
    }

    function _executorHolds() internal view returns (bool) {
        bool hasBegun = _diedAt != 0 && block.timestamp > _diedAt + _WINDOW;
        return hasBegun && block.timestamp > _executorFrom && block.timestamp < _executorUntil;
    }

    function _guardianHolds() internal view returns (bool) {
        return !_isClaimed && block.timestamp < _majorityAt;
    }

    function _endEverything() internal {
        ++_generation;
        if (block.timestamp > _floor) _floor = _now();
    }

    /// @dev What was announced is off, and what was announced up to now and withheld, too.
    function _stopAll() internal {
        if (_nextController.effectiveAt != 0) (_nextController.effectiveAt, _nextController.asOf) = (0, _now());
        if (_nextKey.effectiveAt != 0) (_nextKey.effectiveAt, _nextKey.asOf) = (0, _now());
    }

    /// @dev All that trustees could change. PENDING only says that more is stored of the patient than the head.
    function _stateHash() internal view returns (bytes32) {
        IPatientRegistry.Head memory head = _patients.headOf(_patient);
        head.flags &= ~PatientFlags.PENDING;
        (uint40 controllerAt, , ) = _patients.changeOf(_patient, IPatientChanges.Change.Controller);
        (uint40 keyAt, , ) = _patients.changeOf(_patient, IPatientChanges.Change.OwnerKey);
        return
            keccak256(
                abi.encode(
                    head,
                    _patients.recoveryOf(_patient),
                    _patients.ownerKeyHashOf(_patient),
                    controllerAt,
                    keyAt
                )
            );
    }
}
