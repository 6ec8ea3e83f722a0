// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {ConsentBook, ConsentBookLibrary, Decision} from "./ConsentBook.sol";
import {ConsentStructs} from "./ConsentStructs.sol";
import {IConsentGrants} from "./IConsentGrants.sol";
import {IConsentTerms} from "./IConsentTerms.sol";

/// @title Several consents, decided at once
/// @dev Code that ConsentRegistry runs as its own and is linked with: together they would be too large.
library BatchDecisions {
    /// @dev Hashes of the structs, one after the other.
    struct Lists {
        bytes general;
        bytes records;
    }

    uint256 private constant _MOST = 64;
    bytes32 private constant _GRANTS_TYPEHASH = keccak256(
        "ConsentGrants(ConsentGrant[] grants,RecordConsentGrant[] records)ConsentGrant(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,uint40 signedAt,uint40 deadline)RecordConsentGrant(string recipient,string purpose,string scope,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,bytes32 series,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _REVOCATIONS_TYPEHASH = keccak256(
        "ConsentRevocations(ConsentRevocation[] revocations,RecordConsentRevocation[] records)ConsentRevocation(string recipient,string purpose,bytes32 grantee,bytes32 patient,uint40 signedAt,uint40 deadline)RecordConsentRevocation(string recipient,string purpose,string scope,bytes32 grantee,bytes32 patient,bytes32 series,uint40 signedAt,uint40 deadline)"
    );

    /// @return structHash `ConsentGrants`, if signed: those for all records first, each list in the given order.
    function grant(
        ConsentBook storage book,
        IProviderRegistry providers,
        IConsentGrants.Grant[] memory grants,
        Decision memory decision,
        uint256 latestEnd
    ) external returns (bytes32 structHash) {
        Lists memory lists;
        bytes32[] memory keys = _newBatch(grants.length);
        PatientId patient = grants[0].terms.patient;
        for (uint256 i = 0; i < grants.length; ++i) {
            IConsentTerms.Terms memory terms = grants[i].terms;
            if (PatientId.unwrap(terms.patient) != PatientId.unwrap(patient)) {
                revert IConsentGrants.ConsentBatchInvalid(i);
            }
            ConsentBookLibrary.requireTerms(terms, latestEnd);
            _add(book, keys, i, _keyOf(patient, grants[i].series, terms.grantee, terms.purpose), decision);
            _grantOne(book, grants[i], decision);
            _appendGrant(lists, providers, grants[i], decision);
        }
        return decision.isSigned ? _hash(_GRANTS_TYPEHASH, lists) : bytes32(0);
    }

    /// @return structHash `ConsentRevocations`, if signed: those for all records first, each list in the given order.
    function revoke(
        ConsentBook storage book,
        IProviderRegistry providers,
        PatientId patient,
        IConsentGrants.Revocation[] memory revocations,
        Decision memory decision
    ) external returns (bytes32 structHash) {
        Lists memory lists;
        bytes32[] memory keys = _newBatch(revocations.length);
        for (uint256 i = 0; i < revocations.length; ++i) {
            IConsentGrants.Revocation memory item = revocations[i];
            ConsentBookLibrary.requireGrantable(item.purpose);
            _add(book, keys, i, _keyOf(patient, item.series, item.grantee, item.purpose), decision);
            _revokeOne(book, patient, item, decision);
            if (decision.isSigned) {
                bytes32 nameHash = _nameHashOf(providers, item.grantee);
                _append(lists, item.series, ConsentStructs.hashOfRevocation(patient, item, nameHash, decision));
            }
        }
        return decision.isSigned ? _hash(_REVOCATIONS_TYPEHASH, lists) : bytes32(0);
    }

    function _grantOne(ConsentBook storage book, IConsentGrants.Grant memory item, Decision memory decision) private {
        (IConsentTerms.Terms memory terms, SeriesId series) = (item.terms, item.series);
        if (SeriesId.unwrap(series) != 0) ConsentBookLibrary.requireRecord(series, terms.actions);
        (uint40 signedFloor, uint32 generation) = (decision.signedFloor, decision.generation);
        uint40 asOf = book.write(terms, series, decision.signedAt, decision.signer, signedFloor, generation);
        if (asOf == 0) return;
        emit IConsentGrants.Superseded(terms.patient, terms.grantee, terms.purpose, series, decision.signedAt, asOf);
    }

    function _revokeOne(
        ConsentBook storage book,
        PatientId patient,
        IConsentGrants.Revocation memory item,
        Decision memory decision
    ) private {
        uint40 asOf = book.clear(patient, item, decision.signedAt, decision.signer);
        if (asOf == 0) return;
        emit IConsentGrants.Superseded(patient, item.grantee, item.purpose, item.series, decision.signedAt, asOf);
    }

    function _nameHashOf(IProviderRegistry providers, ProviderId provider) private view returns (bytes32 nameHash) {
        nameHash = providers.nameHashOf(provider);
        if (nameHash == 0) revert IConsentTerms.ConsentGranteeUnknown(provider);
    }

    function _appendGrant(
        Lists memory lists,
        IProviderRegistry providers,
        IConsentGrants.Grant memory item,
        Decision memory decision
    ) private view {
        bytes32 nameHash = _nameHashOf(providers, item.terms.grantee);
        if (!decision.isSigned) return;
        _append(lists, item.series, ConsentStructs.hashOfGrant(item.terms, item.series, nameHash, decision));
    }

    function _append(Lists memory lists, SeriesId series, bytes32 hash) private pure {
        if (SeriesId.unwrap(series) == 0) lists.general = bytes.concat(lists.general, hash);
        else lists.records = bytes.concat(lists.records, hash);
    }

    /// @dev A struct whose members are two arrays of structs.
    function _hash(bytes32 typeHash, Lists memory lists) private pure returns (bytes32) {
        return keccak256(abi.encode(typeHash, keccak256(lists.general), keccak256(lists.records)));
    }

    function _newBatch(uint256 length) private pure returns (bytes32[] memory) {
        if (length == 0 || length > _MOST) revert IConsentGrants.ConsentBatchInvalid(length);
        return new bytes32[](length);
    }

    /// @dev Of two decisions on one register, signed at once, nobody could say which is the last. The second finds the first, or something
    /// later, in the slot, unless everything was ended since: only then are those before it looked through.
    function _add(
        ConsentBook storage book,
        bytes32[] memory keys,
        uint256 index,
        bytes32 key,
        Decision memory decision
    ) private view {
        keys[index] = key;
        uint40 signedAt = decision.signedAt;
        if (book.consents[key].asOf() < signedAt && decision.signedFloor < signedAt) return;
        for (uint256 i = 0; i < index; ++i) if (keys[i] == key) revert IConsentGrants.ConsentBatchInvalid(index);
    }

    function _keyOf(
        PatientId patient,
        SeriesId series,
        ProviderId grantee,
        Purpose purpose
    ) private pure returns (bytes32) {
        return ConsentBookLibrary.consentKeyOf(patient, series, grantee, purpose);
    }
}
