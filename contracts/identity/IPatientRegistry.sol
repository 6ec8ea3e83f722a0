// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId} from "../common/Identifiers.sol";
import {IPatientChanges} from "./IPatientChanges.sol";
import {IPatientDelegates} from "./IPatientDelegates.sol";
import {IPatientRecovery} from "./IPatientRecovery.sol";

/// @title Patients: a pseudonym, who controls it, and what ends every permission at once
/// @notice A `PatientId` is random and says nothing of a person. Whoever controls it decides; nobody else can register, claim or
/// renew it. The head word below is read by every decision and every check, so what it says counts in its own block. Who acts for a
/// patient, what changes slowly, and who gives a lost record back are the interfaces that this one gathers.
interface IPatientRegistry is IPatientDelegates, IPatientChanges, IPatientRecovery {
    /// @notice What every check reads.
    /// @dev One slot:
    ///
    ///      255      232 231        200 199         160 159                     0
    ///     | flags 24   | generation 32 | signedFloor 40 | controller 160        |
    ///
    /// `generation`: permissions given under an older one are over. `signedFloor`: permissions signed at or before it (Unix seconds) are
    /// refused, wherever they were withheld. `flags`: those of PatientFlags (Power.sol). A minor has no controller but the flag MINOR;
    /// who has neither is not registered. `headOf` answers as of its block: what took effect by time alone is in it.
    struct Head {
        address controller;
        uint40 signedFloor;
        uint32 generation;
        uint24 flags;
    }

    /// @notice Emitted once for a patient, when `controller` registers it.
    event PatientRegistered(PatientId indexed patient, address indexed controller, bytes32 ownerKeyHash);

    /// @notice Emitted when every permission of `patient` ends; those of `generation` and later count.
    event EverythingRevoked(PatientId indexed patient, uint32 generation, uint40 signedAt, address signer);

    /// @notice Thrown when the same signer registers the same salt again.
    error PatientAlreadyRegistered(PatientId patient);

    /// @notice Thrown when nobody registered `patient` here.
    error PatientNotRegistered(PatientId patient);

    /// @notice Thrown when a registration binds no owner key.
    error PatientOwnerKeyMissing();

    /// @notice Thrown when `signer` is neither the controller nor a delegate with the power to decide this for `patient`.
    error PatientSignerNotController(PatientId patient, address signer);

    /// @notice Thrown when a signed `revokeAll` was not signed after `signedFloor`: a later one already took effect.
    error PatientRevocationSuperseded(PatientId patient, uint40 signedAt, uint40 signedFloor);

    /// @notice Registers a patient whose controller is the signer.
    /// @dev Permissive times; once for an id. Anybody may call with a signature, and an id contains its signer: a front-runner who
    /// copies `salt` gets another id, one who copies the signature only pays for the caller. Signed as
    ///
    /// `PatientRegistration(string action,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)`, action "open my
    /// health record".
    /// @param salt 32 random bytes. Guessable salts make ids linkable to the wallet.
    /// @param ownerKeyHash SHA-256 of the owner's public key, not zero.
    /// @return patient `patientIdOf(authorization.signer, salt)`.
    /// Errors: PatientOwnerKeyMissing, PatientAlreadyRegistered, those of IAuthorized.
    function register(
        bytes32 salt,
        bytes32 ownerKeyHash,
        Authorization calldata authorization
    ) external returns (PatientId patient);

    /// @notice Ends every permission of `patient`, however many, from this block on.
    /// @dev By the controller or any delegate. Restrictive times. A signed one must be strictly newer than `signedFloor`; a direct call always works. It
    /// raises `generation` by one and `signedFloor` to `signedAt`, unless that is higher already: permissions signed up to then and still
    /// withheld are refused for ever. Nothing can pause it, and its cost does not depend on what was granted. Signed as
    ///
    /// `EverythingRevocation(string action,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "end every permission".
    ///
    /// Warning: a direct call with an older `signedAt` of its own still ends what was granted after that time.
    /// Errors: PatientNotRegistered, PatientSignerNotController, PatientRevocationSuperseded, those of IAuthorized.
    function revokeAll(PatientId patient, Authorization calldata authorization) external;

    /// @notice Seconds from the announcement of a change, or of a recovery, until it takes effect; 7 days by default.
    function patientDelay() external view returns (uint40);

    /// @notice Seconds that a freeze lasts, a freeze, an executor or a vetoed recovery waits, and approvals count; 30 days by default.
    function patientWindow() external view returns (uint40);

    /// @notice The id that `registrant` gets for `salt`, registered or not:
    /// `keccak256(abi.encode(chainId, this contract, registrant, salt))`.
    function patientIdOf(address registrant, bytes32 salt) external view returns (PatientId patient);

    /// @notice The head word; all zero for an unregistered patient.
    function headOf(PatientId patient) external view returns (Head memory head);

    /// @notice SHA-256 of the owner's public key; zero for an unregistered patient.
    function ownerKeyHashOf(PatientId patient) external view returns (bytes32 ownerKeyHash);
}
