// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {PatientId} from "../../contracts/common/Identifiers.sol";
import {IConsentTerms} from "../../contracts/consent/IConsentTerms.sol";
import {ConsentVerbs} from "../consent/ConsentVerbs.sol";

/// @title What guardians decide, together where they must, until the minor is of age
/// @dev In a registry that knows no patient before: Halmos follows lists of a known length only. All else is in any state.
contract GuardianProofs is ConsentVerbs {
    /// @dev A whole minute.
    uint40 private constant _MAJORITY = 1_999_999_980;

    struct Family {
        address first;
        address second;
        bytes32 salt;
        bytes32 ownerKeyHash;
        bool together;
        uint40 later;
    }

    function check_guardiansWidenTogether(
        Family memory family,
        IConsentTerms.Terms memory terms,
        bool isSecond
    ) public {
        family.together = true;
        terms.patient = _open(family);
        address guardian = isSecond ? family.second : family.first;
        assert(!_grant(guardian, terms, _decisionOf(family, guardian, "")));
    }

    function check_anyGuardianRevokes(Family memory family, Slot memory slot, bool isSecond) public {
        slot.patient = _open(family);
        _assume(family.later < _MAJORITY && _isGrantable(slot.purpose) && _read(slot).asOf <= family.later);
        address guardian = isSecond ? family.second : family.first;
        assert(_revoke(guardian, slot, _byCalling(guardian)));
    }

    function check_guardiansEndAtMajority(
        Family memory family,
        IConsentTerms.Terms memory terms,
        Slot memory slot,
        bool isGrant
    ) public {
        (terms.patient, slot.patient) = (_open(family), _patients.patientIdOf(family.first, family.salt));
        _assume(family.later >= _MAJORITY);
        if (isGrant) assert(!_grant(family.first, terms, _decisionOf(family, family.first, "")));
        else assert(!_revoke(family.second, slot, _byCalling(family.second)));
    }

    function _letPatientsBe() internal override {} // solhint-disable-line no-empty-blocks

    /// @dev The record of a minor with two guardians, some time after it was opened.
    function _open(Family memory family) private returns (PatientId patient) {
        patient = _patients.patientIdOf(family.first, family.salt);
        _assume(_register(family.first, family) && family.later > _now);
        _VM.warp(family.later);
    }

    function _register(address caller, Family memory family) private returns (bool landed) {
        address[] memory guardians = new address[](2);
        (guardians[0], guardians[1]) = (family.first, family.second);
        _VM.prank(caller);
        try
            _patients.registerMinor(
                family.salt,
                family.ownerKeyHash,
                _MAJORITY,
                guardians,
                family.together,
                _direct(family.first, _now, _now)
            )
        {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _decisionOf(
        Family memory family,
        address guardian,
        bytes memory signature
    ) private pure returns (Authorization memory) {
        return Authorization(guardian, family.later, family.later, signature);
    }
}
