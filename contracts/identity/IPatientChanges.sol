// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId} from "../common/Identifiers.sol";

/// @title What changes a record's keys, slowly, and the opt-out from emergencies, at once
/// @notice A change is announced by event, takes effect `patientDelay` seconds later by time alone, and can be cancelled until then.
interface IPatientChanges {
    /// @notice What is announced before it takes effect.
    enum Change {
        Controller,
        OwnerKey,
        Trustees
    }

    /// @notice Emitted when `controller` is to take over at `effectiveAt`.
    event ControllerAnnounced(
        PatientId indexed patient,
        address indexed controller,
        uint40 effectiveAt,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted when records are to be sealed to another owner key from `effectiveAt` on.
    event OwnerKeyAnnounced(
        PatientId indexed patient,
        bytes32 ownerKeyHash,
        uint40 effectiveAt,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted when an announced change is off; `signer` is zero if the trustees did it.
    event ChangeCancelled(PatientId indexed patient, Change indexed change, uint40 signedAt, address signer);

    /// @notice Emitted when the patient's keyring header was replaced.
    event KeyHeaderSet(PatientId indexed patient, bytes32 headerHash, uint32 version, uint40 signedAt, address signer);

    /// @notice Emitted when no emergency session may be opened any more.
    event EmergencyOptedOut(PatientId indexed patient, uint40 signedAt, address signer);

    /// @notice Emitted when emergency sessions may be opened again.
    event EmergencyOptedIn(PatientId indexed patient, uint40 signedAt, address signer);

    /// @notice Thrown when a later decision on the same register, or on everything, was signed at `asOf` and took effect.
    error PatientDecisionSuperseded(PatientId patient, uint40 signedAt, uint40 asOf);

    /// @notice Thrown when nobody, or whoever is it already, is to become controller.
    error PatientControllerInvalid(address controller);

    /// @notice Thrown when a recovery is under way until `effectiveAt`: it must be vetoed, or take effect, first.
    error PatientRecoveryPending(PatientId patient, uint40 effectiveAt);

    /// @notice Thrown when a keyring header does not rise above version `current`, or has no hash.
    error PatientHeaderInvalid(uint32 version, uint32 current);

    /// @notice Announces a new controller. Raises `signedFloor` when it takes effect: what was signed before is dead for ever.
    /// @dev By the controller. Permissive, register (patient) controller. A second announcement replaces the first and waits anew. Signed as
    ///
    /// `ControllerChange(string action,address controller,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "give my health record
    /// to another wallet".
    ///
    /// Warning: nothing shows that anybody holds the new wallet.
    /// Errors: PatientControllerInvalid, PatientDecisionSuperseded, PatientFrozen, PatientRecoveryPending, PatientNotRegistered,
    /// PatientSignerNotController, those of IAuthorized.
    function announceController(PatientId patient, address controller, Authorization calldata authorization) external;

    /// @notice Announces another owner key.
    /// @dev By the controller or guardians. Permissive, register (patient) owner key. Signed as
    ///
    /// `OwnerKeyChange(string action,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)`, action "seal my records to
    /// another key".
    /// Errors: PatientOwnerKeyMissing, PatientDecisionSuperseded, PatientFrozen, PatientRecoveryPending, PatientNotRegistered,
    /// PatientSignerNotController, those of IAuthorized.
    function announceOwnerKey(PatientId patient, bytes32 ownerKeyHash, Authorization calldata authorization) external;

    /// @notice Cancels an announced change, and older announcements that were withheld.
    /// @dev By the controller, or guardians for the owner key. Restrictive, register of the change; a repeat emits nothing. Signed as
    ///
    /// `ChangeCancellation(string action,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "keep my wallet", "keep my owner key" or
    /// "keep my trustees".
    /// Errors: PatientDecisionSuperseded, PatientNotRegistered, PatientSignerNotController, those of IAuthorized.
    function cancelChange(PatientId patient, Change change, Authorization calldata authorization) external;

    /// @notice Says which keyring header counts: stewards hold it, and give none but this one.
    /// @dev By the controller or guardians. Permissive, register (patient) header. Signed as
    ///
    /// `KeyHeaderChange(string action,bytes32 patient,bytes32 header,uint32 version,uint40 signedAt,uint40 deadline)`, action "replace my
    /// keyring".
    /// @param version Greater than the last one, by at most 64.
    /// Errors: PatientHeaderInvalid, PatientDecisionSuperseded, PatientFrozen, PatientNotRegistered, PatientSignerNotController, those
    /// of IAuthorized.
    function setKeyHeader(
        PatientId patient,
        bytes32 headerHash,
        uint32 version,
        Authorization calldata authorization
    ) external;

    /// @notice Shuts emergency sessions out, from this block on.
    /// @dev By the controller or a guardian. Restrictive, register (patient) opt-out; a repeat emits nothing. Signed as
    ///
    /// `EmergencyOptOut(string action,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "keep my record closed in an emergency".
    /// Errors: PatientDecisionSuperseded, PatientNotRegistered, PatientSignerNotController, those of IAuthorized.
    function optOutOfEmergency(PatientId patient, Authorization calldata authorization) external;

    /// @notice Allows emergency sessions again.
    /// @dev By the controller or guardians. Permissive, register (patient) opt-out. Signed as
    ///
    /// `EmergencyOptIn(string action,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "open my record in an emergency".
    /// Errors: PatientDecisionSuperseded, PatientFrozen, PatientNotRegistered, PatientSignerNotController, those of IAuthorized.
    function optInToEmergency(PatientId patient, Authorization calldata authorization) external;

    /// @notice A change that is announced and not yet in effect, and its register's watermark; zero where there is none.
    /// @return effectiveAt Unix seconds from which on it counts.
    /// @return asOf When the last decision on the register was signed.
    /// @return next The new controller's address or the new owner key's hash; zero for trustees, who are at `trusteesOf`.
    function changeOf(
        PatientId patient,
        Change change
    ) external view returns (uint40 effectiveAt, uint40 asOf, bytes32 next);

    /// @notice The hash and version of the keyring header that counts; zero where none was set.
    function keyHeaderOf(PatientId patient) external view returns (bytes32 headerHash, uint32 version, uint40 asOf);

    /// @notice When the last decision on the opt-out was signed; whether it is set is in the head's flags.
    function optOutAsOf(PatientId patient) external view returns (uint40 asOf);
}
