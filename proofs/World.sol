// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IAccessGate} from "../contracts/access/IAccessGate.sol";
import {Authorization} from "../contracts/common/Authorization.sol";
import {Denial} from "../contracts/common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../contracts/common/Identifiers.sol";
import {IConsentRegistry, Via} from "../contracts/consent/IConsentRegistry.sol";
import {IPatientRegistry} from "../contracts/identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../contracts/identity/IProviderRegistry.sol";
import {IRecordRegistry} from "../contracts/records/IRecordRegistry.sol";
import {ISvm, IVm} from "./Cheats.sol";

/// @title The real contracts, in any state, at any time
/// @notice Every storage word of the registries and of the gate stands for every value, reachable or not, and the clock for every second
/// of a `uint40`. A property narrows that with `_assume`, and what it assumes of a state is proved to be kept elsewhere. A property that
/// assumes too much holds for nothing: hence its mutant (mutants.json), on which it must fail.
abstract contract World {
    IVm internal constant _VM = IVm(address(uint160(uint256(keccak256("hevm cheat code")))));
    ISvm internal constant _SVM = ISvm(address(uint160(uint256(keccak256("svm cheat code")))));

    uint40 internal constant _LIFETIME = 7 days;
    uint40 internal constant _MAX_DURATION = 3653 days;
    uint40 internal constant _SESSION_LIFETIME = 12 hours;
    uint32 internal constant _DENIALS_PER_DAY = 32;
    uint64 internal constant _REGISTRAR = 1;
    uint64 internal constant _EMERGENCY_OFFICER = 2;
    address internal constant _REGISTRAR_KEY = address(0x5e61);
    address internal constant _OFFICER_KEY = address(0x0ff1);

    IAccessManager internal _manager;
    IPatientRegistry internal _patients;
    IProviderRegistry internal _providers;
    IConsentRegistry internal _consents;
    IRecordRegistry internal _records;
    IAccessGate internal _gate;
    uint40 internal _now;

    function setUp() public virtual {
        _now = uint40(_SVM.createUint(40, "now"));
        // The clock starts where AccessManager's own delays are over, and is set free below.
        _VM.warp(1_800_000_000);
        _manager = IAccessManager(_deploy("AccessManager.sol:AccessManager", abi.encode(address(this))));
        _patients = IPatientRegistry(_deploy("PatientRegistry.sol:PatientRegistry", abi.encode(_LIFETIME)));
        _providers = IProviderRegistry(
            _deploy("ProviderRegistry.sol:ProviderRegistry", abi.encode(_manager, _LIFETIME))
        );
        _consents = IConsentRegistry(
            _deploy("ConsentRegistry.sol:ConsentRegistry", abi.encode(_patients, _providers, _LIFETIME, _MAX_DURATION))
        );
        _records = IRecordRegistry(
            _deploy("RecordRegistry.sol:RecordRegistry", abi.encode(_patients, _providers, _consents, _LIFETIME))
        );
        _gate = IAccessGate(
            _deploy("AccessGate.sol:AccessGate", abi.encode(_providers, _consents, _SESSION_LIFETIME, _DENIALS_PER_DAY))
        );
        _assignRoles();
        _SVM.enableSymbolicStorage(address(_patients));
        _SVM.enableSymbolicStorage(address(_providers));
        _SVM.enableSymbolicStorage(address(_consents));
        _SVM.enableSymbolicStorage(address(_records));
        _SVM.enableSymbolicStorage(address(_gate));
        _VM.warp(_now);
        _VM.roll(_SVM.createUint(64, "block"));
    }

    function _assume(bool condition) internal pure {
        _VM.assume(condition);
    }

    /// @dev A decision made by calling.
    function _direct(address signer, uint40 signedAt, uint40 deadline) internal pure returns (Authorization memory) {
        return Authorization(signer, signedAt, deadline, "");
    }

    /// @dev A decision with a signature that may be anybody's, or nobody's, over anything.
    function _signed(address signer, uint40 signedAt, uint40 deadline) internal pure returns (Authorization memory) {
        return Authorization(signer, signedAt, deadline, _SVM.createBytes(65, "signature"));
    }

    /// @dev A restrictive decision, made by calling now.
    function _byCalling(address signer) internal pure returns (Authorization memory) {
        return Authorization(signer, 0, 0, "");
    }

    function _controllerOf(PatientId patient) internal view returns (address) {
        return _patients.headOf(patient).controller;
    }

    function _viaOrganisation(ProviderId organisation) internal pure returns (Via memory) {
        return Via(organisation, new ProviderId[](0), false);
    }

    function _granteeOf(ProviderId actor, ProviderId organisation) internal pure returns (ProviderId) {
        return ProviderId.unwrap(organisation) == 0 ? actor : organisation;
    }

    function _same(ProviderId a, ProviderId b) internal pure returns (bool) {
        return ProviderId.unwrap(a) == ProviderId.unwrap(b);
    }

    function _same(PatientId a, PatientId b) internal pure returns (bool) {
        return PatientId.unwrap(a) == PatientId.unwrap(b);
    }

    /// @dev As the tests deploy it: registrars admit and suspend, another role lets doctors open emergencies.
    function _assignRoles() private {
        bytes4[] memory selectors = new bytes4[](7);
        selectors[0] = IProviderRegistry.register.selector;
        selectors[1] = IProviderRegistry.suspend.selector;
        selectors[2] = IProviderRegistry.reinstate.selector;
        selectors[3] = IProviderRegistry.retire.selector;
        selectors[4] = IProviderRegistry.grantAuthorship.selector;
        selectors[5] = IProviderRegistry.revokeAuthorship.selector;
        selectors[6] = IProviderRegistry.revokeEmergency.selector;
        _manager.setTargetFunctionRole(address(_providers), selectors, _REGISTRAR);
        selectors = new bytes4[](1);
        selectors[0] = IProviderRegistry.grantEmergency.selector;
        _manager.setTargetFunctionRole(address(_providers), selectors, _EMERGENCY_OFFICER);
        _manager.grantRole(_REGISTRAR, _REGISTRAR_KEY, 0);
        _manager.grantRole(_EMERGENCY_OFFICER, _OFFICER_KEY, 1 days);
    }

    function _deploy(string memory artifact, bytes memory arguments) private returns (address deployed) {
        bytes memory code = abi.encodePacked(_VM.getCode(artifact), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
        }
        assert(deployed != address(0));
    }
}
