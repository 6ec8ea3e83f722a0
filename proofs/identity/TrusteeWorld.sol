// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {PatientId} from "../../contracts/common/Identifiers.sol";
import {IPatientRecovery} from "../../contracts/identity/IPatientRecovery.sol";
import {World} from "../World.sol";

/// @title Patients with two trustees, in any state otherwise
/// @dev Halmos follows lists of a known length only. Where the words of PatientBook lie is what the compiler's layout says of them; were
/// it not so, no approval of a proof would land.
abstract contract TrusteeWorld is World {
    uint256 private constant _CONTROLLERS = 4;
    uint256 private constant _OWNER_KEYS = 5;
    uint256 private constant _RECOVERIES = 6;
    uint256 private constant _SETS = 12;
    uint256 private constant _MEMBERS = 13;
    uint256 private constant _APPROVALS = 14;
    uint256 internal constant _VERSION = 1;

    /// @dev The set in force is the first and has two members, and no change of wallet, key or trustees is announced. Written down and
    /// not only assumed, so that Halmos knows where it reads; the number of the set is but a name.
    modifier trusted(PatientId patient) {
        _clear(keccak256(abi.encode(patient, _CONTROLLERS)), uint256(type(uint40).max) << 160);
        _clear(bytes32(uint256(keccak256(abi.encode(patient, _OWNER_KEYS))) + 1), type(uint40).max);
        bytes32 sets = keccak256(abi.encode(patient, _SETS));
        _clear(sets, (uint256(type(uint40).max) << 144) | type(uint32).max);
        _VM.store(address(_patients), sets, _VM.load(address(_patients), sets) | bytes32(_VERSION));
        _VM.store(address(_patients), _membersSlot(patient), bytes32(uint256(2)));
        _;
    }

    /// @dev A recovery may be under way; no change of wallet is announced, and no freeze ran out by itself.
    modifier undisturbed(PatientId patient) {
        (uint40 wallet, ) = _storedController(patient);
        _assume(wallet | _frozenUntil(patient) == 0);
        _;
    }

    function _approve(
        address trustee,
        PatientId patient,
        IPatientRecovery.Proposal memory proposal
    ) internal returns (bool landed) {
        return _approve(trustee, patient, proposal, _direct(trustee, _now, _now));
    }

    function _approve(
        address caller,
        PatientId patient,
        IPatientRecovery.Proposal memory proposal,
        Authorization memory authorization
    ) internal returns (bool landed) {
        _fixApprovers(patient, proposal);
        _VM.prank(caller);
        try _patients.approve(patient, proposal, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _thresholdOf(PatientId patient) internal view returns (uint8) {
        return uint8(_sets(patient) >> 128);
    }

    function _roundOf(PatientId patient) internal view returns (uint32) {
        return uint32(_sets(patient) >> 96);
    }

    function _isTrustee(PatientId patient, address person) internal view returns (bool) {
        uint256 first = uint256(keccak256(abi.encode(_membersSlot(patient))));
        return _addressAt(first) == person || _addressAt(first + 1) == person;
    }

    function _approvers(PatientId patient, IPatientRecovery.Proposal memory proposal) internal view returns (uint16) {
        return uint16(uint256(_VM.load(address(_patients), _approvalsSlot(patient, proposal))));
    }

    /// @dev State, and when it takes effect or lapses, whatever the clock says.
    function _storedRecovery(PatientId patient) internal view returns (uint8 state, uint40 effectiveAt) {
        uint256 word = _storedRecoveryWord(patient);
        return (uint8(word), uint40(word >> 168));
    }

    function _storedRecoveryWord(PatientId patient) internal view returns (uint256) {
        return uint256(_VM.load(address(_patients), keccak256(abi.encode(patient, _RECOVERIES))));
    }

    function _storedController(PatientId patient) internal view returns (uint40 effectiveAt, address next) {
        uint256 word = uint256(_VM.load(address(_patients), keccak256(abi.encode(patient, _CONTROLLERS))));
        return (uint40(word >> 160), address(uint160(word)));
    }

    /// @dev None, the first or the second member approved so far; each case apart, so that their bits can be counted.
    function _fixApprovers(PatientId patient, IPatientRecovery.Proposal memory proposal) private {
        bytes32 slot = _approvalsSlot(patient, proposal);
        uint256 word = uint256(_VM.load(address(_patients), slot));
        _assume(uint16(word) < 3);
        uint256 approvers =
            uint16(word) == 0
                ? 0
                : uint16(word) == 1
                    ? 1
                    : 2;
        _VM.store(address(_patients), slot, bytes32(((word >> 16) << 16) | approvers));
    }

    function _approvalsSlot(
        PatientId patient,
        IPatientRecovery.Proposal memory proposal
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(patient, proposal)), _APPROVALS));
    }

    function _sets(PatientId patient) private view returns (uint256) {
        return uint256(_VM.load(address(_patients), keccak256(abi.encode(patient, _SETS))));
    }

    function _clear(bytes32 slot, uint256 mask) private {
        _VM.store(address(_patients), slot, _VM.load(address(_patients), slot) & ~bytes32(mask));
    }

    function _addressAt(uint256 slot) private view returns (address) {
        return address(uint160(uint256(_VM.load(address(_patients), bytes32(slot)))));
    }

    function _membersSlot(PatientId patient) private pure returns (bytes32) {
        return keccak256(abi.encode(_VERSION, keccak256(abi.encode(patient, _MEMBERS))));
    }
}
