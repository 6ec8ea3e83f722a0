// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose} from "../../contracts/common/Identifiers.sol";
import {IConsentGrants} from "../../contracts/consent/IConsentGrants.sol";
import {IConsentTerms} from "../../contracts/consent/IConsentTerms.sol";
import {World} from "../World.sol";

/// @dev What proofs about grants and revocations share.
abstract contract ConsentVerbs is World {
    uint64 internal constant _KNOWN_LABELS = 0xffff_00ff_ffff_ffff;
    uint8 internal constant _KNOWN_ACTIONS = 7;
    uint8 internal constant _EMERGENCY = 2;

    struct Slot {
        PatientId patient;
        ProviderId grantee;
        Purpose purpose;
    }

    function _grant(
        address caller,
        IConsentTerms.Terms memory terms,
        Authorization memory authorization
    ) internal returns (bool landed) {
        _assumeWallet(authorization);
        _VM.prank(caller);
        try _consents.grant(terms, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _revoke(
        address caller,
        Slot memory slot,
        Authorization memory authorization
    ) internal returns (bool landed) {
        _assumeWallet(authorization);
        _VM.prank(caller);
        try _consents.revoke(slot.patient, slot.grantee, slot.purpose, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    /// @dev What the signer of a decision of `signedAt` may do; a restrictive one by call may leave the time out.
    function _mayDecide(PatientId patient, Authorization memory authorization) internal view returns (bool mayDecide) {
        (, mayDecide, , ) = _patients.powerOf(patient, authorization.signer, authorization.signedAt);
    }

    function _mayRevoke(PatientId patient, Authorization memory authorization) internal view returns (bool mayRevoke) {
        uint40 signedAt = authorization.signedAt == 0 ? _now : authorization.signedAt;
        (, , mayRevoke, ) = _patients.powerOf(patient, authorization.signer, signedAt);
    }

    function _read(Slot memory slot) internal view returns (IConsentGrants.Consent memory) {
        return _consents.consentOf(slot.patient, slot.grantee, slot.purpose);
    }

    function _slotOf(IConsentTerms.Terms memory terms) internal pure returns (Slot memory) {
        return Slot(terms.patient, terms.grantee, terms.purpose);
    }

    function _hash(IConsentGrants.Consent memory consent) internal pure returns (bytes32) {
        return keccak256(abi.encode(consent));
    }

    /// @dev What is granted in proofs that come as far as its words.
    function _fixedTerms(
        PatientId patient,
        ProviderId grantee,
        bytes32 document
    ) internal pure returns (IConsentTerms.Terms memory) {
        return
            IConsentTerms.Terms({
                patient: patient,
                grantee: grantee,
                purpose: Purpose.wrap(1),
                labels: Labels.wrap(0x201),
                actions: Actions.wrap(3),
                notBefore: 1_800_000_000,
                notAfter: 1_835_481_540,
                document: document
            });
    }

    function _isGrantable(Purpose purpose) internal pure returns (bool) {
        uint8 id = Purpose.unwrap(purpose);
        return id != 0 && id <= 14 && id != _EMERGENCY;
    }

    function _areGrantable(IConsentTerms.Terms memory terms) internal view returns (bool) {
        (uint64 labels, uint8 actions) = (Labels.unwrap(terms.labels), Actions.unwrap(terms.actions));
        return
            labels != 0 &&
            labels & ~_KNOWN_LABELS == 0 &&
            actions != 0 &&
            actions <= _KNOWN_ACTIONS &&
            _isGrantable(terms.purpose) &&
            terms.notBefore != 0 &&
            terms.notBefore < terms.notAfter &&
            terms.notBefore % 60 == 0 &&
            terms.notAfter % 60 == 0 &&
            terms.notAfter <= uint256(_now) + _MAX_DURATION;
    }

    function _areTimely(Authorization memory authorization) internal view returns (bool) {
        return
            authorization.signedAt <= _now &&
            authorization.deadline >= _now &&
            authorization.deadline - authorization.signedAt <= _LIFETIME;
    }
}
