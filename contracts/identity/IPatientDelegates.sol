// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId} from "../common/Identifiers.sol";
import {DelegateKind} from "./Power.sol";

/// @title Who acts for a patient: guardians of a minor, proxies, executors
/// @notice Times are Unix seconds. What each may do is the table in `docs/spec/identity.md`. None of them can change who controls the
/// record or who else acts for it, and all end by themselves.
interface IPatientDelegates {
    /// @notice An appointment, live or not.
    /// @dev One slot: | 128 .. 255 unused | asOf 40 | until 40 | from 40 | kind 8 |
    ///
    /// `from`: the second of the block that appointed; decisions dated up to then are none of theirs. `until`: the first second without
    /// power. `asOf`: when the last decision on this delegate was signed.
    struct Delegate {
        DelegateKind kind;
        uint40 from;
        uint40 until;
        uint40 asOf;
    }

    /// @notice Emitted when `delegate` is appointed, or appointed anew.
    event DelegateAppointed(
        PatientId indexed patient,
        address indexed delegate,
        DelegateKind kind,
        uint40 until,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted when `delegate` ceases to act for the patient, from this block on.
    event DelegateDismissed(PatientId indexed patient, address indexed delegate, uint40 signedAt, address signer);

    /// @notice Emitted when a minor's record is opened, for guardians who act until `majorityAt`, each alone or all together.
    event MinorRegistered(
        PatientId indexed patient,
        address[] guardians,
        bool together,
        uint40 majorityAt,
        bytes32 ownerKeyHash
    );

    /// @notice Emitted when the recovery officer replaces the guardian `lost` by `next`, from `effectiveAt` on.
    event GuardianAnnounced(PatientId indexed patient, address indexed lost, address indexed next, uint40 effectiveAt);

    /// @notice Emitted when a guardian stops the replacement of `lost`.
    event GuardianKept(PatientId indexed patient, address indexed lost, uint40 signedAt, address signer);

    /// @notice Emitted when the recovery officer attests that `wallet` is that of the patient, now of age.
    event MajorityAttested(PatientId indexed patient, address indexed wallet);

    /// @notice Emitted when a patient of age takes over the record that guardians kept.
    event MajorityClaimed(PatientId indexed patient, address indexed controller, bytes32 ownerKeyHash);

    /// @notice Emitted when the recovery officer attests the patient's death; executors may act from `executorsFrom` on.
    event DeathAttested(PatientId indexed patient, uint40 executorsFrom);

    /// @notice Emitted when the controller is shown to be alive: executors may not act.
    event DeathObjected(PatientId indexed patient, address signer);

    /// @notice Thrown when nobody, the controller, or a guardian is to be appointed or dismissed, or somebody to no power.
    error PatientDelegateInvalid(address delegate, DelegateKind kind);

    /// @notice Thrown when an appointment would end in the past, or at no whole minute.
    error PatientPeriodInvalid(uint40 until);

    /// @notice Thrown when guardians who widen access together only are not all heard.
    error PatientGuardiansMissing(PatientId patient);

    /// @notice Thrown unless the signer comes first among one to eight different guardians.
    error PatientGuardiansInvalid();

    /// @notice Thrown when this guardian is not being replaced.
    error PatientGuardianChangeMissing(PatientId patient, address lost);

    /// @notice Thrown when guardians stopped a replacement within `patientWindow` before this one was announced.
    error PatientGuardianChangeFinal(PatientId patient, address lost);

    /// @notice Thrown when the majority lies in the past, at no whole minute, or more than 25 years ahead.
    error PatientMajorityInvalid(uint40 majorityAt);

    /// @notice Thrown when the patient is no minor, or not of age before `majorityAt`.
    error PatientNotOfAge(PatientId patient, uint40 majorityAt);

    /// @notice Thrown when the signer is not the wallet that the recovery officer attested.
    error PatientMajorityNotAttested(PatientId patient, address signer);

    /// @notice Appoints a proxy or an executor, or changes the appointment, from the next second on.
    /// @dev By the controller. Permissive, register (patient, delegate). Emits DelegateAppointed. Signed as
    ///
    /// `DelegateAppointment(string power,string until,address delegate,bytes32 patient,uint40 signedAt,uint40 deadline)`, power "may
    /// decide and read for me" or "may end permissions and read after my death".
    /// @param until The first second without power: a whole minute in the future.
    /// Errors: PatientDelegateInvalid, PatientPeriodInvalid, PatientDecisionSuperseded, PatientFrozen, PatientRecoveryPending,
    /// PatientNotRegistered, PatientSignerNotController, those of IAuthorized.
    function appointDelegate(
        PatientId patient,
        address delegate,
        DelegateKind kind,
        uint40 until,
        Authorization calldata authorization
    ) external;

    /// @notice Ends an appointment, from this block on. What was decided under it stands; what was signed and withheld is dead for ever.
    /// @dev By the controller or the delegate. Restrictive, register (patient, delegate); works on an empty one; a repeat emits nothing.
    /// Emits DelegateDismissed. Signed as
    ///
    /// `DelegateDismissal(string action,address delegate,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "end this person's
    /// power to act".
    /// Errors: PatientDelegateInvalid (a guardian), PatientDecisionSuperseded, PatientNotRegistered, PatientSignerNotController, those
    /// of IAuthorized.
    function dismissDelegate(PatientId patient, address delegate, Authorization calldata authorization) external;

    /// @notice Opens the record of a minor: no controller, but guardians until `majorityAt`. Their power ends then by itself.
    /// @dev By the first guardian, in whose name the id is made. Permissive times; once for an id. Emits MinorRegistered. Signed as
    ///
    /// `MinorRegistration(string action,string guardianship,string majority,address[] guardians,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)`,
    /// action "open my child's health record", guardianship "each guardian decides" or "guardians decide together".
    /// @param guardians One to eight, the signer first.
    /// @param together Whether widening access needs all of them; narrowing it never does.
    /// Errors: PatientOwnerKeyMissing, PatientGuardiansInvalid, PatientMajorityInvalid, PatientAlreadyRegistered, those of IAuthorized.
    function registerMinor(
        bytes32 salt,
        bytes32 ownerKeyHash,
        uint40 majorityAt,
        address[] calldata guardians,
        bool together,
        Authorization calldata authorization
    ) external returns (PatientId patient);

    /// @notice Puts another guardian in the place of one who died, lost the wallet or was relieved by a court.
    /// @dev By the recovery officer, with the signature of who comes; takes effect after `patientDelay` by time alone, and any guardian
    /// may stop it until then. Another announcement takes the place of one that waits. What the one who leaves decided stands; the keys that
    /// they knew are theirs to forget: the others rotate the owner key. Permissive times. Emits GuardianAnnounced. Signed as
    ///
    /// `GuardianshipAcceptance(string action,address lost,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "act as a guardian of
    /// this child".
    /// Errors: PatientDelegateInvalid (`lost` is no live guardian, or the signer acts or acted for the child), PatientNotRegistered,
    /// AccessManagedUnauthorized, those of IAuthorized.
    function replaceGuardian(PatientId patient, address lost, Authorization calldata acceptance) external;

    /// @notice Stops the replacement of a guardian.
    /// @dev By any guardian, the one to be replaced included; once: the next announced within `patientWindow` is the officer's to judge.
    /// Restrictive; one signed before the announcement stops nothing. Emits GuardianKept. Signed as
    ///
    /// `GuardianRetention(string action,address lost,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "keep this guardian".
    /// Errors: PatientGuardianChangeMissing, PatientGuardianChangeFinal, PatientDecisionSuperseded, PatientNotRegistered,
    /// PatientSignerNotController, those of IAuthorized.
    function keepGuardian(PatientId patient, address lost, Authorization calldata authorization) external;

    /// @notice Says that `wallet` belongs to the patient, who is of age. May be corrected until it is claimed.
    /// @dev By the recovery officer. Emits MajorityAttested. Errors: PatientNotOfAge, PatientControllerInvalid, AccessManagedUnauthorized.
    function attestMajority(PatientId patient, address wallet) external;

    /// @notice Takes over the record, with a new owner key. What guardians granted stands until it is revoked.
    /// @dev By the attested wallet. Permissive times; raises `signedFloor` to this block. Emits MajorityClaimed. Signed as
    ///
    /// `MajorityClaim(string action,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)`, action "take over my health
    /// record".
    /// Errors: PatientNotOfAge, PatientOwnerKeyMissing, PatientMajorityNotAttested, those of IAuthorized.
    function claimAtMajority(PatientId patient, bytes32 ownerKeyHash, Authorization calldata authorization) external;

    /// @notice Says that the patient died. Executors begin after `patientWindow`, unless the controller objects.
    /// @dev By the recovery officer. Emits DeathAttested. A repeat changes nothing. Errors: PatientNotRegistered (minors, too),
    /// AccessManagedUnauthorized.
    function attestDeath(PatientId patient) external;

    /// @notice Contradicts an attested death, at any time. Every other decision of the controller in this contract does the same.
    /// @dev By the controller. Restrictive; one signed before the attestation contradicts nothing. Emits DeathObjected. Signed as
    ///
    /// `DeathObjection(string action,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "I am alive".
    /// Errors: PatientDecisionSuperseded, PatientNotRegistered, PatientSignerNotController, those of IAuthorized.
    function objectToDeath(PatientId patient, Authorization calldata authorization) external;

    /// @notice What `signer` may decide in this block, if it was signed at `signedAt`. `mayRevoke` is true for whoever is live at all:
    /// these may read through the stewards. The controller's kind is None. Guardians who decide together still need each other.
    function powerOf(
        PatientId patient,
        address signer,
        uint40 signedAt
    ) external view returns (DelegateKind kind, bool mayDecide, bool mayRevoke, bool mayAdminister);

    /// @notice An appointment as stored, ended or not; all zero where there never was one.
    function delegateOf(PatientId patient, address delegate) external view returns (Delegate memory);

    /// @notice The guardians of a minor, in the order in which they sign together; empty for others.
    function guardiansOf(PatientId patient) external view returns (address[] memory guardians);

    /// @notice The replacement under way; all zero where there is none.
    function guardianChangeOf(PatientId patient) external view returns (address lost, address next, uint40 effectiveAt);

    /// @notice When a minor comes of age, and the wallet attested since; zero for others.
    function majorityOf(PatientId patient) external view returns (uint40 majorityAt, address wallet);

    /// @notice The second of the attested death; zero where there is none, or the controller objected.
    function deathOf(PatientId patient) external view returns (uint40 attestedAt);
}
