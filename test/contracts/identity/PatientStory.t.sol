// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Authorization} from "../../../contracts/common/Authorization.sol";
import {PatientId} from "../../../contracts/common/Identifiers.sol";
import {SignatureValidator} from "../../../contracts/common/SignatureValidator.sol";
import {IPatientChanges} from "../../../contracts/identity/IPatientChanges.sol";
import {IPatientRecovery} from "../../../contracts/identity/IPatientRecovery.sol";
import {PatientRegistry} from "../../../contracts/identity/PatientRegistry.sol";

interface Vm {
    function warp(uint256 timestamp) external;
    function prank(address sender) external;
}

/// @notice A record's life in random steps, against a model that carries out at once, in each step, what the contract leaves to time. Direct
/// calls: signatures have tests of their own. Whoever controls the record must be able to revoke at every step.
contract PatientStoryTest {
    Vm private constant _VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint40 private constant _START = 1_800_000_000;
    uint40 private constant _DELAY = 7 days;
    uint40 private constant _WINDOW = 30 days;
    address[3] private _wallets = [address(0xA1), address(0xA2), address(0xA3)];
    address[] private _trustees = [address(0x71), address(0x72), address(0x73)];

    PatientRegistry private _patients;
    PatientId private _patient;

    // The model.
    address private _controller;
    bytes32 private _key;
    uint40 private _floor;
    uint32 private _generation;
    uint40 private _frozenUntil;
    address private _nextController;
    uint40 private _controllerAt;
    uint40 private _controllerAsOf;
    bytes32 private _nextKey;
    uint40 private _keyAt;
    uint40 private _keyAsOf;
    IPatientRecovery.RecoveryState private _state;
    address private _recovered;
    bytes32 private _recoveredKey;
    uint40 private _recoveryAt;
    uint40 private _vetoedAt;
    uint40 private _trusteesAsOf;

    // What happened, so that the test cannot pass by refusing everything.
    mapping(string outcome => uint256) private _count;

    function setUp() public {
        _VM.warp(_START);
        AccessManager manager = new AccessManager(address(this));
        _patients = new PatientRegistry(address(manager), 7 days, _DELAY, _WINDOW, new SignatureValidator());
        _controller = _wallets[0];
        _key = "first key";
        _VM.prank(_controller);
        _patient = _patients.register("salt", _key, _now(_controller));
        _VM.prank(_controller);
        _VM.warp(_START + 1);
        _patients.announceTrustees(_patient, _trustees, 2, _now(_controller));
        _trusteesAsOf = _START + 1;
        _VM.warp(_START + 1 + _DELAY);
    }

    function testFuzzFollowsTheModel(uint256[40] calldata steps) external {
        for (uint256 i = 0; i < steps.length; ++i) _step(steps[i]);
    }

    function testManyStepsShowEveryOutcome() external {
        for (uint256 i = 0; i < 1500; ++i) _step(uint256(keccak256(abi.encode("story", i))));
        require(_count["controller changed"] > 3 && _count["recovered"] > 3, "nobody took over");
        require(_count["key changed"] > 3 && _count["cancelled"] > 3, "no key changed");
        require(_count["frozen"] > 3 && _count["thawed"] > 1 && _count["frozen refused"] > 3, "no freeze");
        require(_count["vetoed"] > 3 && _count["not vetoable"] > 0 && _count["endorsed"] > 0, "no veto");
        require(_count["pending refused"] > 3 && _count["revoked"] > 30, "no refusal");
    }

    function _step(uint256 seed) private {
        // Some steps share a second; some pass over what was announced.
        uint256 pause = (seed >> 8) % 8;
        if (pause > 5) pause = (pause - 5) * 4 days;
        _VM.warp(block.timestamp + pause);
        _advance();
        uint256 verb = seed % 12;
        uint256 choice = (seed >> 16) % 3;
        if (verb < 2) _announceController(_wallets[choice]);
        else if (verb < 4) _announceKey(bytes32(seed | 1));
        else if (verb == 4) _cancel(choice % 2 == 0);
        else if (verb == 5) _revokeAll();
        else if (verb == 6) _freeze();
        else if (verb == 7) _unfreeze();
        else if (verb < 10) _recover(_wallets[choice], bytes32(seed | 2));
        else if (verb == 10) _veto();
        else _endorse();
        _advance();
        _compare();
    }

    /// What time alone has done.
    function _advance() private {
        uint40 time = uint40(block.timestamp);
        bool isDue = _recoveryAt != 0 && _recoveryAt <= time;
        if (isDue && _state == IPatientRecovery.RecoveryState.Awaiting) {
            (_state, _recoveryAt, isDue) = (IPatientRecovery.RecoveryState.None, 0, false);
        }
        if (isDue) {
            (_controller, _key) = (_recovered, _recoveredKey);
            if (_recoveryAt > _floor) _floor = _recoveryAt;
            (_state, _recoveryAt, _frozenUntil, _vetoedAt) = (IPatientRecovery.RecoveryState.None, 0, 0, 0);
            (_controllerAt, _keyAt) = (0, 0);
            _count["recovered"] += 1;
        }
        if (_controllerAt != 0 && _controllerAt <= time) {
            _controller = _nextController;
            if (_controllerAt > _floor) _floor = _controllerAt;
            _controllerAt = 0;
            _count["controller changed"] += 1;
        }
        if (_keyAt != 0 && _keyAt <= time) {
            (_key, _keyAt) = (_nextKey, 0);
            _count["key changed"] += 1;
        }
    }

    function _announceController(address next) private {
        bool may = _mayChange() && next != _controller && block.timestamp > _controllerAsOf;
        _VM.prank(_controller);
        try _patients.announceController(_patient, next, _now(_controller)) {
            require(may, "announced a controller");
            (_nextController, _controllerAt) = (next, uint40(block.timestamp) + _DELAY);
            _controllerAsOf = uint40(block.timestamp);
        } catch {
            require(!may, "refused a controller");
        }
    }

    function _announceKey(bytes32 next) private {
        bool may = _mayChange() && block.timestamp > _keyAsOf;
        _VM.prank(_controller);
        try _patients.announceOwnerKey(_patient, next, _now(_controller)) {
            require(may, "announced a key");
            (_nextKey, _keyAt, _keyAsOf) = (next, uint40(block.timestamp) + _DELAY, uint40(block.timestamp));
        } catch {
            require(!may, "refused a key");
        }
    }

    function _cancel(bool isController) private {
        _VM.prank(_controller);
        _patients.cancelChange(
            _patient,
            isController ? IPatientChanges.Change.Controller : IPatientChanges.Change.OwnerKey,
            _now(_controller)
        );
        if (isController ? _controllerAt != 0 : _keyAt != 0) _count["cancelled"] += 1;
        if (isController) (_controllerAt, _controllerAsOf) = (0, uint40(block.timestamp));
        else (_keyAt, _keyAsOf) = (0, uint40(block.timestamp));
    }

    function _revokeAll() private {
        _VM.prank(_controller);
        _patients.revokeAll(_patient, Authorization(_controller, 0, 0, ""));
        _endEverything();
        _count["revoked"] += 1;
    }

    function _freeze() private {
        bool may = _frozenUntil == 0 || block.timestamp >= _frozenUntil + _WINDOW;
        bool landed = _decide(IPatientRecovery.TrusteeVerb.Freeze, address(0), 0);
        require(landed == may, "freeze");
        if (!landed) return;
        _frozenUntil = uint40(block.timestamp) + _WINDOW;
        _endEverything();
        _stopAll();
        _count["frozen"] += 1;
    }

    function _unfreeze() private {
        bool may = _isFrozen();
        require(_decide(IPatientRecovery.TrusteeVerb.Unfreeze, address(0), 0) == may, "unfreeze");
        if (!may) return;
        _frozenUntil = uint40(block.timestamp);
        _count["thawed"] += 1;
    }

    function _recover(address next, bytes32 key) private {
        require(_decide(IPatientRecovery.TrusteeVerb.Recover, next, key), "refused a recovery");
        bool isSecond = _vetoedAt != 0 && block.timestamp < _vetoedAt + _WINDOW;
        _state = isSecond ? IPatientRecovery.RecoveryState.Awaiting : IPatientRecovery.RecoveryState.Pending;
        _recoveryAt = uint40(block.timestamp) + (isSecond ? _WINDOW : _DELAY);
        (_recovered, _recoveredKey) = (next, key);
        _stopAll();
    }

    function _veto() private {
        bool may = _state == IPatientRecovery.RecoveryState.Pending;
        _VM.prank(_controller);
        try _patients.vetoRecovery(_patient, Authorization(_controller, 0, 0, "")) {
            require(may, "vetoed");
            (_state, _recoveryAt, _vetoedAt) = (IPatientRecovery.RecoveryState.None, 0, uint40(block.timestamp));
            _count["vetoed"] += 1;
        } catch {
            require(!may, "refused a veto");
            if (_state != IPatientRecovery.RecoveryState.None) _count["not vetoable"] += 1;
        }
    }

    function _endorse() private {
        bool may = _state == IPatientRecovery.RecoveryState.Awaiting;
        try _patients.endorseRecovery(_patient, _recovered, _recoveredKey) {
            require(may, "endorsed");
            (_state, _recoveryAt) = (IPatientRecovery.RecoveryState.Endorsed, uint40(block.timestamp) + _DELAY);
            _count["endorsed"] += 1;
        } catch {
            require(!may, "refused to endorse");
        }
    }

    /// Two of three trustees, who are not always the same.
    function _decide(
        IPatientRecovery.TrusteeVerb verb,
        address controller,
        bytes32 subject
    ) private returns (bool landed) {
        IPatientRecovery.Trustees memory set = _patients.trusteesOf(_patient);
        IPatientRecovery.Proposal memory proposal = IPatientRecovery.Proposal(
            verb,
            controller,
            subject,
            set.version,
            set.round
        );
        (uint8 before, ) = _patients.approvalsOf(_patient, proposal);
        uint256 first = uint256(keccak256(abi.encode(block.timestamp, verb))) % 3;
        for (uint256 i = 0; i < 3; ++i) {
            address trustee = _trustees[(first + i) % 3];
            _VM.prank(trustee);
            try _patients.approve(_patient, proposal, _now(trustee)) {
                if (_patients.trusteesOf(_patient).round != set.round) return true;
                require(before == 0, "an approval did not count");
            } catch {}
        }
    }

    function _endEverything() private {
        _generation += 1;
        if (block.timestamp > _floor) _floor = uint40(block.timestamp);
    }

    function _stopAll() private {
        if (_controllerAt != 0) (_controllerAt, _controllerAsOf) = (0, uint40(block.timestamp));
        if (_keyAt != 0) (_keyAt, _keyAsOf) = (0, uint40(block.timestamp));
    }

    function _mayChange() private returns (bool) {
        if (_isFrozen()) _count["frozen refused"] += 1;
        else if (_state != IPatientRecovery.RecoveryState.None) _count["pending refused"] += 1;
        return !_isFrozen() && _state == IPatientRecovery.RecoveryState.None && block.timestamp > _floor;
    }

    function _isFrozen() private view returns (bool) {
        return block.timestamp < _frozenUntil;
    }

    function _compare() private view {
        (address controller, uint40 floor, uint32 generation, uint24 flags) = _head();
        require(controller == _controller && floor == _floor && generation == _generation, "head");
        require((flags & 1 != 0) == _isFrozen(), "frozen");
        require(_patients.ownerKeyHashOf(_patient) == _key, "owner key");
        IPatientRecovery.Recovery memory recovery = _patients.recoveryOf(_patient);
        require(recovery.state == _state && recovery.effectiveAt == _recoveryAt, "recovery");
        (uint40 controllerAt, , ) = _patients.changeOf(_patient, IPatientChanges.Change.Controller);
        require(controllerAt == _controllerAt, "controller announced");
        (, bool mayDecide, bool mayRevoke, ) = _patients.powerOf(_patient, _controller, 0);
        require(mayDecide && mayRevoke, "the controller is powerless");
    }

    function _head() private view returns (address, uint40, uint32, uint24) {
        PatientRegistry.Head memory head = _patients.headOf(_patient);
        return (head.controller, head.signedFloor, head.generation, head.flags);
    }

    function _now(address signer) private view returns (Authorization memory) {
        return Authorization(signer, uint40(block.timestamp), uint40(block.timestamp), "");
    }
}
