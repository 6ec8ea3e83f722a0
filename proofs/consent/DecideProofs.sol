// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../../contracts/common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../../contracts/common/Identifiers.sol";
import {IConsentGrants} from "../../contracts/consent/IConsentGrants.sol";
import {Via} from "../../contracts/consent/IConsentRegistry.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {World} from "../World.sol";

/// @title Who is permitted what, in any state
contract DecideProofs is World {
    struct Question {
        PatientId patient;
        ProviderId actor;
        ProviderId organisation;
        Purpose purpose;
        Labels labels;
        SeriesId series;
        Actions action;
    }

    /// Nor is another reason given than that it was revoked, where nothing else stands in the way earlier.
    function check_revokedNeverPermits(Question memory question) public view settled(question.patient) {
        _assume(Actions.unwrap(_consentFor(question).actions) == 0);
        assert(!_isPermitted(question));
        (Denial standing, , ) = _providers.standingOf(question.actor, question.organisation);
        _assume(standing == Denial.None && _isRegistered(question.patient) && !_isShutOut(question));
        _assume(Labels.unwrap(_consentFor(question).labels) != 0);
        (Denial denial, ) = _consents.decide(
            question.patient,
            question.actor,
            _viaOrganisation(question.organisation),
            question.purpose,
            question.labels,
            question.series,
            question.action
        );
        assert(denial == Denial.ConsentRevoked);
    }

    function check_otherGenerationNeverPermits(Question memory question) public view settled(question.patient) {
        _assume(_consentFor(question).generation != _patients.headOf(question.patient).generation);
        assert(!_isPermitted(question));
    }

    function check_expiredNeverPermits(Question memory question) public view settled(question.patient) {
        _assume(_now >= _consentFor(question).notAfter);
        assert(!_isPermitted(question));
    }

    function check_uncoveredLabelNeverPermits(Question memory question) public view settled(question.patient) {
        _assume(Labels.unwrap(question.labels) & ~Labels.unwrap(_consentFor(question).labels) != 0);
        assert(!_isPermitted(question));
    }

    function check_ungrantedActionNeverPermits(Question memory question) public view settled(question.patient) {
        _assume(Actions.unwrap(question.action) & ~Actions.unwrap(_consentFor(question).actions) != 0);
        assert(!_isPermitted(question));
    }

    function check_inactiveActorNeverPermits(Question memory question) public view settled(question.patient) {
        _assume(_providers.providerOf(question.actor).status != IProviderRegistry.ProviderStatus.Active);
        assert(!_isPermitted(question));
    }

    function check_unaffiliatedNeverPermits(Question memory question) public view settled(question.patient) {
        _assume(ProviderId.unwrap(question.organisation) != 0);
        (IProviderRegistry.AffiliationStatus status, ) = _providers.affiliationOf(
            question.organisation,
            question.actor
        );
        _assume(status != IProviderRegistry.AffiliationStatus.Active);
        assert(!_isPermitted(question));
    }

    function check_excludedActorNeverPermits(Question memory question) public view settled(question.patient) {
        _assume(_consents.isExcluded(question.patient, question.actor));
        assert(!_isPermitted(question));
    }

    /// The counter-case of all above.
    function check_liveConsentPermits(Question memory question) public view settled(question.patient) {
        (Denial standing, , ) = _providers.standingOf(question.actor, question.organisation);
        _assume(standing == Denial.None);
        _assume(_isRegistered(question.patient) && !_isShutOut(question));
        IConsentGrants.Consent memory consent = _consentFor(question);
        _assume(consent.generation == _patients.headOf(question.patient).generation);
        _assume(consent.notBefore <= _now && _now < consent.notAfter);
        (uint64 labels, uint8 action) = (Labels.unwrap(question.labels), Actions.unwrap(question.action));
        _assume(labels != 0 && labels & Labels.unwrap(consent.labels) == labels);
        _assume(action != 0 && action & Actions.unwrap(consent.actions) == action);
        assert(_isPermitted(question));
    }

    function check_permittedMeansNoDenial(Question memory question) public view settled(question.patient) {
        Via memory via = _viaOrganisation(question.organisation);
        (Denial denial, bytes32 tag) = _consents.decide(
            question.patient,
            question.actor,
            via,
            question.purpose,
            question.labels,
            question.series,
            question.action
        );
        (bool isPermitted, bytes32 sameTag) = _consents.isPermitted(
            question.patient,
            question.actor,
            via,
            question.purpose,
            question.labels,
            question.series,
            question.action
        );
        assert(isPermitted == (denial == Denial.None));
        assert(tag == sameTag);
    }

    function _isShutOut(Question memory question) private view returns (bool) {
        return
            _consents.isExcluded(question.patient, question.actor) ||
            (ProviderId.unwrap(question.organisation) != 0 &&
                _consents.isExcluded(question.patient, question.organisation));
    }

    function _consentFor(Question memory question) private view returns (IConsentGrants.Consent memory) {
        ProviderId grantee = _granteeOf(question.actor, question.organisation);
        return _consents.consentOf(question.patient, grantee, question.purpose);
    }

    function _isPermitted(Question memory question) private view returns (bool) {
        return _isPermitted(question, _viaOrganisation(question.organisation));
    }

    function _isPermitted(Question memory question, Via memory via) private view returns (bool permitted) {
        (permitted, ) = _consents.isPermitted(
            question.patient,
            question.actor,
            via,
            question.purpose,
            question.labels,
            question.series,
            question.action
        );
    }
}
