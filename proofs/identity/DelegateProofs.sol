// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDelegateAccess} from "../../contracts/access/IDelegateAccess.sol";
import {Authorization} from "../../contracts/common/Authorization.sol";
import {PatientId, SeriesId} from "../../contracts/common/Identifiers.sol";
import {IConsentTerms} from "../../contracts/consent/IConsentTerms.sol";
import {IPatientDelegates} from "../../contracts/identity/IPatientDelegates.sol";
import {DelegateKind} from "../../contracts/identity/Power.sol";
import {ConsentVerbs} from "../consent/ConsentVerbs.sol";

/// @title What delegates may decide and read, and until when
contract DelegateProofs is ConsentVerbs {
    struct Acting {
        address delegate;
        PatientId patient;
        uint40 signedAt;
    }

    function check_proxyNeverErases(Acting memory acting, SeriesId series) public single(acting.patient) {
        _assumeDelegate(acting, DelegateKind.Proxy);
        _VM.prank(acting.delegate);
        try _records.requestErasure(acting.patient, series, _decisionOf(acting)) {
            assert(false);
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function check_executorNeverGrants(
        Acting memory acting,
        IConsentTerms.Terms memory terms
    ) public single(acting.patient) {
        _assumeDelegate(acting, DelegateKind.Executor);
        terms.patient = acting.patient;
        assert(!_grant(acting.delegate, terms, _decisionOf(acting)));
    }

    function check_executorWaitsForDeath(Acting memory acting, Slot memory slot) public single(acting.patient) {
        _assumeDelegate(acting, DelegateKind.Executor);
        slot.patient = acting.patient;
        _assume(_revoke(acting.delegate, slot, _decisionOf(acting)));
        uint40 diedAt = _patients.deathOf(acting.patient);
        assert(_patients.headOf(acting.patient).flags & _DECEASED != 0);
        assert(acting.signedAt > uint256(diedAt) + _WINDOW);
    }

    function check_appointmentEndsWithItsDate(
        Acting memory acting,
        IConsentTerms.Terms memory terms,
        Slot memory slot,
        bool isGrant
    ) public single(acting.patient) {
        _assume(_controllerOf(acting.patient) != acting.delegate);
        _assume(_now >= _patients.delegateOf(acting.patient, acting.delegate).until);
        (terms.patient, slot.patient) = (acting.patient, acting.patient);
        if (isGrant) assert(!_grant(acting.delegate, terms, _decisionOf(acting)));
        else assert(!_revoke(acting.delegate, slot, _decisionOf(acting)));
    }

    function check_onlyTheControllerAppoints(
        address caller,
        Acting memory acting,
        DelegateKind kind,
        uint40 until
    ) public settled(acting.patient) {
        _assume(_controllerOf(acting.patient) != caller);
        assert(!_appoint(caller, acting, kind, until));
    }

    function check_dismissedDecidesNothing(address caller, Acting memory acting) public settled(acting.patient) {
        _VM.prank(caller);
        _patients.dismissDelegate(acting.patient, acting.delegate, _byCalling(caller));
        _assume(_controllerOf(acting.patient) != acting.delegate);
        (, bool mayDecide, bool mayRevoke, bool mayAdminister) = _patients.powerOf(
            acting.patient,
            acting.delegate,
            acting.signedAt
        );
        assert(!mayDecide && !mayRevoke && !mayAdminister);
    }

    function check_claimWaitsForMajority(
        address caller,
        PatientId patient,
        bytes32 ownerKeyHash
    ) public settled(patient) {
        (uint40 majorityAt, ) = _patients.majorityOf(patient);
        _assume(_now < majorityAt);
        assert(!_claim(caller, patient, ownerKeyHash));
    }

    function check_claimNeedsTheAttestedWallet(
        address caller,
        PatientId patient,
        bytes32 ownerKeyHash
    ) public settled(patient) {
        (, address wallet) = _patients.majorityOf(patient);
        _assume(caller != wallet);
        assert(!_claim(caller, patient, ownerKeyHash));
    }

    function _assumeDelegate(Acting memory acting, DelegateKind kind) private view {
        _assume(_controllerOf(acting.patient) != acting.delegate);
        _assume(_patients.delegateOf(acting.patient, acting.delegate).kind == kind);
    }

    function _decisionOf(Acting memory acting) private view returns (Authorization memory) {
        return _direct(acting.delegate, acting.signedAt, _now);
    }

    function _appoint(
        address caller,
        Acting memory acting,
        DelegateKind kind,
        uint40 until
    ) private returns (bool landed) {
        _VM.prank(caller);
        try
            _patients.appointDelegate(
                acting.patient,
                acting.delegate,
                kind,
                until,
                _direct(caller, acting.signedAt, _now)
            )
        {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _claim(address caller, PatientId patient, bytes32 ownerKeyHash) private returns (bool landed) {
        _VM.prank(caller);
        try _patients.claimAtMajority(patient, ownerKeyHash, _direct(caller, _now, _now)) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }
}
