// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DateWords} from "../common/DateWords.sol";
import {Labels, ProviderId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IEmergencyAccess} from "./IEmergencyAccess.sol";

/// @title What the second clinician's wallet shows, as EIP-712 hashes it
/// @notice Code only. AccessGate makes one for itself, since the tables of words would not fit beside the rest.
contract EmergencyWords {
    using Vocabulary for Labels;

    bytes32 private constant _CO_SIGNATURE_TYPEHASH = keccak256(
        "EmergencyCoSignature(string action,string colleague,string reason,string[] records,string from,string until,bytes32 patient,bytes32 actor,bytes32 coSigner,bytes32 sessionKeyHash,uint40 signedAt,uint40 deadline)"
    );

    function hashOf(
        IEmergencyAccess.EmergencyRequest calldata request,
        ProviderId actor,
        bytes32 actorName,
        ProviderId coSigner,
        uint40 signedAt,
        uint40 deadline
    ) external pure returns (bytes32) {
        bytes memory words = abi.encode(
            _CO_SIGNATURE_TYPEHASH,
            keccak256("confirm an emergency"),
            actorName,
            _hashOf(request.reason),
            request.labels.hashOf(),
            DateWords.hashOf(request.from),
            DateWords.hashOf(request.until)
        );
        bytes memory ids = abi.encode(request.patient, actor, coSigner, request.sessionKeyHash, signedAt, deadline);
        return keccak256(bytes.concat(words, ids));
    }

    /// @dev EIP-712 encoding of the words of a reason.
    function _hashOf(IEmergencyAccess.EmergencyReason reason) private pure returns (bytes32) {
        if (reason == IEmergencyAccess.EmergencyReason.Unresponsive) return keccak256("the patient cannot answer");
        if (reason == IEmergencyAccess.EmergencyReason.LifeAtRisk) return keccak256("a life is at risk");
        if (reason == IEmergencyAccess.EmergencyReason.SeriousHarm) return keccak256("serious harm without treatment");
        return keccak256("another emergency");
    }
}
