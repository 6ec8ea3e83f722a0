// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {Denial} from "../../contracts/common/Denial.sol";
import {Purpose} from "../../contracts/common/Identifiers.sol";
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
}
