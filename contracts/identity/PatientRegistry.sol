// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Authorized} from "../common/Authorized.sol";
import {PatientId} from "../common/Identifiers.sol";
import {IPatientRegistry} from "./IPatientRegistry.sol";
import {PatientHead} from "./PatientHead.sol";

/// @title Patients
/// @notice Documented at IPatientRegistry.
contract PatientRegistry is IPatientRegistry, Authorized {
    bytes32 private constant _REGISTRATION_TYPEHASH = keccak256(
        "PatientRegistration(string action,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _EVERYTHING_REVOCATION_TYPEHASH = keccak256(
        "EverythingRevocation(string action,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    mapping(PatientId patient => PatientHead) private _heads;
    mapping(PatientId patient => bytes32) private _ownerKeyHashes;

    /// @param lifetime As in `Authorized`.
    constructor(uint40 lifetime) Authorized(lifetime) {}

    /// @inheritdoc IPatientRegistry
    function register(
        bytes32 salt,
        bytes32 ownerKeyHash,
        Authorization calldata authorization
    ) external returns (PatientId patient) {
        _permissiveTime(authorization);
        address controller = authorization.signer;
        if (ownerKeyHash == 0) revert PatientOwnerKeyMissing();
        patient = patientIdOf(controller, salt);
        if (_heads[patient].controller() != address(0)) revert PatientAlreadyRegistered(patient);

        _heads[patient] = PatientHead.wrap(uint160(controller));
        _ownerKeyHashes[patient] = ownerKeyHash;
        emit PatientRegistered(patient, controller, ownerKeyHash);

        _requireDecision(
            authorization,
            keccak256(
                abi.encode(
                    _REGISTRATION_TYPEHASH,
                    keccak256("open my health record"),
                    patient,
                    ownerKeyHash,
                    authorization.signedAt,
                    authorization.deadline
                )
            )
        );
    }

    /// @inheritdoc IPatientRegistry
    function revokeAll(PatientId patient, Authorization calldata authorization) external {
        uint40 signedAt = _restrictiveTime(authorization);
        PatientHead head = _heads[patient];
        if (head.controller() == address(0)) revert PatientNotRegistered(patient);
        if (head.controller() != authorization.signer) revert PatientSignerNotController(patient, authorization.signer);
        uint40 floor = head.signedFloor();
        if (signedAt > floor) floor = signedAt;
        else if (_isSigned(authorization)) revert PatientRevocationSuperseded(patient, signedAt, floor);

        head = head.withNextGeneration(floor);
        _heads[patient] = head;
        emit EverythingRevoked(patient, head.generation(), signedAt, authorization.signer);

        _requireDecision(
            authorization,
            keccak256(
                abi.encode(
                    _EVERYTHING_REVOCATION_TYPEHASH,
                    keccak256("end every permission"),
                    patient,
                    signedAt,
                    authorization.deadline
                )
            )
        );
    }

    /// @inheritdoc IPatientRegistry
    function headOf(PatientId patient) external view returns (Head memory) {
        PatientHead head = _heads[patient];
        return Head(head.controller(), head.signedFloor(), head.generation(), head.flags());
    }

    /// @inheritdoc IPatientRegistry
    function ownerKeyHashOf(PatientId patient) external view returns (bytes32) {
        return _ownerKeyHashes[patient];
    }

    /// @inheritdoc IPatientRegistry
    function patientIdOf(address registrant, bytes32 salt) public view returns (PatientId) {
        return PatientId.wrap(keccak256(abi.encode(block.chainid, address(this), registrant, salt)));
    }
}
