// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Authorization} from "../common/Authorization.sol";
import {Authorized} from "../common/Authorized.sol";
import {PatientId} from "../common/Identifiers.sol";
import {ISignatureValidator} from "../common/ISignatureValidator.sol";
import {IPatientRegistry} from "./IPatientRegistry.sol";
import {Decision} from "./PatientBook.sol";
import {PatientBookLibrary} from "./PatientBookLibrary.sol";
import {PatientHead} from "./PatientHead.sol";
import {PatientMinors} from "./PatientMinors.sol";
import {PatientState} from "./PatientState.sol";
import {Power} from "./Power.sol";

/// @title Patients
/// @notice Documented at IPatientRegistry and the interfaces it gathers.
contract PatientRegistry is PatientMinors {
    bytes32 private constant _REGISTRATION_TYPEHASH = keccak256(
        "PatientRegistration(string action,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _EVERYTHING_REVOCATION_TYPEHASH = keccak256(
        "EverythingRevocation(string action,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    /// @param authority The AccessManager that says who is the recovery officer.
    /// @param lifetime As in `Authorized`.
    /// @param delay `patientDelay`.
    /// @param window `patientWindow`.
    /// @param validator As in `Authorized`.
    constructor(
        address authority,
        uint40 lifetime,
        uint40 delay,
        uint40 window,
        ISignatureValidator validator
    ) AccessManaged(authority) PatientState(delay, window) Authorized(lifetime, validator) {}

    /// @inheritdoc IPatientRegistry
    function register(
        bytes32 salt,
        bytes32 ownerKeyHash,
        Authorization calldata authorization
    ) external returns (PatientId patient) {
        Decision memory decision = _permissive(authorization);
        address controller = authorization.signer;
        if (ownerKeyHash == 0) revert PatientOwnerKeyMissing();
        patient = patientIdOf(controller, salt);
        if (PatientBookLibrary.isRegistered(_book.heads[patient])) revert PatientAlreadyRegistered(patient);

        _book.heads[patient] = PatientHead.wrap(uint160(controller));
        _book.ownerKeyHashes[patient] = ownerKeyHash;
        emit PatientRegistered(patient, controller, ownerKeyHash);

        bytes32 words = keccak256("open my health record");
        bytes memory members = abi.encode(_REGISTRATION_TYPEHASH, words, patient, ownerKeyHash);
        _requireDecision(authorization, _structHash(members, decision, authorization));
    }

    /// @inheritdoc IPatientRegistry
    function revokeAll(PatientId patient, Authorization calldata authorization) external {
        Decision memory decision = _restrictive(authorization);
        PatientHead head = _book.decidedBy(patient, decision, Power.Revoke);
        uint40 signedAt = decision.signedAt;
        uint40 floor = head.signedFloor();
        if (signedAt > floor) floor = signedAt;
        else if (_isSigned(authorization)) revert PatientRevocationSuperseded(patient, signedAt, floor);

        head = head.withNextGeneration(floor);
        _book.heads[patient] = head;
        emit EverythingRevoked(patient, head.generation(), signedAt, authorization.signer);

        bytes32 words = keccak256("end every permission");
        bytes32 structHash = _plainHash(_EVERYTHING_REVOCATION_TYPEHASH, words, patient, decision, authorization);
        _requireDecision(authorization, structHash);
    }
}
