// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {Actions, Labels, ProviderId, SeriesId} from "../../contracts/common/Identifiers.sol";
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

    function check_supersededRevocationIsRefused(
        address caller,
        Slot memory slot,
        Authorization memory authorization
    ) public single(slot.patient) {
        _assume(authorization.signedAt != 0);
        _assume(authorization.signedAt < _read(slot).asOf);
        assert(!_revoke(caller, slot, authorization));
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
