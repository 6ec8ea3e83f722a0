// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {ProviderStanding} from "../identity/ProviderStanding.sol";
import {ConsentBook, ConsentBookLibrary, Decision} from "./ConsentBook.sol";
import {ConsentSlot} from "./ConsentSlot.sol";
import {IConsentRegistry} from "./IConsentRegistry.sol";
import {IConsentShares} from "./IConsentShares.sol";
import {IConsentTerms} from "./IConsentTerms.sol";

/// @title The way from a patient's own consent to the last one it was passed on to
library SharePaths {
    using ProviderStanding for IProviderRegistry;
    using Vocabulary for *;

    SeriesId private constant _ALL = SeriesId.wrap(0);

    function holdersOf(
        ProviderId[] memory chain,
        ProviderId holder
    ) internal pure returns (ProviderId[] memory holders) {
        holders = new ProviderId[](chain.length + 1);
        for (uint256 i = 0; i < chain.length; ++i) holders[i] = chain[i];
        holders[chain.length] = holder;
    }

    /// @dev `holders` are those of the consent and of each share on the way.
    function follow(
        ConsentBook storage book,
        IProviderRegistry providers,
        PatientId patient,
        ProviderId[] memory holders,
        Purpose purpose,
        SeriesId series,
        uint32 generation
    ) internal view returns (Denial denial, IConsentRegistry.Right memory right) {
        right.key = ConsentBookLibrary.consentKeyOf(patient, series, holders[0], purpose);
        ConsentSlot slot = book.consents[right.key];
        denial = slot.judgeLife(generation);
        if (denial != Denial.None) return (denial, right);
        _join(right, slot);

        for (uint256 i = 1; i < holders.length; ++i) {
            denial = _judgeSharer(book, providers, patient, holders[i - 1]);
            if (denial != Denial.None) return (denial, right);
            if (!_mayShare(right)) return (Denial.ShareEnded, right);
            right.key = ConsentBookLibrary.shareKeyOf(right.key, holders[i]);
            slot = book.shares[right.key];
            if (Actions.unwrap(slot.actions()) == 0 || slot.generation() != right.serial || book.cuts[right.key].isOn())
                return (Denial.ShareEnded, right);
            _join(right, slot);
        }
    }

    /// @dev Returns the key of the parent, if the terms are a part of what it allows.
    function requireShareable(
        ConsentBook storage book,
        IProviderRegistry providers,
        IConsentTerms.Terms memory terms,
        ProviderId[] memory chain,
        uint32 parentSerial,
        Decision memory decision
    ) internal view returns (bytes32) {
        Denial denial = _judgeSharer(book, providers, terms.patient, chain[chain.length - 1]);
        IConsentRegistry.Right memory right;
        if (denial == Denial.None) {
            uint32 generation = decision.generation;
            (denial, right) = follow(book, providers, terms.patient, chain, terms.purpose, _ALL, generation);
        }
        if (denial == Denial.None && right.serial != parentSerial) {
            revert IConsentShares.ConsentParentChanged(right.key, parentSerial, right.serial);
        }
        if (denial == Denial.None && !_mayShare(right)) denial = Denial.ActionNotGranted;
        if (denial == Denial.None && block.timestamp >= right.notAfter) denial = Denial.ConsentExpired;
        if (denial != Denial.None) revert IConsentShares.ConsentShareRefused(denial);
        if (
            !right.labels.covers(terms.labels) ||
            !right.actions.covers(terms.actions) ||
            terms.notBefore < right.notBefore ||
            terms.notAfter > right.notAfter
        ) {
            revert IConsentShares.ConsentShareTooWide(right.labels, right.actions, right.notBefore, right.notAfter);
        }
        return right.key;
    }

    function _judgeSharer(
        ConsentBook storage book,
        IProviderRegistry providers,
        PatientId patient,
        ProviderId sharer
    ) private view returns (Denial denial) {
        (denial, ) = providers.ask(sharer, ProviderId.wrap(0));
        if (denial != Denial.None) return Denial.ShareEnded;
        if (book.isExcluded(patient, sharer)) return Denial.Excluded;
    }

    function _mayShare(IConsentRegistry.Right memory right) private pure returns (bool) {
        return Actions.unwrap(right.actions) & Vocabulary.SHARE != 0;
    }

    /// @dev The first of a path, whose right is still empty, is taken as it is.
    function _join(IConsentRegistry.Right memory right, ConsentSlot slot) private pure {
        bytes32 serial = bytes32(uint256(slot.serial()));
        if (right.grantTag == 0) {
            (right.labels, right.actions) = (slot.labels(), slot.actions());
            (right.notBefore, right.notAfter) = (slot.notBefore(), slot.notAfter());
            right.grantTag = ConsentBookLibrary.hash(right.key, serial);
        } else {
            right.labels = Labels.wrap(Labels.unwrap(right.labels) & Labels.unwrap(slot.labels()));
            right.actions = Actions.wrap(Actions.unwrap(right.actions) & Actions.unwrap(slot.actions()));
            if (slot.notBefore() > right.notBefore) right.notBefore = slot.notBefore();
            if (slot.notAfter() < right.notAfter) right.notAfter = slot.notAfter();
            right.grantTag = keccak256(abi.encode(right.grantTag, right.key, serial));
        }
        right.serial = slot.serial();
    }
}
