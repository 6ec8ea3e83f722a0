// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId} from "../common/Identifiers.sol";
import {IPatientDelegates} from "./IPatientDelegates.sol";
import {IPatientRecovery} from "./IPatientRecovery.sol";
import {IPatientRegistry} from "./IPatientRegistry.sol";
import {JointDecision} from "./JointDecision.sol";
import {PatientFlags} from "./PatientFlags.sol";
import {Power} from "./Power.sol";

/// @title Who may decide for a patient
/// @dev The one place where other contracts ask it. Authority is judged now, never at the time of signing: a former controller's
/// signatures are worth nothing. A verb calls `_headDecidedBy` where it reads registries and ends with `_requireDecisionOf`.
abstract contract PatientAuthority is JointDecision {
    /// @notice The registry that says who controls a patient.
    IPatientRegistry public immutable patientRegistry;

    constructor(IPatientRegistry registry) {
        patientRegistry = registry;
    }

    /// @dev The patient's head, if `signer` holds `power`; reverts with IPatientRegistry's errors otherwise.
    /// @param signedAt As `_permissiveTime` or `_restrictiveTime` gave it: a delegate decides nothing dated before the appointment.
    function _headDecidedBy(
        PatientId patient,
        address signer,
        uint40 signedAt,
        Power power
    ) internal view returns (IPatientRegistry.Head memory head) {
        head = _headOf(patient);
        (bool mayDecide, bool mayRevoke, bool may) = _powersOf(patient, head, signer, signedAt);
        if (power == Power.Revoke) may = mayRevoke;
        else if (power == Power.Decide || power == Power.Narrow) may = mayDecide;
        if (!may) revert IPatientRegistry.PatientSignerNotController(patient, signer);
        if (head.flags & PatientFlags.FROZEN != 0 && power.widens()) revert IPatientRecovery.PatientFrozen(patient);
    }

    /// @dev Apart from the power that is asked for: of a function that knows it the compiler makes a copy for each.
    function _powersOf(
        PatientId patient,
        IPatientRegistry.Head memory head,
        address signer,
        uint40 signedAt
    ) private view returns (bool mayDecide, bool mayRevoke, bool mayAdminister) {
        if (head.controller == signer && signer != address(0)) return (true, true, true);
        if (!_isRegistered(head)) revert IPatientRegistry.PatientNotRegistered(patient);
        (, mayDecide, mayRevoke, mayAdminister) = patientRegistry.powerOf(patient, signer, signedAt);
    }

    /// @dev The last step of a verb of a patient: `_requireDecision`, or that of every guardian.
    function _requireDecisionOf(
        PatientId patient,
        IPatientRegistry.Head memory head,
        Power power,
        Authorization calldata authorization,
        bytes32 structHash
    ) internal {
        if (_isJoint(head.flags, power)) {
            _requireDecisionOfEach(patientRegistry.guardiansOf(patient), authorization, structHash);
        } else {
            _requireDecision(authorization, structHash);
        }
    }

    /// @dev The same for a direct call, whose words need no hashing: guardians who decide together always sign.
    function _requireCallerOf(
        PatientId patient,
        IPatientRegistry.Head memory head,
        Power power,
        Authorization calldata authorization
    ) internal view {
        if (_isJoint(head.flags, power)) revert IPatientDelegates.PatientGuardiansMissing(patient);
        _requireCaller(authorization);
    }

    /// @dev `patientRegistry.headOf`. Its answer needs no decoding: the words of a struct stand in memory as they are returned.
    function _headOf(PatientId patient) internal view returns (IPatientRegistry.Head memory head) {
        IPatientRegistry registry = patientRegistry;
        bytes4 selector = IPatientRegistry.headOf.selector;
        assembly ("memory-safe") {
            mstore(0, selector)
            mstore(4, patient)
            // The right one runs first.
            if iszero(and(gt(returndatasize(), 127), staticcall(gas(), registry, 0, 36, head, 128))) {
                revert(0, 0)
            }
        }
    }

    /// @dev A minor has no controller.
    function _isRegistered(IPatientRegistry.Head memory head) internal pure returns (bool) {
        return head.controller != address(0) || head.flags & PatientFlags.MINOR != 0;
    }
}
