// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId} from "../common/Identifiers.sol";
import {IPatientRegistry} from "./IPatientRegistry.sol";
import {JointDecision} from "./JointDecision.sol";
import {Decision, PatientBook} from "./PatientBook.sol";
import {PatientHead} from "./PatientHead.sol";
import {Power} from "./Power.sol";

/// @title What the parts of PatientRegistry share
/// @dev Verbs check times and signatures here; what they do between lies in the libraries that the contract is linked with.
abstract contract PatientState is IPatientRegistry, JointDecision {
    /// @inheritdoc IPatientRegistry
    uint40 public immutable patientDelay;
    /// @inheritdoc IPatientRegistry
    uint40 public immutable patientWindow;

    PatientBook internal _book;

    constructor(uint40 delay, uint40 window) {
        patientDelay = delay;
        patientWindow = window;
    }

    /// @inheritdoc IPatientRegistry
    function headOf(PatientId patient) external view returns (Head memory) {
        PatientHead head = _book.headNow(patient);
        (uint256 controller, uint256 signedFloor) = (uint160(head.controller()), head.signedFloor());
        (uint256 generation, uint256 flags) = (head.generation(), head.flags());
        // Nearly every verb of every contract asks: the words are returned without a struct between.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, controller)
            mstore(add(free, 32), signedFloor)
            mstore(add(free, 64), generation)
            mstore(add(free, 96), flags)
            return(free, 128)
        }
    }

    /// @inheritdoc IPatientRegistry
    function ownerKeyHashOf(PatientId patient) external view returns (bytes32) {
        return _book.ownerKeyHashNow(patient);
    }

    /// @inheritdoc IPatientRegistry
    function patientIdOf(address registrant, bytes32 salt) public view returns (PatientId) {
        return PatientId.wrap(keccak256(abi.encode(block.chainid, address(this), registrant, salt)));
    }

    function _permissive(Authorization calldata authorization) internal view returns (Decision memory) {
        return Decision(authorization.signer, _permissiveTime(authorization), patientDelay, patientWindow);
    }

    function _restrictive(Authorization calldata authorization) internal view returns (Decision memory) {
        return Decision(authorization.signer, _restrictiveTime(authorization), patientDelay, patientWindow);
    }

    /// @dev Last step of a verb that guardians may decide: their joint decision, if they decide together.
    function _requireJoint(
        PatientId patient,
        uint24 flags,
        Authorization calldata authorization,
        bytes32 structHash
    ) internal {
        if (_isJoint(flags, Power.Administer)) {
            _requireDecisionOfEach(_book.guardiansNow(patient), authorization, structHash);
        } else {
            _requireDecision(authorization, structHash);
        }
    }

    /// @dev Every type of this contract ends with the times. `members` are those before, encoded.
    function _structHash(
        bytes memory members,
        Decision memory decision,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return keccak256(bytes.concat(members, abi.encode(decision.signedAt, authorization.deadline)));
    }

    /// @dev The many types that hold nothing but their words and the patient.
    function _plainHash(
        bytes32 typeHash,
        bytes32 words,
        PatientId patient,
        Decision memory decision,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(typeHash, words, patient, decision.signedAt, authorization.deadline));
    }
}
