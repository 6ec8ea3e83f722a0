// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {ConsentBook, ConsentBookLibrary, Decision} from "./ConsentBook.sol";
import {ConsentSlot} from "./ConsentSlot.sol";
import {ConsentStructs} from "./ConsentStructs.sol";
import {IConsentRegistry, Via} from "./IConsentRegistry.sol";
import {IConsentShares} from "./IConsentShares.sol";
import {IConsentTerms} from "./IConsentTerms.sol";
import {SharePaths} from "./SharePaths.sol";
import {Switches} from "./Switches.sol";

/// @title Consents passed on
/// @dev Code that ConsentRegistry runs as its own and is linked with: together they would be too large.
library ShareDecisions {
    using Vocabulary for *;

    uint256 private constant _LONGEST = 3;
    SeriesId private constant _ALL = SeriesId.wrap(0);

    bytes32 private constant _SHARE_TYPEHASH = keccak256(
        "ConsentShare(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,bytes32 parent,uint32 parentSerial,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _UNSHARE_TYPEHASH = keccak256(
        "ConsentUnshare(string recipient,string purpose,bytes32 grantee,bytes32 patient,bytes32 parent,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _CUT_TYPEHASH = keccak256(
        "ShareCut(string recipient,string purpose,string sharer,bytes32 grantee,bytes32 patient,bytes32 parent,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _UNCUT_TYPEHASH = keccak256(
        "ShareUncut(string recipient,string purpose,string sharer,bytes32 grantee,bytes32 patient,bytes32 parent,uint40 signedAt,uint40 deadline)"
    );

    /// @dev One step of a path: from a sharer to its grantee.
    struct Link {
        PatientId patient;
        ProviderId sharer;
        ProviderId grantee;
        Purpose purpose;
        bytes32 parentKey;
    }

    /// @return structHash `ConsentShare`, if signed.
    function share(
        ConsentBook storage book,
        IProviderRegistry providers,
        IConsentTerms.Terms memory terms,
        ProviderId[] memory chain,
        uint32 parentSerial,
        Decision memory decision
    ) external returns (bytes32 structHash) {
        bytes32 nameHash = _nameHashOf(providers, terms.grantee);
        _requireKeyOf(providers, _sharerOf(chain), decision.signer);
        bytes32 parentKey = SharePaths.requireShareable(book, providers, terms, chain, parentSerial, decision);
        _write(book, terms, chain, parentKey, parentSerial, decision);
        if (!decision.isSigned) return 0;
        bytes memory words = ConsentStructs.wordsOf(_SHARE_TYPEHASH, terms, nameHash);
        bytes memory ids = bytes.concat(ConsentStructs.idsOf(terms), abi.encode(parentKey, parentSerial));
        return keccak256(bytes.concat(words, ids, ConsentStructs.timesOf(decision)));
    }

    /// @dev As `clear` of the patient's own consents.
    /// @return structHash `ConsentUnshare`, if signed.
    function unshare(
        ConsentBook storage book,
        IProviderRegistry providers,
        PatientId patient,
        ProviderId[] memory chain,
        ProviderId grantee,
        Purpose purpose,
        Decision memory decision
    ) external returns (bytes32 structHash) {
        Link memory link = _linkOf(patient, chain, grantee, purpose);
        _requireKeyOf(providers, link.sharer, decision.signer);
        _clear(book, link, chain, decision);
        if (!decision.isSigned) return 0;
        bytes32 nameHash = _nameHashOf(providers, grantee);
        bytes memory words = abi.encode(_UNSHARE_TYPEHASH, nameHash, purpose.hashOf());
        return keccak256(bytes.concat(words, _idsOf(link), ConsentStructs.timesOf(decision)));
    }

    /// @return structHash `ShareCut` or `ShareUncut`, if signed.
    function cut(
        ConsentBook storage book,
        IProviderRegistry providers,
        bool isCut,
        PatientId patient,
        ProviderId[] memory chain,
        ProviderId grantee,
        Purpose purpose,
        Decision memory decision
    ) external returns (bytes32 structHash) {
        Link memory link = _linkOf(patient, chain, grantee, purpose);
        _turn(book, isCut, link, chain, decision);
        if (!decision.isSigned) return 0;
        bytes memory words = abi.encode(
            isCut ? _CUT_TYPEHASH : _UNCUT_TYPEHASH,
            _nameHashOf(providers, link.grantee),
            link.purpose.hashOf(),
            _nameHashOf(providers, link.sharer)
        );
        return keccak256(bytes.concat(words, _idsOf(link), ConsentStructs.timesOf(decision)));
    }

    /// @dev What a path grants its last holder, `grantee`. Times, labels and actions are joined, not judged.
    function rightOf(
        ConsentBook storage book,
        IProviderRegistry providers,
        PatientId patient,
        ProviderId grantee,
        Via memory via,
        Purpose purpose,
        SeriesId series,
        uint32 generation
    ) external view returns (Denial denial, IConsentRegistry.Right memory right) {
        if (via.chain.length > _LONGEST || (via.bySeries && via.chain.length != 0)) {
            return (Denial.PathUnknown, right);
        }
        if (!via.bySeries) series = _ALL;
        else if (SeriesId.unwrap(series) == 0) return (Denial.PathUnknown, right);
        ProviderId[] memory holders = SharePaths.holdersOf(via.chain, grantee);
        (denial, right) = SharePaths.follow(book, providers, patient, holders, purpose, series, generation);
        if (denial != Denial.None) right = _none();
    }

    /// @dev The share from the last of `chain` to `grantee`, as stored.
    function shareOf(
        ConsentBook storage book,
        PatientId patient,
        ProviderId[] memory chain,
        ProviderId grantee,
        Purpose purpose
    ) external view returns (IConsentShares.Share memory) {
        bytes32 key = _keyOf(_linkOf(patient, chain, grantee, purpose));
        ConsentSlot slot = book.shares[key];
        Switches cuts = book.cuts[key];
        return
            IConsentShares.Share({
                labels: slot.labels(),
                actions: slot.actions(),
                notBefore: slot.notBefore(),
                notAfter: slot.notAfter(),
                parentSerial: slot.generation(),
                serial: slot.serial(),
                asOf: slot.asOf(),
                isCut: cuts.isOn(),
                cutAsOf: cuts.asOf(false)
            });
    }

    function _write(
        ConsentBook storage book,
        IConsentTerms.Terms memory terms,
        ProviderId[] memory chain,
        bytes32 parentKey,
        uint32 parentSerial,
        Decision memory decision
    ) private {
        bytes32 key = ConsentBookLibrary.shareKeyOf(parentKey, terms.grantee);
        (uint40 signedAt, ConsentSlot slot) = (decision.signedAt, book.shares[key]);
        ConsentBookLibrary.requireNewer(terms.patient, signedAt, slot.asOf(), decision.signedFloor);
        uint32 serial = slot.nextSerial();
        book.shares[key] = ConsentBookLibrary.pack(terms, parentSerial, serial, signedAt);
        emit IConsentShares.ConsentShared(
            terms.patient,
            _sharerOf(chain),
            terms.grantee,
            terms,
            chain,
            parentSerial,
            serial,
            signedAt,
            decision.signer
        );
    }

    function _clear(
        ConsentBook storage book,
        Link memory link,
        ProviderId[] memory chain,
        Decision memory decision
    ) private {
        bytes32 key = _keyOf(link);
        (uint40 signedAt, ConsentSlot slot) = (decision.signedAt, book.shares[key]);
        if (signedAt < slot.asOf()) ConsentBookLibrary.revertSuperseded(link.patient, signedAt, slot.asOf());
        if (slot.isRepeat(signedAt)) return;
        uint32 serial = slot.nextSerial();
        book.shares[key] = slot.revoked(serial, signedAt);
        emit IConsentShares.ConsentUnshared(
            link.patient,
            link.sharer,
            link.grantee,
            link.purpose,
            chain,
            serial,
            signedAt,
            decision.signer
        );
    }

    function _turn(
        ConsentBook storage book,
        bool isCut,
        Link memory link,
        ProviderId[] memory chain,
        Decision memory decision
    ) private {
        bytes32 key = _keyOf(link);
        PatientId patient = link.patient;
        (bool isNews, Switches switches) = ConsentBookLibrary.turn(book.cuts[key], false, isCut, patient, decision);
        if (!isNews) return;
        book.cuts[key] = switches;
        (ProviderId sharer, ProviderId grantee, Purpose purpose) = (link.sharer, link.grantee, link.purpose);
        (uint40 signedAt, address signer) = (decision.signedAt, decision.signer);
        if (isCut) emit IConsentShares.ShareCut(patient, sharer, grantee, purpose, chain, signedAt, signer);
        else emit IConsentShares.ShareUncut(patient, sharer, grantee, purpose, chain, signedAt, signer);
    }

    function _linkOf(
        PatientId patient,
        ProviderId[] memory chain,
        ProviderId grantee,
        Purpose purpose
    ) private pure returns (Link memory) {
        ConsentBookLibrary.requireGrantable(purpose);
        ProviderId sharer = _sharerOf(chain);
        bytes32 key = ConsentBookLibrary.consentKeyOf(patient, _ALL, chain[0], purpose);
        for (uint256 i = 1; i < chain.length; ++i) key = ConsentBookLibrary.shareKeyOf(key, chain[i]);
        return Link(patient, sharer, grantee, purpose, key);
    }

    function _keyOf(Link memory link) private pure returns (bytes32) {
        return ConsentBookLibrary.shareKeyOf(link.parentKey, link.grantee);
    }

    function _idsOf(Link memory link) private pure returns (bytes memory) {
        return abi.encode(link.grantee, link.patient, link.parentKey);
    }

    function _nameHashOf(IProviderRegistry providers, ProviderId provider) private view returns (bytes32 nameHash) {
        nameHash = providers.nameHashOf(provider);
        if (nameHash == 0) revert IConsentTerms.ConsentGranteeUnknown(provider);
    }

    function _requireKeyOf(IProviderRegistry providers, ProviderId provider, address signer) private view {
        ProviderId holder = providers.providerOfKey(signer);
        if (ProviderId.unwrap(provider) == 0 || ProviderId.unwrap(holder) != ProviderId.unwrap(provider)) {
            revert IConsentTerms.ConsentSignerNotProvider(provider, signer);
        }
    }

    function _sharerOf(ProviderId[] memory chain) private pure returns (ProviderId) {
        uint256 length = chain.length;
        if (length == 0 || length > _LONGEST) revert IConsentShares.ConsentChainInvalid(length);
        return chain[length - 1];
    }

    function _none() private pure returns (IConsentRegistry.Right memory right) {}
}
