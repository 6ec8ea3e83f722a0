// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DateWords} from "../common/DateWords.sol";
import {AuthorId, PatientId, SeriesId} from "../common/Identifiers.sol";
import {ISeriesErasures} from "./ISeriesErasures.sol";

/// @title What an author's wallet shows of a deferral, as EIP-712 hashes it
/// @notice Code only. RecordRegistry makes one for itself, since the words would not fit beside the rest.
contract ErasureWords {
    bytes32 private constant _DEFERRAL_TYPEHASH = keccak256(
        "ErasureDeferral(string action,string reason,string until,bytes32 series,bytes32 author,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    function hashOfDeferral(
        ISeriesErasures.DeferralReason reason,
        uint40 until,
        SeriesId series,
        AuthorId author,
        PatientId patient,
        uint40 signedAt,
        uint40 deadline
    ) external pure returns (bytes32) {
        bytes memory words = abi.encode(
            _DEFERRAL_TYPEHASH,
            keccak256("keep a record that the patient wants erased"),
            _hashOf(reason),
            DateWords.hashOf(until)
        );
        return keccak256(bytes.concat(words, abi.encode(series, author, patient, signedAt, deadline)));
    }

    /// @dev EIP-712 encoding of the words of a reason.
    function _hashOf(ISeriesErasures.DeferralReason reason) private pure returns (bytes32) {
        if (reason == ISeriesErasures.DeferralReason.RetentionLaw) return keccak256("a law on keeping records");
        if (reason == ISeriesErasures.DeferralReason.LegalClaim) return keccak256("a legal claim");
        return keccak256("public health");
    }
}
