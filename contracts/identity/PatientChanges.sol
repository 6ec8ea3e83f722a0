// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId} from "../common/Identifiers.sol";
import {ChangeDecisions} from "./ChangeDecisions.sol";
import {IPatientChanges} from "./IPatientChanges.sol";
import {Circumstances, Decision} from "./PatientBook.sol";
import {PatientState} from "./PatientState.sol";

/// @title Changes of controller and owner key, the keyring's header, and the opt-out from emergencies
/// @dev The part of PatientRegistry that holds what IPatientChanges describes; carried out in ChangeDecisions.
abstract contract PatientChanges is PatientState {
    bytes32 private constant _CONTROLLER_TYPEHASH = keccak256(
        "ControllerChange(string action,address controller,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _OWNER_KEY_TYPEHASH = keccak256(
        "OwnerKeyChange(string action,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _CANCELLATION_TYPEHASH = keccak256(
        "ChangeCancellation(string action,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _HEADER_TYPEHASH = keccak256(
        "KeyHeaderChange(string action,bytes32 patient,bytes32 header,uint32 version,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _OPT_OUT_TYPEHASH = keccak256(
        "EmergencyOptOut(string action,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _OPT_IN_TYPEHASH = keccak256(
        "EmergencyOptIn(string action,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    /// @inheritdoc IPatientChanges
    function announceController(PatientId patient, address controller, Authorization calldata authorization) external {
        Decision memory decision = _permissive(authorization);
        ChangeDecisions.announceController(_book, patient, controller, decision);
        bytes32 words = keccak256("give my health record to another wallet");
        bytes memory members = abi.encode(_CONTROLLER_TYPEHASH, words, controller, patient);
        _requireDecision(authorization, _structHash(members, decision, authorization));
    }

    /// @inheritdoc IPatientChanges
    function announceOwnerKey(PatientId patient, bytes32 ownerKeyHash, Authorization calldata authorization) external {
        Decision memory decision = _permissive(authorization);
        uint24 flags = ChangeDecisions.announceOwnerKey(_book, patient, ownerKeyHash, decision);
        bytes32 words = keccak256("seal my records to another key");
        bytes memory members = abi.encode(_OWNER_KEY_TYPEHASH, words, patient, ownerKeyHash);
        _requireJoint(patient, flags, authorization, _structHash(members, decision, authorization));
    }

    /// @inheritdoc IPatientChanges
    function cancelChange(PatientId patient, Change change, Authorization calldata authorization) external {
        Decision memory decision = _restrictive(authorization);
        ChangeDecisions.cancel(_book, patient, change, decision);
        bytes32 words = keccak256("keep my trustees");
        if (change == Change.Controller) words = keccak256("keep my wallet");
        else if (change == Change.OwnerKey) words = keccak256("keep my owner key");
        _requireDecision(authorization, _plainHash(_CANCELLATION_TYPEHASH, words, patient, decision, authorization));
    }

    /// @inheritdoc IPatientChanges
    function setKeyHeader(
        PatientId patient,
        bytes32 headerHash,
        uint32 version,
        Authorization calldata authorization
    ) external {
        Decision memory decision = _permissive(authorization);
        uint24 flags = ChangeDecisions.setKeyHeader(_book, patient, headerHash, version, decision);
        bytes32 words = keccak256("replace my keyring");
        bytes memory members = abi.encode(_HEADER_TYPEHASH, words, patient, headerHash, version);
        _requireJoint(patient, flags, authorization, _structHash(members, decision, authorization));
    }

    /// @inheritdoc IPatientChanges
    function optOutOfEmergency(PatientId patient, Authorization calldata authorization) external {
        Decision memory decision = _restrictive(authorization);
        ChangeDecisions.optOut(_book, patient, decision);
        bytes32 words = keccak256("keep my record closed in an emergency");
        _requireDecision(authorization, _plainHash(_OPT_OUT_TYPEHASH, words, patient, decision, authorization));
    }

    /// @inheritdoc IPatientChanges
    function optInToEmergency(PatientId patient, Authorization calldata authorization) external {
        Decision memory decision = _permissive(authorization);
        uint24 flags = ChangeDecisions.optIn(_book, patient, decision);
        bytes32 words = keccak256("open my record in an emergency");
        bytes32 structHash = _plainHash(_OPT_IN_TYPEHASH, words, patient, decision, authorization);
        _requireJoint(patient, flags, authorization, structHash);
    }

    /// @inheritdoc IPatientChanges
    function keyHeaderOf(PatientId patient) external view returns (bytes32 headerHash, uint32 version, uint40 asOf) {
        Circumstances storage circumstances = _book.circumstances[patient];
        return (_book.headerHashes[patient], circumstances.headerVersion, circumstances.headerAsOf);
    }

    /// @inheritdoc IPatientChanges
    function optOutAsOf(PatientId patient) external view returns (uint40) {
        return _book.circumstances[patient].optOutAsOf;
    }

    /// @inheritdoc IPatientChanges
    function changeOf(
        PatientId patient,
        Change change
    ) external view returns (uint40 effectiveAt, uint40 asOf, bytes32 next) {
        return ChangeDecisions.changeOf(_book, patient, change);
    }
}
