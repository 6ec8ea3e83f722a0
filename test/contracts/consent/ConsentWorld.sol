// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Authorization} from "../../../contracts/common/Authorization.sol";
import {Denial} from "../../../contracts/common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../../../contracts/common/Identifiers.sol";
import {SignatureValidator} from "../../../contracts/common/SignatureValidator.sol";
import {ConsentRegistry} from "../../../contracts/consent/ConsentRegistry.sol";
import {IConsentTerms} from "../../../contracts/consent/IConsentTerms.sol";
import {Via} from "../../../contracts/consent/IConsentRegistry.sol";
import {IProviderRegistry} from "../../../contracts/identity/IProviderRegistry.sol";
import {PatientRegistry} from "../../../contracts/identity/PatientRegistry.sol";
import {ProviderRegistry} from "../../../contracts/identity/ProviderRegistry.sol";

/// @notice The cheat codes used here, of Hardhat's Solidity runner.
interface ICheatCodes {
    function warp(uint256 timestamp) external;
    function prank(address caller) external;
}

/// @notice Real registries with one patient, controlled by the test itself, two clinics, and a doctor of the first.
abstract contract ConsentWorld {
    ICheatCodes internal constant _VM = ICheatCodes(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint40 internal constant _START = 1_800_000_000;
    uint64 internal constant _KNOWN = 0xffff_00ff_ffff_ffff;

    AccessManager internal _manager;
    PatientRegistry internal _patients;
    ProviderRegistry internal _providers;
    ConsentRegistry internal _consents;
    PatientId internal _patient;
    ProviderId internal _clinic;
    ProviderId internal _hospital;
    ProviderId internal _doctor;
    address internal constant _CLINIC_KEY = address(0xC1);
    address internal constant _DOCTOR_KEY = address(0xD0);

    function setUp() public virtual {
        _VM.warp(_START);
        _manager = new AccessManager(address(this));
        SignatureValidator validator = new SignatureValidator();
        _patients = new PatientRegistry(address(_manager), 7 days, 7 days, 30 days, validator);
        _providers = new ProviderRegistry(address(_manager), 7 days, 7 days, validator);
        _consents = new ConsentRegistry(_patients, _providers, 7 days, 3653 days, validator);
        _patient = _patients.register("salt", "owner key", _at(address(this), _START));
        _clinic = _admit(_CLINIC_KEY, IProviderRegistry.ProviderKind.Clinic);
        _hospital = _admit(address(0xB0), IProviderRegistry.ProviderKind.Hospital);
        _doctor = _admit(_DOCTOR_KEY, IProviderRegistry.ProviderKind.Practitioner);
        _VM.prank(_CLINIC_KEY);
        _providers.proposeAffiliation(_clinic, _doctor, _at(_CLINIC_KEY, _START));
        _VM.prank(_DOCTOR_KEY);
        _providers.acceptAffiliation(_clinic, _doctor, _at(_DOCTOR_KEY, _START));
    }

    function _at(address signer, uint40 signedAt) internal pure returns (Authorization memory) {
        return Authorization(signer, signedAt, signedAt + 7 days, "");
    }

    function _grant(IConsentTerms.Terms memory terms, uint40 signedAt) internal returns (bool landed) {
        try _consents.grant(terms, _at(address(this), signedAt)) {
            return true;
        } catch (bytes memory reason) {
            _requireSuperseded(reason);
        }
    }

    function _revoke(ProviderId grantee, Purpose purpose, uint40 signedAt) internal returns (bool landed) {
        try _consents.revoke(_patient, grantee, purpose, _at(address(this), signedAt)) {
            return true;
        } catch (bytes memory reason) {
            _requireSuperseded(reason);
        }
    }

    /// As the clinic's doctor where the clinic is the grantee, else as the hospital itself.
    function _decide(
        ProviderId grantee,
        Purpose purpose,
        uint64 labels,
        uint8 action
    ) internal view returns (Denial denial, bytes32 tag) {
        bool isClinic = ProviderId.unwrap(grantee) == ProviderId.unwrap(_clinic);
        return
            _consents.decide(
                _patient,
                isClinic ? _doctor : _hospital,
                Via(isClinic ? _clinic : ProviderId.wrap(0), new ProviderId[](0), false),
                purpose,
                Labels.wrap(labels),
                SeriesId.wrap(0),
                Actions.wrap(action)
            );
    }

    function _admit(address key, IProviderRegistry.ProviderKind kind) private returns (ProviderId) {
        _manager.grantRole(_manager.ADMIN_ROLE(), key, 0);
        bool isPerson = kind == IProviderRegistry.ProviderKind.Practitioner;
        bytes32 name = keccak256(abi.encode(key));
        _VM.prank(key);
        return
            _providers.register(
                IProviderRegistry.Admission("salt", kind, name, name, isPerson ? name : bytes32(0)),
                _at(key, _START)
            );
    }

    /// No other reason to refuse is possible here: it would hide a fault.
    function _requireSuperseded(bytes memory reason) private pure {
        require(bytes4(reason) == IConsentTerms.ConsentSuperseded.selector, "refused for another reason");
    }
}
