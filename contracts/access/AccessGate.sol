// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Authorized} from "../common/Authorized.sol";
import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId, SessionId} from "../common/Identifiers.sol";
import {ISignatureValidator} from "../common/ISignatureValidator.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IConsentRegistry, Via} from "../consent/IConsentRegistry.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {PatientAuthority} from "../identity/PatientAuthority.sol";
import {IRecordRegistry} from "../records/IRecordRegistry.sol";
import {AccessDisputes} from "./AccessDisputes.sol";
import {AccessExplanations} from "./AccessExplanations.sol";
import {DelegateAccess} from "./DelegateAccess.sol";
import {EmergencyAccess} from "./EmergencyAccess.sol";
import {IAccessGate} from "./IAccessGate.sol";
import {SessionDecision} from "./SessionDecision.sol";
import {SessionGate} from "./SessionGate.sol";

/// @title The gate: opens sessions, or says why not
/// @notice Documented at IAccessGate. Here is what consent opens; delegates and emergencies are inherited.
contract AccessGate is DelegateAccess, EmergencyAccess, AccessDisputes {
    using Vocabulary for Purpose;

    AccessExplanations private immutable _explanations;

    /// @notice The registries that the gate reads.
    struct Registries {
        IPatientRegistry patients;
        IProviderRegistry providers;
        IConsentRegistry consents;
        IRecordRegistry records;
    }

    /// @notice As in `SessionGate` and `EmergencyAccess`.
    struct Limits {
        uint40 sessionLifetime;
        uint40 emergencyLifetime;
        uint32 denialsPerDay;
    }

    /// @param authority The AccessManager that says who is a privacy officer.
    /// @param lifetime As in `Authorized`.
    /// @param validator As in `Authorized`.
    constructor(
        address authority,
        Registries memory registries,
        Limits memory limits,
        uint40 lifetime,
        ISignatureValidator validator
    )
        SessionDecision(registries.providers, registries.consents)
        SessionGate(limits.sessionLifetime, limits.denialsPerDay)
        EmergencyAccess(limits.emergencyLifetime)
        AccessManaged(authority)
        PatientAuthority(registries.patients)
        Authorized(lifetime, validator)
    {
        _explanations = new AccessExplanations(registries.providers, registries.consents, registries.records);
    }

    /// @inheritdoc IAccessGate
    function openSession(SessionRequest calldata request) external returns (SessionId sessionId) {
        ProviderId caller = _requireProvider();
        (PatientId patient, ProviderId actor, Via calldata via) = (request.patient, request.actor, request.via);
        (Purpose purpose, Labels labels, SeriesId series) = (request.purpose, request.labels, request.series);
        (bytes32 sessionKeyHash, uint40 expiresAt) = (request.sessionKeyHash, request.expiresAt);
        _requireLabels(labels);
        // An emergency has a verb of its own, with a second clinician.
        if (!purpose.isGrantable()) revert SessionPurposeInvalid(purpose);
        _requireKeyAndPeriod(sessionKeyHash, expiresAt);

        bool isStated = ProviderId.unwrap(caller) != ProviderId.unwrap(actor);
        if (isStated && ProviderId.unwrap(caller) != ProviderId.unwrap(via.organisation)) {
            _denyRequest(request, caller, caller, Denial.CallerNotActor);
            return SessionId.wrap(0);
        }
        (Denial denial, bytes32 grantTag) = _decide(patient, actor, via, purpose, labels, series);
        if (denial != Denial.None) {
            // What an organisation states of somebody who is not of it must not stand under that other's name.
            bool isActorProven = !isStated || denial > Denial.NotAffiliated;
            _denyRequest(request, caller, isActorProven ? actor : caller, denial);
            return SessionId.wrap(0);
        }
        sessionId = sessionIdOf(patient, actor, sessionKeyHash, expiresAt);
        emit SessionOpened(
            sessionId,
            patient,
            actor,
            via,
            purpose,
            labels,
            series,
            sessionKeyHash,
            expiresAt,
            isStated,
            grantTag
        );
    }

    /// @inheritdoc IAccessGate
    function explain(
        PatientId,
        ProviderId,
        Via calldata,
        Purpose,
        Labels,
        SeriesId,
        Actions
    ) external view returns (Explanation memory) {
        address explanations = address(_explanations);
        // The same question, and its answer, as they are: to decode and encode them here would not fit.
        assembly {
            calldatacopy(0, 0, calldatasize())
            let isAnswered := staticcall(gas(), explanations, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(isAnswered) {
                revert(0, returndatasize())
            }
            return(0, returndatasize())
        }
    }

    function _denyRequest(SessionRequest calldata request, ProviderId caller, ProviderId actor, Denial denial) private {
        _deny(
            caller,
            actor,
            denial,
            request.patient,
            request.via.organisation,
            request.purpose,
            request.labels,
            request.series
        );
    }
}
