// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId, SessionId} from "../common/Identifiers.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {PatientAuthority} from "../identity/PatientAuthority.sol";
import {Power} from "../identity/Power.sol";
import {IAccessDisputes} from "./IAccessDisputes.sol";

/// @title What a patient says about an access that took place
/// @dev The part of AccessGate that holds disputes.
abstract contract AccessDisputes is IAccessDisputes, PatientAuthority {
    bytes32 private constant _DISPUTE_TYPEHASH = keccak256(
        "AccessDispute(string action,bytes32 session,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    /// @dev One slot: | 48 .. 255 unused | disputed 8 | asOf 40 |
    struct Dispute {
        uint40 asOf;
        bool isDisputed;
    }

    mapping(PatientId patient => mapping(SessionId sessionId => Dispute)) private _disputes;

    /// @inheritdoc IAccessDisputes
    function disputeAccess(PatientId patient, SessionId sessionId, Authorization calldata authorization) external {
        uint40 signedAt = _restrictiveTime(authorization);
        if (SessionId.unwrap(sessionId) == 0) revert AccessDisputeSessionMissing();
        IPatientRegistry.Head memory head = _headDecidedBy(patient, authorization.signer, signedAt, Power.Narrow);
        Dispute memory current = _disputes[patient][sessionId];
        if (signedAt < current.asOf) revert AccessDisputeSuperseded(patient, sessionId, signedAt, current.asOf);

        if (signedAt != current.asOf || !current.isDisputed) {
            _disputes[patient][sessionId] = Dispute(signedAt, true);
            emit AccessDisputed(patient, sessionId, signedAt, authorization.signer);
        }

        bytes32 structHash = _disputeHash(
            keccak256("dispute an access to my record"),
            patient,
            sessionId,
            signedAt,
            authorization.deadline
        );
        _requireDecisionOf(patient, head, Power.Narrow, authorization, structHash);
    }

    /// @inheritdoc IAccessDisputes
    function withdrawAccessDispute(
        PatientId patient,
        SessionId sessionId,
        Authorization calldata authorization
    ) external {
        uint40 signedAt = _permissiveTime(authorization);
        if (SessionId.unwrap(sessionId) == 0) revert AccessDisputeSessionMissing();
        IPatientRegistry.Head memory head = _headDecidedBy(patient, authorization.signer, signedAt, Power.Decide);
        uint40 asOf = _disputes[patient][sessionId].asOf;
        if (head.signedFloor > asOf) asOf = head.signedFloor;
        if (signedAt <= asOf) revert AccessDisputeSuperseded(patient, sessionId, signedAt, asOf);

        _disputes[patient][sessionId] = Dispute(signedAt, false);
        emit AccessDisputeWithdrawn(patient, sessionId, signedAt, authorization.signer);

        bytes32 structHash = _disputeHash(
            keccak256("withdraw the dispute of an access"),
            patient,
            sessionId,
            signedAt,
            authorization.deadline
        );
        _requireDecisionOf(patient, head, Power.Decide, authorization, structHash);
    }

    /// @inheritdoc IAccessDisputes
    function accessDisputeOf(
        PatientId patient,
        SessionId sessionId
    ) external view returns (bool isDisputed, uint40 asOf) {
        Dispute memory current = _disputes[patient][sessionId];
        return (current.isDisputed, current.asOf);
    }

    function _disputeHash(
        bytes32 action,
        PatientId patient,
        SessionId sessionId,
        uint40 signedAt,
        uint40 deadline
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(_DISPUTE_TYPEHASH, action, sessionId, patient, signedAt, deadline));
    }
}
