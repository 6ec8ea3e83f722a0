// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Authorization} from "../../../contracts/common/Authorization.sol";
import {Denial} from "../../../contracts/common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../../../contracts/common/Identifiers.sol";
import {ConsentRegistry} from "../../../contracts/consent/ConsentRegistry.sol";
import {IConsentRegistry, Via} from "../../../contracts/consent/IConsentRegistry.sol";
import {IProviderRegistry} from "../../../contracts/identity/IProviderRegistry.sol";
import {PatientRegistry} from "../../../contracts/identity/PatientRegistry.sol";
import {ProviderRegistry} from "../../../contracts/identity/ProviderRegistry.sol";

/// @notice The cheat codes used here, of Hardhat's Solidity runner.
interface Vm {
    function warp(uint256 timestamp) external;
    function prank(address caller) external;
}

/// @notice Real registries with one patient, controlled by the test itself, two clinics, and a doctor of the first.
abstract contract ConsentWorld {
    Vm internal constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint40 internal constant START = 1_800_000_000;
    uint64 internal constant KNOWN = 0xffff_00ff_ffff_ffff;

    AccessManager internal manager;
    PatientRegistry internal patients;
    ProviderRegistry internal providers;
    ConsentRegistry internal consents;
    PatientId internal patient;
    ProviderId internal clinic;
    ProviderId internal hospital;
    ProviderId internal doctor;
    address internal constant CLINIC_KEY = address(0xC1);
    address internal constant DOCTOR_KEY = address(0xD0);

    function setUp() public virtual {
        VM.warp(START);
        manager = new AccessManager(address(this));
        patients = new PatientRegistry(7 days);
        providers = new ProviderRegistry(address(manager), 7 days);
        consents = new ConsentRegistry(patients, providers, 7 days, 3653 days);
        patient = patients.register("salt", "owner key", _at(address(this), START));
        clinic = _admit(CLINIC_KEY, IProviderRegistry.ProviderKind.Clinic);
        hospital = _admit(address(0xB0), IProviderRegistry.ProviderKind.Hospital);
        doctor = _admit(DOCTOR_KEY, IProviderRegistry.ProviderKind.Practitioner);
        VM.prank(CLINIC_KEY);
        providers.proposeAffiliation(clinic, doctor, _at(CLINIC_KEY, START));
        VM.prank(DOCTOR_KEY);
        providers.acceptAffiliation(clinic, doctor, _at(DOCTOR_KEY, START));
    }

    function _at(address signer, uint40 signedAt) internal pure returns (Authorization memory) {
        return Authorization(signer, signedAt, signedAt + 7 days, "");
    }

    function _grant(IConsentRegistry.Terms memory terms, uint40 signedAt) internal returns (bool landed) {
        try consents.grant(terms, _at(address(this), signedAt)) {
            return true;
        } catch (bytes memory reason) {
            _requireSuperseded(reason);
        }
    }

    function _revoke(ProviderId grantee, Purpose purpose, uint40 signedAt) internal returns (bool landed) {
        try consents.revoke(patient, grantee, purpose, _at(address(this), signedAt)) {
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
        bool isClinic = ProviderId.unwrap(grantee) == ProviderId.unwrap(clinic);
        return
            consents.decide(
                patient,
                isClinic ? doctor : hospital,
                Via(isClinic ? clinic : ProviderId.wrap(0), new ProviderId[](0), false),
                purpose,
                Labels.wrap(labels),
                SeriesId.wrap(0),
                Actions.wrap(action)
            );
    }

    function _admit(address key, IProviderRegistry.ProviderKind kind) private returns (ProviderId) {
        manager.grantRole(manager.ADMIN_ROLE(), key, 0);
        bool isPerson = kind == IProviderRegistry.ProviderKind.Practitioner;
        bytes32 name = keccak256(abi.encode(key));
        VM.prank(key);
        return
            providers.register(
                IProviderRegistry.Admission("salt", kind, name, name, isPerson ? name : bytes32(0)),
                _at(key, START)
            );
    }

    /// No other reason to refuse is possible here: it would hide a fault.
    function _requireSuperseded(bytes memory reason) private pure {
        require(bytes4(reason) == IConsentRegistry.ConsentSuperseded.selector, "refused for another reason");
    }
}
