// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IAccessGate} from "../contracts/access/IAccessGate.sol";
import {IEmergencyAccess} from "../contracts/access/IEmergencyAccess.sol";
import {Authorization} from "../contracts/common/Authorization.sol";
import {Denial} from "../contracts/common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../contracts/common/Identifiers.sol";
import {IConsentRegistry, Via} from "../contracts/consent/IConsentRegistry.sol";
import {IPatientDelegates} from "../contracts/identity/IPatientDelegates.sol";
import {IPatientRecovery} from "../contracts/identity/IPatientRecovery.sol";
import {IPatientRegistry} from "../contracts/identity/IPatientRegistry.sol";
import {IProviderKeyReplacement} from "../contracts/identity/IProviderKeyReplacement.sol";
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
    uint40 internal constant _DELAY = 7 days;
    uint40 internal constant _WINDOW = 30 days;
    uint40 internal constant _SESSION_LIFETIME = 12 hours;
    uint40 internal constant _EMERGENCY_LIFETIME = 4 hours;
    uint32 internal constant _DENIALS_PER_DAY = 32;
    uint64 internal constant _REGISTRAR = 1;
    uint64 internal constant _EMERGENCY_OFFICER = 2;
    uint64 internal constant _PRIVACY_OFFICER = 4;
    uint64 internal constant _RECOVERY_OFFICER = 5;
    address internal constant _REGISTRAR_KEY = address(0x5e61);
    address internal constant _OFFICER_KEY = address(0x0ff1);
    address internal constant _PRIVACY_KEY = address(0x0ff4);
    address internal constant _RECOVERY_KEY = address(0x0ff5);

    /// @dev Where PatientRegistry keeps what `settled` looks at: `check_headIsReadWhereItIsKept`.
    uint256 private constant _HEADS = 2;
    uint256 private constant _CIRCUMSTANCES = 7;
    uint256 private constant _HOLDERS = 4;
    uint24 internal constant _FROZEN = 1;
    uint24 internal constant _MINOR = 4;
    uint24 internal constant _DECEASED = 8;
    uint24 private constant _ALL_OF = 16;
    uint24 private constant _PENDING = 32;

    IAccessManager internal _manager;
    IPatientRegistry internal _patients;
    IProviderRegistry internal _providers;
    IConsentRegistry internal _consents;
    IRecordRegistry internal _records;
    IAccessGate internal _gate;
    uint40 internal _now;

    /// @dev No change of controller and no recovery is under way, and no freeze ran out by itself. Other contracts ask `headOf` and
    /// `powerOf` only, and whatever these answer of another patient, they answer of such a one: `check_settlingKeepsTheHead`.
    modifier settled(PatientId patient) {
        _assumeSettled(patient);
        _;
    }

    /// @dev The same, and no two guardians decide together, which is proved apart: `GuardianProofs`.
    modifier single(PatientId patient) {
        _assumeSingle(patient);
        _;
    }

    function setUp() public virtual {
        _now = uint40(_SVM.createUint(40, "now"));
        // The clock is past the first days of 1970, when a deadline could be met by a decision signed at zero.
        _assume(_now > _LIFETIME);
        // The clock starts where AccessManager's own delays are over, and is set free below.
        _VM.warp(1_800_000_000);
        _link();
        _manager = IAccessManager(_deploy("AccessManager.sol:AccessManager", abi.encode(address(this))));
        address validator = _deploy("SignatureValidator.sol:SignatureValidator", "");
        _patients = IPatientRegistry(
            _deploy("PatientRegistry.sol:PatientRegistry", abi.encode(_manager, _LIFETIME, _DELAY, _WINDOW, validator))
        );
        _providers = IProviderRegistry(
            _deploy("ProviderRegistry.sol:ProviderRegistry", abi.encode(_manager, _LIFETIME, _DELAY, validator))
        );
        _consents = IConsentRegistry(
            _deploy(
                "ConsentRegistry.sol:ConsentRegistry",
                abi.encode(_patients, _providers, _LIFETIME, _MAX_DURATION, validator)
            )
        );
        _records = IRecordRegistry(
            _deploy(
                "RecordRegistry.sol:RecordRegistry",
                abi.encode(_patients, _providers, _consents, _DELAY, _LIFETIME, validator)
            )
        );
        _gate = IAccessGate(
            _deploy(
                "AccessGate.sol:AccessGate",
                // Its two structs are encoded in line.
                bytes.concat(
                    abi.encode(_manager, _patients, _providers, _consents, _records),
                    abi.encode(_SESSION_LIFETIME, _EMERGENCY_LIFETIME, _DENIALS_PER_DAY, _LIFETIME, validator)
                )
            )
        );
        _assignRoles();
        _letPatientsBe();
        _SVM.enableSymbolicStorage(address(_providers));
        _SVM.enableSymbolicStorage(address(_consents));
        _SVM.enableSymbolicStorage(address(_records));
        _SVM.enableSymbolicStorage(address(_gate));
        _VM.warp(_now);
        _VM.roll(_SVM.createUint(64, "block"));
    }

    /// @dev Whatever may be stored of patients; a proof that begins with an opening of records leaves the registry empty instead.
    function _letPatientsBe() internal virtual {
        _SVM.enableSymbolicStorage(address(_patients));
    }

    function _assume(bool condition) internal pure {
        _VM.assume(condition);
    }

    function _assumeSettled(PatientId patient) internal view {
        _assume((_storedFlags(patient) & _PENDING) | _frozenUntil(patient) == 0);
    }

    function _assumeSingle(PatientId patient) internal view {
        _assume((_storedFlags(patient) & (_PENDING | _ALL_OF)) | _frozenUntil(patient) == 0);
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

    /// @dev Signed, if at all, by a wallet without code. Of contracts' signatures the tests speak.
    function _assumeWallet(Authorization memory authorization) internal view {
        _assume(authorization.signature.length == 0 || authorization.signer.code.length == 0);
    }

    /// @dev A key that is not being replaced. `providerOfKey` is all that others ask, and it says of such a key whatever it may say.
    function _assumeOwnKey(address key) internal view {
        _assume(uint256(_VM.load(address(_providers), keccak256(abi.encode(key, _HOLDERS)))) > 2);
    }

    function _controllerOf(PatientId patient) internal view returns (address) {
        return _patients.headOf(patient).controller;
    }

    /// @dev A minor has no controller.
    function _isRegistered(PatientId patient) internal view returns (bool) {
        IPatientRegistry.Head memory head = _patients.headOf(patient);
        return head.controller != address(0) || head.flags & _MINOR != 0;
    }

    function _isFrozen(PatientId patient) internal view returns (bool) {
        return _patients.headOf(patient).flags & _FROZEN != 0;
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

    function _storedHead(PatientId patient) internal view returns (uint256) {
        return uint256(_VM.load(address(_patients), keccak256(abi.encode(patient, _HEADS))));
    }

    function _storedFlags(PatientId patient) internal view returns (uint256) {
        return _storedHead(patient) >> 232;
    }

    function _frozenUntil(PatientId patient) internal view returns (uint256) {
        return uint40(uint256(_VM.load(address(_patients), keccak256(abi.encode(patient, _CIRCUMSTANCES)))));
    }

    /// @dev As the tests deploy it: registrars admit and suspend, another role lets doctors open emergencies.
    function _assignRoles() private {
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = IProviderRegistry.register.selector;
        selectors[1] = IProviderRegistry.suspend.selector;
        selectors[2] = IProviderRegistry.reinstate.selector;
        selectors[3] = IProviderRegistry.retire.selector;
        selectors[4] = IProviderRegistry.grantAuthorship.selector;
        selectors[5] = IProviderRegistry.revokeAuthorship.selector;
        selectors[6] = IProviderRegistry.revokeEmergency.selector;
        selectors[7] = IProviderKeyReplacement.announceKeyReplacement.selector;
        _manager.setTargetFunctionRole(address(_providers), selectors, _REGISTRAR);
        selectors = new bytes4[](1);
        selectors[0] = IProviderRegistry.grantEmergency.selector;
        _manager.setTargetFunctionRole(address(_providers), selectors, _EMERGENCY_OFFICER);
        selectors[0] = IEmergencyAccess.reviewEmergency.selector;
        _manager.setTargetFunctionRole(address(_gate), selectors, _PRIVACY_OFFICER);
        selectors = new bytes4[](3);
        selectors[0] = IPatientDelegates.attestDeath.selector;
        selectors[1] = IPatientDelegates.attestMajority.selector;
        selectors[2] = IPatientRecovery.endorseRecovery.selector;
        _manager.setTargetFunctionRole(address(_patients), selectors, _RECOVERY_OFFICER);
        _manager.grantRole(_REGISTRAR, _REGISTRAR_KEY, 0);
        _manager.grantRole(_PRIVACY_OFFICER, _PRIVACY_KEY, 0);
        _manager.grantRole(_RECOVERY_OFFICER, _RECOVERY_KEY, 0);
        _manager.grantRole(_EMERGENCY_OFFICER, _OFFICER_KEY, 1 days);
    }

    /// @dev The libraries that contracts are linked with, each where the stage linked it: at the hash of its name (stage.ts).
    function _link() private {
        string[7] memory names = [
            "BatchDecisions",
            "ConsentWords",
            "RequestDecisions",
            "ShareDecisions",
            "ChangeDecisions",
            "GuardianDecisions",
            "TrusteeDecisions"
        ];
        for (uint256 i = 0; i < names.length; ++i) {
            address library_ = _deploy(string.concat(names[i], ".sol:", names[i]), "");
            _VM.etch(address(uint160(uint256(keccak256(bytes(names[i]))))), library_.code);
        }
    }

    function _deploy(string memory artifact, bytes memory arguments) private returns (address deployed) {
        bytes memory code = abi.encodePacked(_VM.getCode(artifact), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
        }
        assert(deployed != address(0));
    }
}
