// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {Denial} from "../../../contracts/common/Denial.sol";
import {Actions, Labels, Purpose} from "../../../contracts/common/Identifiers.sol";
import {IConsentTerms} from "../../../contracts/consent/IConsentTerms.sol";
import {IConsentRegistry} from "../../../contracts/consent/IConsentRegistry.sol";
import {ConsentWorld} from "./ConsentWorld.sol";

/// @notice One consent and everything that can be asked of it.
contract ConsentTest is ConsentWorld {
    struct Question {
        uint64 labels;
        uint8 action;
        uint40 later;
    }

    function testFuzzStoresExactlyWhatWasGranted(uint64 labels, uint8 actions, uint40 from, uint40 length) external {
        IConsentTerms.Terms memory terms = _terms(labels, actions, from, length);
        require(_grant(terms, _START), "refused");
        IConsentRegistry.Consent memory consent = _consents.consentOf(_patient, _clinic, terms.purpose);
        require(Labels.unwrap(consent.labels) == Labels.unwrap(terms.labels), "labels");
        require(Actions.unwrap(consent.actions) == Actions.unwrap(terms.actions), "actions");
        require(consent.notBefore == terms.notBefore && consent.notAfter == terms.notAfter, "period");
        require(consent.generation == 0 && consent.serial == 1 && consent.asOf == _START, "state");
    }

    /// Terms said once more in plain words, against the packed word and its masks.
    function testFuzzPermitsExactlyTheTerms(
        uint64 labels,
        uint8 actions,
        uint40 from,
        uint40 length,
        Question memory question
    ) external {
        IConsentTerms.Terms memory terms = _terms(labels, actions, from, length);
        require(_grant(terms, _START), "refused");
        // Half of the questions ask for a part of what was granted: random masks are almost never covered.
        if (question.labels % 2 == 0) question.labels &= Labels.unwrap(terms.labels);
        if (question.action % 2 == 0) question.action = (question.action >> 1) & Actions.unwrap(terms.actions);
        uint256 time = _START + (question.later % (2 * uint256(terms.notAfter - _START) + 1));
        _VM.warp(time);

        (Denial denial, bytes32 tag) = _decide(_clinic, terms.purpose, question.labels, question.action);
        require(denial == _expected(terms, question, time), "decision");
        require((tag != 0) == (denial == Denial.None), "tag");
    }

    function testFuzzRevokedNeverPermits(uint64 labels, uint8 actions, Question memory question, uint8 how) external {
        IConsentTerms.Terms memory terms = _terms(labels, actions, 0, type(uint40).max);
        require(_grant(terms, _START), "refused");
        (uint64 granted, uint8 allowed) = (Labels.unwrap(terms.labels), Actions.unwrap(terms.actions));
        _VM.warp(terms.notBefore);
        (Denial before, ) = _decide(_clinic, terms.purpose, granted, allowed);
        require(before == Denial.None, "never permitted");

        uint40 second = uint40(block.timestamp);
        if (how % 3 != 0) require(_revoke(_clinic, terms.purpose, second), "revocation refused");
        if (how % 3 != 1) _patients.revokeAll(_patient, _at(address(this), second));

        // Neither what was granted nor anything else, now or later.
        (Denial after_, ) = _decide(_clinic, terms.purpose, granted, allowed);
        require(after_ == Denial.ConsentRevoked, "permitted in the second of the revocation");
        _VM.warp(uint256(second) + question.later);
        (Denial denial, bytes32 tag) = _decide(_clinic, terms.purpose, question.labels, question.action);
        require(denial == Denial.ConsentRevoked && tag == 0, "revived");
        // Nor by the grant once more.
        _VM.warp(second);
        require(!_grant(terms, _START), "an old grant landed");
    }

    function testFuzzSuspensionDeniesWhateverIsAsked(
        uint64 labels,
        uint8 actions,
        Question memory question,
        bool who
    ) external {
        IConsentTerms.Terms memory terms = _terms(labels, actions, 0, type(uint40).max);
        require(_grant(terms, _START), "refused");
        _providers.suspend(who ? _clinic : _doctor);
        _VM.warp(uint256(terms.notBefore) + question.later);
        (Denial denial, ) = _decide(_clinic, terms.purpose, question.labels, question.action);
        require(denial == (who ? Denial.OrganisationNotActive : Denial.ActorNotActive), "a suspended provider");
    }

    function _expected(
        IConsentTerms.Terms memory terms,
        Question memory question,
        uint256 time
    ) private pure returns (Denial) {
        if (time < terms.notBefore) return Denial.ConsentNotYetValid;
        if (time >= terms.notAfter) return Denial.ConsentExpired;
        if (!_isPart(question.labels, Labels.unwrap(terms.labels))) return Denial.LabelsNotCovered;
        if (!_isPart(question.action, Actions.unwrap(terms.actions))) return Denial.ActionNotGranted;
        return Denial.None;
    }

    function _isPart(uint256 part, uint256 whole) private pure returns (bool) {
        for (uint256 bit = 0; bit < 64; ++bit) {
            if ((part >> bit) & 1 == 1 && (whole >> bit) & 1 == 0) return false;
        }
        return part != 0;
    }

    /// Valid terms out of anything: labels known and present, whole minutes, at most ten years.
    function _terms(
        uint64 labels,
        uint8 actions,
        uint40 from,
        uint40 length
    ) private view returns (IConsentTerms.Terms memory) {
        labels &= _KNOWN;
        uint40 start = (_START / 60) * 60 + 60 + ((from % 100 days) / 60) * 60;
        return
            IConsentTerms.Terms({
                patient: _patient,
                grantee: _clinic,
                purpose: Purpose.wrap(1),
                labels: Labels.wrap(labels == 0 ? 1 : labels),
                actions: Actions.wrap((actions % 7) + 1),
                notBefore: start,
                notAfter: start + 60 + ((length % 3000 days) / 60) * 60,
                document: 0
            });
    }
}
