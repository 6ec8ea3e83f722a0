// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../../contracts/common/Identifiers.sol";
import {IConsentGrants} from "../../contracts/consent/IConsentGrants.sol";
import {IConsentTerms} from "../../contracts/consent/IConsentTerms.sol";
import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {ConsentVerbs} from "./ConsentVerbs.sol";

/// @title What revoking does, and that nothing stops it
contract RevokeProofs is ConsentVerbs {
    /// `asOf` never lies ahead of the clock: `check_everyVerbKeepsTheOrder`.
    function check_controllerCanAlwaysRevoke(Slot memory slot) public single(slot.patient) {
        address controller = _controllerOf(slot.patient);
        _assume(controller != address(0) && _isGrantable(slot.purpose));
        _assume(_read(slot).asOf <= _now);
        assert(_revoke(controller, slot, _byCalling(controller)));
    }

    function check_revokedNeverPermitsWhoeverAsks(
        address caller,
        Slot memory slot,
        ProviderId actor,
        ProviderId organisation,
        Labels labels,
        Actions action,
        SeriesId series
    ) public single(slot.patient) {
        _assume(_same(_granteeOf(actor, organisation), slot.grantee));
        _assume(_revoke(caller, slot, _byCalling(caller)));
        (bool isPermitted, ) = _consents.isPermitted(
            slot.patient,
            actor,
            _viaOrganisation(organisation),
            slot.purpose,
            labels,
            series,
            action
        );
        assert(!isPermitted);
    }

    function check_revokeNeedsThePowerToRevoke(
        address caller,
        Slot memory slot,
        uint40 signedAt
    ) public single(slot.patient) {
        Authorization memory authorization = _direct(caller, signedAt, signedAt == 0 ? 0 : _now);
        _assume(_revoke(caller, slot, authorization));
        assert(_mayRevoke(slot.patient, authorization));
    }

    function check_revokeNeedsItsSigner(
        address caller,
        Slot memory slot,
        address signer,
        uint40 signedAt,
        uint40 deadline
    ) public single(slot.patient) {
        _assume(caller != signer);
        assert(!_revoke(caller, slot, _direct(signer, signedAt, deadline)));
    }

    function check_supersededRevocationIsRefused(
        address caller,
        Slot memory slot,
        Authorization memory authorization
    ) public single(slot.patient) {
        _assume(authorization.signedAt != 0);
        _assume(authorization.signedAt < _read(slot).asOf);
        assert(!_revoke(caller, slot, authorization));
    }

    function check_revocationOfLaterSecondIsRefused(
        address caller,
        Slot memory slot,
        Authorization memory authorization
    ) public single(slot.patient) {
        _assume(authorization.signedAt > _now);
        assert(!_revoke(caller, slot, authorization));
    }

    /// Only a direct call may leave out the times: a signature without them would be good for ever.
    function check_signedRevocationNeedsTimes(
        address caller,
        Slot memory slot,
        address signer
    ) public single(slot.patient) {
        _assume(_now > _LIFETIME);
        assert(!_revoke(caller, slot, _signed(signer, 0, 0)));
    }

    /// A grant and a revocation of one second: the revocation holds, whichever lands first.
    function check_revocationOfTheSameSecondHolds(
        address caller,
        IConsentTerms.Terms memory terms,
        uint40 signedAt,
        bool isGrantFirst
    ) public single(terms.patient) {
        Authorization memory authorization = _direct(caller, signedAt, _now);
        if (isGrantFirst) {
            _assume(_grant(caller, terms, authorization));
            assert(_revoke(caller, _slotOf(terms), authorization));
        } else {
            _assume(_revoke(caller, _slotOf(terms), authorization));
            assert(!_grant(caller, terms, authorization));
        }
        assert(Actions.unwrap(_read(_slotOf(terms)).actions) == 0);
    }

    function check_withheldGrantDiesWithTheRevocation(
        address caller,
        address relayer,
        IConsentTerms.Terms memory terms,
        Authorization memory withheld
    ) public single(terms.patient) {
        _assume(_revoke(caller, _slotOf(terms), _byCalling(caller)));
        _assume(withheld.signedAt <= _now);
        assert(!_grant(relayer, terms, withheld));
    }

    function check_revokeRaisesSerialAndWatermark(
        address caller,
        Slot memory slot,
        uint40 signedAt
    ) public single(slot.patient) {
        IConsentGrants.Consent memory before = _read(slot);
        _assume(before.serial < type(uint32).max && signedAt != 0);
        _assume(Actions.unwrap(before.actions) != 0);
        _assume(_revoke(caller, slot, _direct(caller, signedAt, _now)));
        IConsentGrants.Consent memory later = _read(slot);
        assert(later.serial == before.serial + 1);
        assert(later.asOf == signedAt && signedAt >= before.asOf);
    }

    function check_revokeKeepsWhatWasGranted(address caller, Slot memory slot) public single(slot.patient) {
        IConsentGrants.Consent memory before = _read(slot);
        _assume(_revoke(caller, slot, _byCalling(caller)));
        IConsentGrants.Consent memory later = _read(slot);
        assert(Labels.unwrap(later.labels) == Labels.unwrap(before.labels));
        assert(later.notBefore == before.notBefore && later.notAfter == before.notAfter);
        assert(later.generation == before.generation);
    }

    function check_repeatedRevocationChangesNothing(
        address caller,
        Slot memory slot,
        uint40 signedAt
    ) public single(slot.patient) {
        _assume(_read(slot).asOf == signedAt && Actions.unwrap(_read(slot).actions) == 0);
        bytes32 before = _hash(_read(slot));
        _assume(_revoke(caller, slot, _direct(caller, signedAt, _now)));
        assert(_hash(_read(slot)) == before);
    }

    function check_revokeTouchesNoOtherSlot(
        address caller,
        Slot memory slot,
        Slot memory other
    ) public single(slot.patient) {
        _assume(
            !_same(slot.patient, other.patient) ||
                !_same(slot.grantee, other.grantee) ||
                Purpose.unwrap(slot.purpose) != Purpose.unwrap(other.purpose)
        );
        bytes32 before = _hash(_read(other));
        _assume(_revoke(caller, slot, _byCalling(caller)));
        assert(_hash(_read(other)) == before);
    }

    function check_revokeAllEndsEverything(
        address caller,
        Slot memory slot,
        ProviderId actor,
        ProviderId organisation,
        Labels labels,
        Actions action
    ) public single(slot.patient) {
        _assume(_same(_granteeOf(actor, organisation), slot.grantee));
        IPatientRegistry.Head memory head = _patients.headOf(slot.patient);
        _assume(head.generation < type(uint32).max && _read(slot).generation <= head.generation);
        _VM.prank(caller);
        _patients.revokeAll(slot.patient, _byCalling(caller));
        (bool isPermitted, ) = _consents.isPermitted(
            slot.patient,
            actor,
            _viaOrganisation(organisation),
            slot.purpose,
            labels,
            SeriesId.wrap(0),
            action
        );
        assert(!isPermitted);
    }

    function check_withheldGrantDiesWithRevokeAll(
        address caller,
        address relayer,
        IConsentTerms.Terms memory terms,
        Authorization memory withheld
    ) public single(terms.patient) {
        _VM.prank(caller);
        _patients.revokeAll(terms.patient, _byCalling(caller));
        _assume(withheld.signedAt <= _now);
        assert(!_grant(relayer, terms, withheld));
    }
}
