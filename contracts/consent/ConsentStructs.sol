// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DateWords} from "../common/DateWords.sol";
import {Actions, Labels, PatientId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {Decision} from "./ConsentBook.sol";
import {IConsentGrants} from "./IConsentGrants.sol";
import {IConsentTerms} from "./IConsentTerms.sol";

/// @title What a wallet shows of a consent, as EIP-712 hashes it
/// @dev Rebuilt from masks and times, so that what is shown is what is enforced. A `nameHash` is the encoding of the name a provider is
/// registered under.
library ConsentStructs {
    using Vocabulary for Labels;
    using Vocabulary for Actions;
    using Vocabulary for Purpose;

    bytes32 private constant _GRANT_TYPEHASH = keccak256(
        "ConsentGrant(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _RECORD_GRANT_TYPEHASH = keccak256(
        "RecordConsentGrant(string recipient,string purpose,string scope,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,bytes32 series,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _REVOCATION_TYPEHASH = keccak256(
        "ConsentRevocation(string recipient,string purpose,bytes32 grantee,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _RECORD_REVOCATION_TYPEHASH = keccak256(
        "RecordConsentRevocation(string recipient,string purpose,string scope,bytes32 grantee,bytes32 patient,bytes32 series,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _ONE_RECORD = keccak256("one record only");

    /// @dev `ConsentGrant`, or `RecordConsentGrant` unless `series` is zero.
    function hashOfGrant(
        IConsentTerms.Terms memory terms,
        SeriesId series,
        bytes32 nameHash,
        Decision memory decision
    ) internal pure returns (bytes32) {
        if (SeriesId.unwrap(series) == 0) return hashOfTerms(_GRANT_TYPEHASH, terms, nameHash, decision);
        bytes memory words = abi.encode(
            _RECORD_GRANT_TYPEHASH,
            nameHash,
            terms.purpose.hashOf(),
            _ONE_RECORD,
            terms.labels.hashOf(),
            terms.actions.hashOf(),
            DateWords.hashOf(terms.notBefore),
            DateWords.hashOf(terms.notAfter)
        );
        return keccak256(bytes.concat(words, idsOf(terms), abi.encode(series), timesOf(decision)));
    }

    /// @dev `ConsentRevocation`, or `RecordConsentRevocation` unless `series` is zero.
    function hashOfRevocation(
        PatientId patient,
        IConsentGrants.Revocation memory target,
        bytes32 nameHash,
        Decision memory decision
    ) internal pure returns (bytes32) {
        bytes32 purpose = target.purpose.hashOf();
        bytes memory members =
            SeriesId.unwrap(target.series) == 0
                ? abi.encode(_REVOCATION_TYPEHASH, nameHash, purpose, target.grantee, patient)
                : abi.encode(
                    _RECORD_REVOCATION_TYPEHASH,
                    nameHash,
                    purpose,
                    _ONE_RECORD,
                    target.grantee,
                    patient,
                    target.series
                );
        return keccak256(bytes.concat(members, timesOf(decision)));
    }

    /// @dev The types that have the members of `ConsentGrant`.
    function hashOfTerms(
        bytes32 typeHash,
        IConsentTerms.Terms memory terms,
        bytes32 nameHash,
        Decision memory decision
    ) internal pure returns (bytes32) {
        return keccak256(bytes.concat(wordsOf(typeHash, terms, nameHash), idsOf(terms), timesOf(decision)));
    }

    function wordsOf(
        bytes32 typeHash,
        IConsentTerms.Terms memory terms,
        bytes32 nameHash
    ) internal pure returns (bytes memory) {
        return
            abi.encode(
                typeHash,
                nameHash,
                terms.purpose.hashOf(),
                terms.labels.hashOf(),
                terms.actions.hashOf(),
                DateWords.hashOf(terms.notBefore),
                DateWords.hashOf(terms.notAfter)
            );
    }

    function idsOf(IConsentTerms.Terms memory terms) internal pure returns (bytes memory) {
        return abi.encode(terms.grantee, terms.patient, terms.document);
    }

    /// @dev The last members of every type.
    function timesOf(Decision memory decision) internal pure returns (bytes memory) {
        return abi.encode(decision.signedAt, decision.deadline);
    }
}
