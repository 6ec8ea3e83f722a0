// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../../contracts/common/Authorization.sol";
import {ProviderId} from "../../../../contracts/common/Identifiers.sol";
import {IProviderRegistry} from "../../../../contracts/identity/IProviderRegistry.sol";
import {Registries} from "../Registries.sol";

/// @notice Two clinics, two doctors and room for more, many keys, a registrar and an emergency officer with the delay of a day.
abstract contract ProviderModel is Registries {
    enum KeyState {
        Free,
        Held,
        Spent,
        Leaving,
        Coming
    }

    struct Key {
        KeyState state;
        uint256 provider;
        uint256 other;
        uint40 effectiveAt;
    }

    struct Known {
        ProviderId id;
        IProviderRegistry.ProviderStatus status;
        bool isPerson;
        bool isAuthor;
        bool mayBreakGlass;
        uint256 keys;
        bytes32 name;
        bytes32 licence;
    }

    struct Affiliation {
        IProviderRegistry.AffiliationStatus status;
        uint40 asOf;
    }

    uint64 internal constant _REGISTRAR_ROLE = 1;
    uint64 internal constant _EMERGENCY_ROLE = 2;
    uint256 internal constant _KEYS = 24;
    address internal constant _REGISTRAR = address(0x5E6);
    address internal constant _EMERGENCY_OFFICER = address(0xE0);

    Known[] internal _known;
    Key[24] internal _keyring;
    address[24] private _accounts;
    mapping(bytes32 name => bool) internal _isNameTaken;
    mapping(bytes32 licence => bool) internal _isLicenceTaken;
    /// @dev Of each doctor (2, 3) with each clinic (0, 1).
    mapping(uint256 organisation => mapping(uint256 person => Affiliation)) internal _affiliations;
    mapping(uint256 provider => uint40) internal _scheduledFor;

    function setUp() public {
        _deploy();
        _assignRoles();
        for (uint256 i = 0; i < _KEYS; ++i) _accounts[i] = _VM.addr(_privateKeyOf(i));
        for (uint256 i = 0; i < 4; ++i) {
            bool isPerson = i > 1;
            bytes memory data = _admission(i, isPerson, _nameOf(i), isPerson ? bytes32(i) : bytes32(0), false);
            if (_attempt(_REGISTRAR, address(_providers), data)) {
                _noteAdmission(i, isPerson, _nameOf(i), isPerson ? bytes32(i) : bytes32(0));
            }
        }
        _pass(60);
    }

    function _addressOf(uint256 key) internal view returns (address) {
        return _accounts[key];
    }

    function _privateKeyOf(uint256 key) internal pure returns (uint256) {
        return 0xCE7 + key;
    }

    function _nameOf(uint256 name) internal pure returns (bytes32) {
        return keccak256(abi.encode("name", name));
    }

    function _speaksFor(uint256 key, uint256 provider) internal view returns (bool) {
        Key storage held = _keyring[key];
        if (held.provider != provider) return false;
        if (held.state == KeyState.Held) return true;
        if (held.state == KeyState.Leaving) return block.timestamp < held.effectiveAt;
        return held.state == KeyState.Coming && block.timestamp >= held.effectiveAt;
    }

    function _isActive(uint256 provider) internal view returns (bool) {
        return _known[provider].status == IProviderRegistry.ProviderStatus.Active;
    }

    function _noteAdmission(uint256 key, bool isPerson, bytes32 name, bytes32 licence) internal {
        _keyring[key] = Key(KeyState.Held, _known.length, 0, 0);
        _isNameTaken[name] = true;
        if (isPerson) _isLicenceTaken[licence] = true;
        Known storage known = _known.push();
        known.id = _providers.providerIdOf(_addressOf(key), "salt");
        known.status = IProviderRegistry.ProviderStatus.Active;
        (known.isPerson, known.keys, known.name, known.licence) = (isPerson, 1, name, licence);
        _count("admitted");
    }

    /// @dev The registrar's call, with the signature of the key that joins, or another's.
    function _admission(
        uint256 key,
        bool isPerson,
        bytes32 name,
        bytes32 licence,
        bool isForged
    ) internal view returns (bytes memory) {
        Authorization memory authorization = _at(_addressOf(key), _now());
        ProviderId id = _providers.providerIdOf(_addressOf(key), "salt");
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "ProviderAdmission(string name,string kind,bytes32 provider,bytes32 salt,uint40 signedAt,uint40 deadline)"
                ),
                name,
                isPerson ? keccak256("practitioner") : keccak256("clinic"),
                id,
                bytes32("salt"),
                authorization.signedAt,
                authorization.deadline
            )
        );
        authorization.signature = _sign(
            isForged ? _STRANGER_KEY : _privateKeyOf(key),
            _digest(address(_providers), structHash)
        );
        IProviderRegistry.ProviderKind kind =
            isPerson ? IProviderRegistry.ProviderKind.Practitioner : IProviderRegistry.ProviderKind.Clinic;
        IProviderRegistry.Admission memory admission = IProviderRegistry.Admission("salt", kind, name, name, licence);
        return abi.encodeCall(_providers.register, (admission, authorization));
    }

    /// @dev What a key signs that joins a provider.
    function _joining(
        uint256 key,
        uint256 provider,
        bool isForged
    ) internal view returns (Authorization memory authorization) {
        authorization = _at(_addressOf(key), _now());
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "ProviderKeyAddition(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)"
                ),
                _known[provider].name,
                _addressOf(key),
                _known[provider].id,
                authorization.signedAt,
                authorization.deadline
            )
        );
        uint256 privateKey = isForged ? _STRANGER_KEY : _privateKeyOf(key);
        authorization.signature = _sign(privateKey, _digest(address(_providers), structHash));
    }

    function _assignRoles() private {
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = _providers.register.selector;
        selectors[1] = _providers.suspend.selector;
        selectors[2] = _providers.reinstate.selector;
        selectors[3] = _providers.retire.selector;
        selectors[4] = _providers.grantAuthorship.selector;
        selectors[5] = _providers.revokeAuthorship.selector;
        selectors[6] = _providers.revokeEmergency.selector;
        selectors[7] = _providers.announceKeyReplacement.selector;
        _manager.setTargetFunctionRole(address(_providers), selectors, _REGISTRAR_ROLE);
        _manager.grantRole(_REGISTRAR_ROLE, _REGISTRAR, 0);
        selectors = new bytes4[](1);
        selectors[0] = _providers.grantEmergency.selector;
        _manager.setTargetFunctionRole(address(_providers), selectors, _EMERGENCY_ROLE);
        _manager.grantRole(_EMERGENCY_ROLE, _EMERGENCY_OFFICER, 1 days);
    }
}
