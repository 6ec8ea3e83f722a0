// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {Authorization} from "../../../contracts/common/Authorization.sol";
import {PatientId, ProviderId} from "../../../contracts/common/Identifiers.sol";
import {SignatureValidator} from "../../../contracts/common/SignatureValidator.sol";
import {ConsentRegistry} from "../../../contracts/consent/ConsentRegistry.sol";
import {IProviderRegistry} from "../../../contracts/identity/IProviderRegistry.sol";
import {PatientRegistry} from "../../../contracts/identity/PatientRegistry.sol";
import {ProviderRegistry} from "../../../contracts/identity/ProviderRegistry.sol";
import {Campaign} from "./Campaign.sol";

/// @notice The real registries of patients, providers and consents, with the delays and caps of a deployment. The world is the admin.
abstract contract Registries is Campaign {
    uint40 internal constant _START = 1_800_000_000;
    uint40 internal constant _LIFETIME = 7 days;
    uint40 internal constant _DELAY = 7 days;
    uint40 internal constant _WINDOW = 30 days;
    uint40 internal constant _LONGEST = 3653 days;
    uint256 internal constant _STRANGER_KEY = 0x57A4;

    AccessManager internal _manager;
    SignatureValidator internal _validator;
    PatientRegistry internal _patients;
    ProviderRegistry internal _providers;
    ConsentRegistry internal _consents;
    address internal _stranger;

    function _deploy() internal {
        _VM.warp(_START);
        _stranger = _VM.addr(_STRANGER_KEY);
        _manager = new AccessManager(address(this));
        _validator = new SignatureValidator();
        _patients = new PatientRegistry(address(_manager), _LIFETIME, _DELAY, _WINDOW, _validator);
        _providers = new ProviderRegistry(address(_manager), _LIFETIME, _DELAY, _validator);
        _consents = new ConsentRegistry(_patients, _providers, _LIFETIME, _LONGEST, _validator);
    }

    function _register(address controller) internal returns (PatientId) {
        _VM.prank(controller);
        return _patients.register("salt", "owner key", _at(controller, _now()));
    }

    /// @dev Under a name and, of a practitioner, a licence made from the key.
    function _admit(address key, IProviderRegistry.ProviderKind kind) internal returns (ProviderId) {
        bool isPerson = kind == IProviderRegistry.ProviderKind.Practitioner;
        bytes32 name = keccak256(abi.encode(key));
        return _admitAs(key, IProviderRegistry.Admission("salt", kind, name, name, isPerson ? name : bytes32(0)));
    }

    function _admitAs(address key, IProviderRegistry.Admission memory admission) internal returns (ProviderId) {
        _manager.grantRole(_manager.ADMIN_ROLE(), key, 0);
        _VM.prank(key);
        ProviderId provider = _providers.register(admission, _at(key, _now()));
        _manager.revokeRole(_manager.ADMIN_ROLE(), key);
        return provider;
    }

    function _affiliate(ProviderId organisation, address key, ProviderId person, address personKey) internal {
        _VM.prank(key);
        _providers.proposeAffiliation(organisation, person, _at(key, _now()));
        _VM.prank(personKey);
        _providers.acceptAffiliation(organisation, person, _at(personKey, _now()));
    }

    function _now() internal view returns (uint40) {
        return uint40(block.timestamp);
    }

    function _pass(uint256 time) internal {
        if (time == 0) return;
        _VM.warp(block.timestamp + time);
        _VM.roll(block.number + 1);
    }

    /// @dev Of a direct call.
    function _at(address signer, uint40 signedAt) internal pure returns (Authorization memory) {
        return Authorization(signer, signedAt, signedAt + _LIFETIME, "");
    }

    /// @dev The digest of a struct for one of the contracts, from what it says of its own domain.
    function _digest(address verifier, bytes32 structHash) internal view returns (bytes32) {
        (, string memory name, string memory version, uint256 chainId, address self, , ) = IERC5267(verifier)
            .eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chainId,
                self
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _sign(uint256 privateKey, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = _VM.sign(privateKey, digest);
        return abi.encodePacked(r, s, v);
    }

    function _same(ProviderId a, ProviderId b) internal pure returns (bool) {
        return ProviderId.unwrap(a) == ProviderId.unwrap(b);
    }
}
