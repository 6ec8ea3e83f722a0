// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {DateWords} from "../common/DateWords.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IConsentRegistry} from "./IConsentRegistry.sol";

/// @title What a patient's wallet shows, as EIP-712 hashes it
/// @dev Rebuilt from masks and times, so that what is shown is what is enforced. `nameHash` is the encoding of `recipient`.
library ConsentWords {
    using Vocabulary for Labels;
    using Vocabulary for Actions;
    using Vocabulary for Purpose;

    bytes32 private constant _GRANT_TYPEHASH = keccak256(
        "ConsentGrant(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _REVOCATION_TYPEHASH = keccak256(
        "ConsentRevocation(string recipient,string purpose,bytes32 grantee,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    function hashOfGrant(
        IConsentRegistry.Terms memory terms,
        bytes32 nameHash,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    _GRANT_TYPEHASH,
                    nameHash,
                    terms.purpose.hashOf(),
                    terms.labels.hashOf(),
                    terms.actions.hashOf(),
                    DateWords.hashOf(terms.notBefore),
                    DateWords.hashOf(terms.notAfter),
                    terms.grantee,
                    terms.patient,
                    terms.document,
                    authorization.signedAt,
                    authorization.deadline
                )
            );
    }

    function hashOfRevocation(
        PatientId patient,
        ProviderId grantee,
        Purpose purpose,
        bytes32 nameHash,
        Authorization calldata authorization
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    _REVOCATION_TYPEHASH,
                    nameHash,
                    purpose.hashOf(),
                    grantee,
                    patient,
                    authorization.signedAt,
                    authorization.deadline
                )
            );
    }
}
