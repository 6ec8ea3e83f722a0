// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Denial} from "../common/Denial.sol";
import {AuthorId, Labels, PatientId, Purpose, RecordId} from "../common/Identifiers.sol";
import {Via} from "../consent/IConsentRegistry.sol";

interface IRecordRegistry {
    event RecordAnchored(RecordId indexed recordId, PatientId indexed patient, AuthorId indexed author, Labels labels);
    event RecordRetracted(RecordId indexed recordId, AuthorId indexed author);

    error RecordAlreadyAnchored(RecordId recordId, uint256 anchoredAt);
    error RecordIdMissing();
    error RecordLabelsInvalid(Labels labels);
    error RecordAuthorRefused(PatientId patient, AuthorId author, Denial denial);
    error RecordSignerNotAuthor(AuthorId author, address signer);

    /// By the patient's controller for their own record (purpose and via are then ignored: pass 8 and an empty path), or by a key of a provider with AUTHOR and a
    /// path that grants WRITE over `labels`. EIP-712: RecordAnchor(string[] records,string purpose,bytes32 patient,bytes32 record,bytes32 via,uint40 signedAt,uint40 deadline),
    /// via = keccak256(abi.encode(Via)).
    function anchor(PatientId patient, RecordId recordId, Labels labels, Purpose purpose, Via calldata via, Authorization calldata authorization) external;
    /// By a key of the author. An exact repeat changes nothing. EIP-712: RecordRetraction(string action,bytes32 record,bytes32 author,uint40 signedAt,uint40 deadline), action "mark as entered in error"
    function retract(RecordId recordId, AuthorId author, Authorization calldata authorization) external;

    /// Block of the anchor under keccak256(recordId, patient, labels, author); 0 = not anchored.
    function anchoredAt(PatientId patient, RecordId recordId, Labels labels, AuthorId author) external view returns (uint256 blockNumber);
    function isRetracted(RecordId recordId, AuthorId author) external view returns (bool);
}
