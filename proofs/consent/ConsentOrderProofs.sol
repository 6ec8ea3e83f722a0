// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId} from "../../contracts/common/Identifiers.sol";
import {IConsentGrants} from "../../contracts/consent/IConsentGrants.sol";
import {ConsentVerbs} from "./ConsentVerbs.sol";

/// @title What no verb of the registry may do to a consent, whoever calls it
contract ConsentOrderProofs is ConsentVerbs {
    /// Watermarks and serials never fall, whatever changed raised its serial, and nothing runs ahead of the clock or of the patient's head,
    /// so that the next `revokeAll` ends it: `check_revokeAllEndsEverything`. Serials wrap after 2^32 decisions about one slot, of which
    /// there are at most two a second.
    /// @custom:halmos --default-bytes-lengths 0
    function check_everyVerbKeepsTheOrder(address caller, Slot memory slot) public single(slot.patient) {
        IConsentGrants.Consent memory before = _read(slot);
        uint32 generation = _patients.headOf(slot.patient).generation;
        _assume(before.serial < type(uint32).max && before.asOf <= _now && before.generation <= generation);
        _anyVerb(caller);
        IConsentGrants.Consent memory later = _read(slot);
        assert(later.asOf >= before.asOf && later.asOf <= _now);
        assert(later.serial >= before.serial && later.generation <= generation);
        assert(later.serial != before.serial || _hash(later) == _hash(before));
    }

    /// @custom:halmos --default-bytes-lengths 0
    function check_onlyPowerChangesAConsent(address caller, Slot memory slot) public single(slot.patient) {
        (, , bool mayRevoke, ) = _patients.powerOf(slot.patient, caller, type(uint40).max);
        _assume(!mayRevoke);
        bytes32 before = _hash(_read(slot));
        _anyVerb(caller);
        assert(_hash(_read(slot)) == before);
    }

    /// @dev Of a patient in one of the states of `single`: the first argument of every verb names one, or begins with one.
    function _anyVerb(address caller) private {
        bytes memory data = _SVM.createCalldata("ConsentRegistry");
        _assumeSingle(_patientAt(data, bytes4(data) == IConsentGrants.grantMany.selector ? 100 : 4));
        _VM.prank(caller);
        (bool isDone, ) = address(_consents).call(data); // solhint-disable-line avoid-low-level-calls
        _assume(isDone);
    }

    function _patientAt(bytes memory data, uint256 place) private pure returns (PatientId patient) {
        // A batch may be empty.
        if (data.length < place + 32) return patient;
        assembly ("memory-safe") {
            patient := mload(add(add(data, 32), place))
        }
    }
}
