// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDelegateAccess} from "../../contracts/access/IDelegateAccess.sol";
import {Authorization} from "../../contracts/common/Authorization.sol";
import {Labels, PatientId, ProviderId, SeriesId} from "../../contracts/common/Identifiers.sol";
import {IConsentTerms} from "../../contracts/consent/IConsentTerms.sol";
import {IPatientDelegates} from "../../contracts/identity/IPatientDelegates.sol";
import {DelegateKind} from "../../contracts/identity/Power.sol";
import {ConsentVerbs} from "../consent/ConsentVerbs.sol";

/// @title What delegates may decide and read, and until when
contract DelegateProofs is ConsentVerbs {
    uint64 private constant _ADOLESCENT = 1 << 58;

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

    function check_proxyNeverOptsIn(Acting memory acting) public single(acting.patient) {
        _assumeDelegate(acting, DelegateKind.Proxy);
        _VM.prank(acting.delegate);
        try _patients.optInToEmergency(acting.patient, _decisionOf(acting)) {
            assert(false);
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function check_proxyNeverRotatesTheOwnerKey(Acting memory acting, bytes32 key) public single(acting.patient) {
        _assumeDelegate(acting, DelegateKind.Proxy);
        _VM.prank(acting.delegate);
        try _patients.announceOwnerKey(acting.patient, key, _decisionOf(acting)) {
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

    function check_executorNeverExcludes(Acting memory acting, ProviderId provider) public single(acting.patient) {
        _assumeDelegate(acting, DelegateKind.Executor);
        _VM.prank(acting.delegate);
        try _consents.exclude(acting.patient, provider, _decisionOf(acting)) {
            assert(false);
        } catch {} // solhint-disable-line no-empty-blocks
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

    function check_decisionBeforeTheAppointmentIsRefused(
        Acting memory acting,
        IConsentTerms.Terms memory terms,
        Slot memory slot,
        bool isGrant
    ) public single(acting.patient) {
        _assume(_controllerOf(acting.patient) != acting.delegate);
        _assume(acting.signedAt != 0 && acting.signedAt <= _patients.delegateOf(acting.patient, acting.delegate).from);
        (terms.patient, slot.patient) = (acting.patient, acting.patient);
        if (isGrant) assert(!_grant(acting.delegate, terms, _decisionOf(acting)));
        else assert(!_revoke(acting.delegate, slot, _decisionOf(acting)));
    }

    /// The counter-case: what a proxy may.
    function check_proxyRevokes(Acting memory acting, Slot memory slot) public single(acting.patient) {
        _assumeDelegate(acting, DelegateKind.Proxy);
        IPatientDelegates.Delegate memory delegate = _patients.delegateOf(acting.patient, acting.delegate);
        _assume(_isRegistered(acting.patient) && _now > delegate.from && _now < delegate.until);
        slot.patient = acting.patient;
        _assume(_isGrantable(slot.purpose) && _read(slot).asOf <= _now);
        assert(_revoke(acting.delegate, slot, _byCalling(acting.delegate)));
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

    function check_nobodyAppointsAGuardian(
        address caller,
        Acting memory acting,
        uint40 until
    ) public settled(acting.patient) {
        assert(!_appoint(caller, acting, DelegateKind.Guardian, until));
    }

    function check_appointmentBeginsNow(
        address caller,
        Acting memory acting,
        DelegateKind kind,
        uint40 until
    ) public settled(acting.patient) {
        _assume(_appoint(caller, acting, kind, until));
        IPatientDelegates.Delegate memory delegate = _patients.delegateOf(acting.patient, acting.delegate);
        assert(delegate.kind == kind && delegate.from == _now && delegate.until == until && until > _now);
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

    function check_guardianNeverReadsWhatIsPrivate(
        Acting memory acting,
        Labels labels,
        SeriesId series,
        bytes32 sessionKeyHash,
        uint40 expiresAt
    ) public settled(acting.patient) {
        _assumeDelegate(acting, DelegateKind.Guardian);
        _assume(Labels.unwrap(labels) & _ADOLESCENT != 0);
        assert(
            !_openSession(
                acting.delegate,
                IDelegateAccess.DelegateSessionRequest(acting.patient, labels, series, sessionKeyHash, expiresAt)
            )
        );
    }

    function check_delegateSessionNeedsAnAppointment(
        address caller,
        IDelegateAccess.DelegateSessionRequest memory request
    ) public settled(request.patient) {
        _assume(_openSession(caller, request));
        IPatientDelegates.Delegate memory delegate = _patients.delegateOf(request.patient, caller);
        assert(delegate.kind != DelegateKind.None && _now > delegate.from && _now < delegate.until);
        assert(delegate.kind != DelegateKind.Executor || _patients.deathOf(request.patient) + _WINDOW < _now);
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

    function check_onlyTheOfficerAttestsMajority(
        address caller,
        PatientId patient,
        address wallet
    ) public settled(patient) {
        _assume(caller != _RECOVERY_KEY);
        _VM.prank(caller);
        try _patients.attestMajority(patient, wallet) {
            assert(false);
        } catch {} // solhint-disable-line no-empty-blocks
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

    function _openSession(
        address caller,
        IDelegateAccess.DelegateSessionRequest memory request
    ) private returns (bool isOpened) {
        _VM.prank(caller);
        try _gate.openDelegateSession(request) {
            isOpened = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }
}
