// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {Denial} from "../../contracts/common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../../contracts/common/Identifiers.sol";
import {IConsentGrants} from "../../contracts/consent/IConsentGrants.sol";
import {IConsentTerms} from "../../contracts/consent/IConsentTerms.sol";
import {ConsentVerbs} from "./ConsentVerbs.sol";

/// @title What lets a grant land, and what it then changes
/// @dev Refusals are proved for decisions by call and by signature. What lands is proved for calls here, because the words of symbolic
/// labels lie at symbolic places in memory, which Halmos does not follow; signed ones are in ConsentSignatureProofs.
contract GrantProofs is ConsentVerbs {
    function check_grantNeedsThePowerToDecide(
        address caller,
        IConsentTerms.Terms memory terms,
        uint40 signedAt
    ) public single(terms.patient) {
        Authorization memory authorization = _direct(caller, signedAt, _now);
        _assume(_grant(caller, terms, authorization));
        assert(_mayDecide(terms.patient, authorization));
    }

    function check_grantNeedsRegisteredPatient(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(!_isRegistered(terms.patient));
        assert(!_grant(caller, terms, authorization));
    }

    function check_grantNeedsItsSigner(
        address caller,
        IConsentTerms.Terms memory terms,
        address signer,
        uint40 signedAt,
        uint40 deadline
    ) public single(terms.patient) {
        _assume(caller != signer);
        assert(!_grant(caller, terms, _direct(signer, signedAt, deadline)));
    }

    function check_grantNeedsKnownGrantee(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(_providers.nameHashOf(terms.grantee) == 0);
        assert(!_grant(caller, terms, authorization));
    }

    function check_grantOfLaterSecondIsRefused(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(authorization.signedAt > _now);
        assert(!_grant(caller, terms, authorization));
    }

    function check_grantAfterDeadlineIsRefused(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(authorization.deadline < _now);
        assert(!_grant(caller, terms, authorization));
    }

    function check_grantWithFarDeadlineIsRefused(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(authorization.deadline > uint256(authorization.signedAt) + _LIFETIME);
        assert(!_grant(caller, terms, authorization));
    }

    /// A grant that is not newer than what its slot holds, a revocation of the same second included.
    function check_supersededGrantIsRefused(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(authorization.signedAt <= _read(_slotOf(terms)).asOf);
        assert(!_grant(caller, terms, authorization));
    }

    function check_grantUnderTheFloorIsRefused(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(authorization.signedAt <= _patients.headOf(terms.patient).signedFloor);
        assert(!_grant(caller, terms, authorization));
    }

    function check_emergencyIsNeverGranted(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(Purpose.unwrap(terms.purpose) == _EMERGENCY);
        assert(!_grant(caller, terms, authorization));
    }

    function check_unknownPurposeIsNeverGranted(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(Purpose.unwrap(terms.purpose) == 0 || Purpose.unwrap(terms.purpose) > 14);
        assert(!_grant(caller, terms, authorization));
    }

    function check_unknownLabelsAreNeverGranted(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(Labels.unwrap(terms.labels) == 0 || Labels.unwrap(terms.labels) & ~_KNOWN_LABELS != 0);
        assert(!_grant(caller, terms, authorization));
    }

    function check_unknownActionsAreNeverGranted(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(Actions.unwrap(terms.actions) == 0 || Actions.unwrap(terms.actions) > _KNOWN_ACTIONS);
        assert(!_grant(caller, terms, authorization));
    }

    function check_emptyPeriodIsNeverGranted(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(terms.notBefore == 0 || terms.notBefore >= terms.notAfter);
        assert(!_grant(caller, terms, authorization));
    }

    function check_brokenMinuteIsNeverGranted(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(terms.notBefore % 60 != 0 || terms.notAfter % 60 != 0);
        assert(!_grant(caller, terms, authorization));
    }

    function check_tooLongPeriodIsNeverGranted(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) public single(terms.patient) {
        _assume(terms.notAfter > uint256(_now) + _MAX_DURATION);
        assert(!_grant(caller, terms, authorization));
    }

    /// The counter-case of all above.
    function check_wellFormedGrantLands(
        IConsentTerms.Terms memory terms,
        address signer,
        uint40 signedAt,
        uint40 deadline
    ) public single(terms.patient) {
        Authorization memory authorization = _direct(signer, signedAt, deadline);
        _assume(signer != address(0) && _controllerOf(terms.patient) == signer);
        _assume(!_isFrozen(terms.patient) && _providers.nameHashOf(terms.grantee) != 0);
        _assume(_areGrantable(terms) && _areTimely(authorization));
        _assume(signedAt > _read(_slotOf(terms)).asOf && signedAt > _patients.headOf(terms.patient).signedFloor);
        assert(_grant(signer, terms, authorization));
    }

    function check_grantStoresItsTerms(
        address caller,
        IConsentTerms.Terms memory terms,
        uint40 signedAt,
        uint40 deadline
    ) public single(terms.patient) {
        uint32 serial = _read(_slotOf(terms)).serial;
        _assume(_grant(caller, terms, _direct(caller, signedAt, deadline)));
        IConsentGrants.Consent memory expected = IConsentGrants.Consent({
            labels: terms.labels,
            actions: terms.actions,
            notBefore: terms.notBefore,
            notAfter: terms.notAfter,
            generation: _patients.headOf(terms.patient).generation,
            serial: _next(serial),
            asOf: signedAt
        });
        assert(_hash(_read(_slotOf(terms))) == _hash(expected));
    }

    function check_grantTouchesNoOtherPatient(
        address caller,
        IConsentTerms.Terms memory terms,
        Slot memory other,
        uint40 signedAt,
        uint40 deadline
    ) public single(terms.patient) {
        _assume(!_same(other.patient, terms.patient));
        _grantAndCompare(caller, terms, other, signedAt, deadline);
    }

    function check_grantTouchesNoOtherGrantee(
        address caller,
        IConsentTerms.Terms memory terms,
        Slot memory other,
        uint40 signedAt,
        uint40 deadline
    ) public single(terms.patient) {
        _assume(!_same(other.grantee, terms.grantee));
        _grantAndCompare(caller, terms, other, signedAt, deadline);
    }

    function check_grantTouchesNoOtherPurpose(
        address caller,
        IConsentTerms.Terms memory terms,
        Slot memory other,
        uint40 signedAt,
        uint40 deadline
    ) public single(terms.patient) {
        _assume(Purpose.unwrap(other.purpose) != Purpose.unwrap(terms.purpose));
        _grantAndCompare(caller, terms, other, signedAt, deadline);
    }

    /// Whoever acted on the tag of the earlier grant sees that another one is in force.
    function check_grantChangesTheTag(
        address caller,
        IConsentTerms.Terms memory terms,
        uint40 signedAt,
        uint40 deadline,
        Labels labels
    ) public single(terms.patient) {
        (Denial denial, bytes32 tag) = _decide(terms, labels);
        _assume(denial == Denial.None);
        _assume(_grant(caller, terms, _direct(caller, signedAt, deadline)));
        (, bytes32 later) = _decide(terms, labels);
        assert(later != tag);
    }

    /// Of two grants the one signed last holds, whichever lands first.
    function check_laterSignedGrantHolds(
        address caller,
        IConsentTerms.Terms memory earlier,
        IConsentTerms.Terms memory later,
        uint40 signedEarlier,
        uint40 signedLater
    ) public single(earlier.patient) {
        later.patient = earlier.patient;
        later.grantee = earlier.grantee;
        later.purpose = earlier.purpose;
        _assume(signedEarlier < signedLater);
        _assume(_grant(caller, later, _direct(caller, signedLater, _now)));
        bytes32 held = _hash(_read(_slotOf(later)));
        _grant(caller, earlier, _direct(caller, signedEarlier, _now));
        assert(_hash(_read(_slotOf(later))) == held);
    }

    function _grantAndCompare(
        address caller,
        IConsentTerms.Terms memory terms,
        Slot memory other,
        uint40 signedAt,
        uint40 deadline
    ) private {
        bytes32 before = _hash(_read(other));
        _assume(_grant(caller, terms, _direct(caller, signedAt, deadline)));
        assert(_hash(_read(other)) == before);
    }

    function _decide(IConsentTerms.Terms memory terms, Labels labels) private view returns (Denial, bytes32) {
        return
            _consents.decide(
                terms.patient,
                terms.grantee,
                _viaOrganisation(ProviderId.wrap(0)),
                terms.purpose,
                labels,
                SeriesId.wrap(0),
                Actions.wrap(1)
            );
    }

    function _next(uint32 serial) private pure returns (uint32) {
        unchecked {
            return serial + 1;
        }
    }
}
