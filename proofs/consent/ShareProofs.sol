// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../../contracts/common/Identifiers.sol";
import {IConsentGrants} from "../../contracts/consent/IConsentGrants.sol";
import {Via} from "../../contracts/consent/IConsentRegistry.sol";
import {IConsentShares} from "../../contracts/consent/IConsentShares.sol";
import {IConsentTerms} from "../../contracts/consent/IConsentTerms.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {World} from "../World.sol";

/// @title What was passed on is never more than what was granted, and ends with it
contract ShareProofs is World {
    uint8 private constant _SHARE = 4;

    struct Question {
        PatientId patient;
        ProviderId sharer;
        ProviderId actor;
        Purpose purpose;
        Labels labels;
        Actions action;
    }

    function check_cutShareNeverPermits(Question memory question) public view settled(question.patient) {
        _assume(_shareFor(question).isCut);
        assert(!_isPermitted(question));
    }

    function check_shareEndsWithItsConsent(Question memory question) public view settled(question.patient) {
        IConsentGrants.Consent memory consent = _consentFor(question);
        uint32 generation = _patients.headOf(question.patient).generation;
        _assume(Actions.unwrap(consent.actions) == 0 || consent.generation != generation);
        assert(!_isPermitted(question));
    }

    /// The sharer's consent was decided anew since.
    function check_shareOfAnotherSerialNeverPermits(Question memory question) public view settled(question.patient) {
        _assume(_shareFor(question).parentSerial != _consentFor(question).serial);
        assert(!_isPermitted(question));
    }

    function check_shareNeedsTheRightToShare(Question memory question) public view settled(question.patient) {
        _assume(Actions.unwrap(_consentFor(question).actions) & _SHARE == 0);
        assert(!_isPermitted(question));
    }

    function check_shareGivesNoFurtherLabels(Question memory question) public view settled(question.patient) {
        uint64 labels = Labels.unwrap(_consentFor(question).labels) & Labels.unwrap(_shareFor(question).labels);
        _assume(Labels.unwrap(question.labels) & ~labels != 0);
        assert(!_isPermitted(question));
    }

    function check_excludedSharerEndsAShare(Question memory question) public view settled(question.patient) {
        _assume(_consents.isExcluded(question.patient, question.sharer));
        assert(!_isPermitted(question));
    }

    function check_pathOfFourSharersNeverPermits(
        Question memory question,
        ProviderId second,
        ProviderId third,
        ProviderId fourth
    ) public view settled(question.patient) {
        ProviderId[] memory chain = new ProviderId[](4);
        (chain[0], chain[1], chain[2], chain[3]) = (question.sharer, second, third, fourth);
        assert(!_isPermitted(question, chain));
    }

    /// The counter-case of all above.
    function check_liveSharePermits(Question memory question) public view settled(question.patient) {
        (IConsentGrants.Consent memory consent, IConsentShares.Share memory share) = (
            _consentFor(question),
            _shareFor(question)
        );
        _assume(_isRegistered(question.patient) && _isWelcome(question.patient, question.actor));
        _assume(_isWelcome(question.patient, question.sharer));
        _assume(consent.generation == _patients.headOf(question.patient).generation);
        _assume(share.parentSerial == consent.serial && !share.isCut);
        _assume(Actions.unwrap(consent.actions) & _SHARE != 0);
        _assume(consent.notBefore <= _now && _now < consent.notAfter);
        _assume(share.notBefore <= _now && _now < share.notAfter);
        uint64 labels = Labels.unwrap(consent.labels) & Labels.unwrap(share.labels);
        uint8 actions = Actions.unwrap(consent.actions) & Actions.unwrap(share.actions);
        (uint64 asked, uint8 action) = (Labels.unwrap(question.labels), Actions.unwrap(question.action));
        _assume(asked != 0 && asked & labels == asked && action != 0 && action & actions == action);
        assert(_isPermitted(question));
    }

    function check_onlyTheSharerShares(
        address caller,
        IConsentTerms.Terms memory terms,
        ProviderId sharer,
        uint32 parentSerial,
        uint40 signedAt
    ) public settled(terms.patient) {
        _assume(!_same(_providers.providerOfKey(caller), sharer));
        assert(!_share(caller, terms, sharer, parentSerial, signedAt));
    }

    function _share(
        address caller,
        IConsentTerms.Terms memory terms,
        ProviderId sharer,
        uint32 parentSerial,
        uint40 signedAt
    ) private returns (bool landed) {
        _VM.prank(caller);
        try _consents.share(terms, _chainOf(sharer), parentSerial, _direct(caller, signedAt, _now)) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _isWelcome(PatientId patient, ProviderId provider) private view returns (bool) {
        bool isActive = _providers.providerOf(provider).status == IProviderRegistry.ProviderStatus.Active;
        return isActive && !_consents.isExcluded(patient, provider);
    }

    function _consentFor(Question memory question) private view returns (IConsentGrants.Consent memory) {
        return _consents.consentOf(question.patient, question.sharer, question.purpose);
    }

    function _shareFor(Question memory question) private view returns (IConsentShares.Share memory) {
        return _consents.shareOf(question.patient, _chainOf(question.sharer), question.actor, question.purpose);
    }

    function _chainOf(ProviderId sharer) private pure returns (ProviderId[] memory chain) {
        chain = new ProviderId[](1);
        chain[0] = sharer;
    }

    function _isPermitted(Question memory question) private view returns (bool) {
        return _isPermitted(question, _chainOf(question.sharer));
    }

    function _isPermitted(Question memory question, ProviderId[] memory chain) private view returns (bool permitted) {
        (permitted, ) = _consents.isPermitted(
            question.patient,
            question.actor,
            Via(ProviderId.wrap(0), chain, false),
            question.purpose,
            question.labels,
            SeriesId.wrap(0),
            question.action
        );
    }
}
