// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId} from "../common/Identifiers.sol";
import {IPatientRegistry} from "./IPatientRegistry.sol";

/// @title Who may decide for a patient
/// @dev The one place where other contracts ask it, so that delegates can join the controller here. Authority is judged now, never at
/// the time of signing: a former controller's signatures are worth nothing.
abstract contract PatientAuthority {
    /// @notice The registry that says who controls a patient.
    IPatientRegistry public immutable patientRegistry;

    constructor(IPatientRegistry registry) {
        patientRegistry = registry;
    }

    /// @dev The patient's head, if `signer` may decide; reverts with IPatientRegistry's errors otherwise.
    function _headDecidedBy(
        PatientId patient,
        address signer
    ) internal view returns (IPatientRegistry.Head memory head) {
        head = patientRegistry.headOf(patient);
        if (head.controller != signer || signer == address(0)) {
            if (head.controller == address(0)) revert IPatientRegistry.PatientNotRegistered(patient);
            revert IPatientRegistry.PatientSignerNotController(patient, signer);
        }
    }
}
