// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Labels, PatientId, ProviderId, SessionId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {PatientAuthority} from "../identity/PatientAuthority.sol";
import {DelegateKind} from "../identity/Power.sol";
import {IDelegateAccess} from "./IDelegateAccess.sol";
import {SessionGate} from "./SessionGate.sol";

/// @title How guardian, proxy and executor read
/// @dev The part of AccessGate that opens their sessions.
abstract contract DelegateAccess is SessionGate, PatientAuthority {
    /// @inheritdoc IDelegateAccess
    function openDelegateSession(DelegateSessionRequest calldata request) external returns (SessionId sessionId) {
        (PatientId patient, Labels labels) = (request.patient, request.labels);
        _requireLabels(labels);
        _requireKeyAndPeriod(request.sessionKeyHash, request.expiresAt);
        (Denial denial, DelegateKind kind, bytes32 tag) = decideDelegate(patient, msg.sender, labels);
        if (denial != Denial.None) revert DelegateSessionRefused(patient, msg.sender, denial);

        ProviderId actor = ProviderId.wrap(bytes32(uint256(uint160(msg.sender))));
        sessionId = sessionIdOf(patient, actor, request.sessionKeyHash, request.expiresAt);
        emit DelegateSessionOpened(
            sessionId,
            patient,
            msg.sender,
            kind,
            labels,
            request.series,
            request.sessionKeyHash,
            request.expiresAt,
            tag
        );
    }

    /// @inheritdoc IDelegateAccess
    function decideDelegate(
        PatientId patient,
        address delegate,
        Labels labels
    ) public view returns (Denial denial, DelegateKind kind, bytes32 appointmentTag) {
        if (!_isRegistered(_headOf(patient))) return (Denial.PatientUnknown, kind, 0);
        bool mayRead;
        (kind, , mayRead, ) = patientRegistry.powerOf(patient, delegate, uint40(block.timestamp));
        // The controller reads with the root and needs no session.
        if (kind == DelegateKind.None || !mayRead) return (Denial.DelegateMissing, DelegateKind.None, 0);
        uint64 bits = Labels.unwrap(labels);
        bool isPrivate = kind == DelegateKind.Guardian && bits & Vocabulary.ADOLESCENT != 0;
        if (bits == 0 || isPrivate) return (Denial.LabelsNotCovered, kind, 0);
        uint40 from = patientRegistry.delegateOf(patient, delegate).from;
        appointmentTag = keccak256(abi.encode(patient, delegate, kind, from));
    }
}
