// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId, ProviderId, SeriesId} from "../common/Identifiers.sol";
import {Decision} from "./ConsentBook.sol";
import {ConsentStructs} from "./ConsentStructs.sol";
import {IConsentGrants} from "./IConsentGrants.sol";
import {IConsentTerms} from "./IConsentTerms.sol";

/// @notice What is decided about somebody.
enum ProviderMatter {
    Exclude,
    Readmit,
    Mute,
    Unmute
}

/// @title What a wallet shows, as EIP-712 hashes it
/// @dev Code that ConsentRegistry is linked with: the tables of words would not fit beside the rest.
library ConsentWords {
    bytes32 private constant _EXCLUSION_TYPEHASH = keccak256(
        "ProviderExclusion(string action,string provider,bytes32 providerId,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _READMISSION_TYPEHASH = keccak256(
        "ProviderReadmission(string action,string provider,bytes32 providerId,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _MUTE_TYPEHASH = keccak256(
        "RequestMute(string action,string provider,bytes32 providerId,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _UNMUTE_TYPEHASH = keccak256(
        "RequestUnmute(string action,string provider,bytes32 providerId,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    /// @notice `ConsentGrant`, or `RecordConsentGrant` unless `series` is zero.
    function hashOfGrant(
        IConsentTerms.Terms memory terms,
        SeriesId series,
        bytes32 nameHash,
        Decision memory decision
    ) external pure returns (bytes32) {
        return ConsentStructs.hashOfGrant(terms, series, nameHash, decision);
    }

    /// @notice `ConsentRevocation`, or `RecordConsentRevocation` unless `series` is zero.
    function hashOfRevocation(
        PatientId patient,
        IConsentGrants.Revocation memory target,
        bytes32 nameHash,
        Decision memory decision
    ) external pure returns (bytes32) {
        return ConsentStructs.hashOfRevocation(patient, target, nameHash, decision);
    }

    /// @notice `ProviderExclusion`, `ProviderReadmission`, `RequestMute` or `RequestUnmute`.
    /// @param matter Number of a ProviderMatter.
    function hashOfMatter(
        uint8 matter,
        PatientId patient,
        ProviderId provider,
        bytes32 nameHash,
        Decision memory decision
    ) external pure returns (bytes32) {
        bytes32 typeHash = _UNMUTE_TYPEHASH;
        bytes32 action = keccak256("hear requests of");
        if (matter == uint8(ProviderMatter.Exclude)) {
            (typeHash, action) = (_EXCLUSION_TYPEHASH, keccak256("shut out, in emergencies too"));
        } else if (matter == uint8(ProviderMatter.Readmit)) {
            (typeHash, action) = (_READMISSION_TYPEHASH, keccak256("let back in"));
        } else if (matter == uint8(ProviderMatter.Mute)) {
            (typeHash, action) = (_MUTE_TYPEHASH, keccak256("refuse requests of"));
        }
        bytes memory members = abi.encode(typeHash, action, nameHash, provider, patient);
        return keccak256(bytes.concat(members, ConsentStructs.timesOf(decision)));
    }
}
