// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId, ProviderId, Purpose} from "../common/Identifiers.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {Power} from "../identity/Power.sol";
import {ConsentBase} from "./ConsentBase.sol";
import {Decision} from "./ConsentBook.sol";
import {IConsentShares} from "./IConsentShares.sol";
import {ShareDecisions} from "./ShareDecisions.sol";

/// @title Consents passed on
/// @dev The part of ConsentRegistry that takes these decisions; ShareDecisions carries them out.
abstract contract ConsentShares is IConsentShares, ConsentBase {
    /// @inheritdoc IConsentShares
    function share(
        Terms memory terms,
        ProviderId[] memory chain,
        uint32 parentSerial,
        Authorization calldata authorization
    ) external {
        uint40 signedAt = _permissiveTime(authorization);
        _requireTerms(terms);
        Decision memory decision = _decisionOf(signedAt, _registeredHead(terms.patient), authorization);
        bytes32 hash = ShareDecisions.share(_book, providerRegistry, terms, chain, parentSerial, decision);
        _requireDecision(authorization, hash);
    }

    /// @inheritdoc IConsentShares
    function unshare(
        PatientId patient,
        ProviderId[] memory chain,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external {
        uint40 signedAt = _restrictiveTime(authorization);
        Decision memory decision = _decisionOf(signedAt, _registeredHead(patient), authorization);
        bytes32 hash = ShareDecisions.unshare(_book, providerRegistry, patient, chain, grantee, purpose, decision);
        _requireDecision(authorization, hash);
    }

    /// @inheritdoc IConsentShares
    function cut(
        PatientId patient,
        ProviderId[] memory chain,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external {
        _cut(_restrictiveTime(authorization), Power.Revoke, patient, chain, grantee, purpose, authorization);
    }

    /// @inheritdoc IConsentShares
    function uncut(
        PatientId patient,
        ProviderId[] memory chain,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external {
        _cut(_permissiveTime(authorization), Power.Decide, patient, chain, grantee, purpose, authorization);
    }

    /// @inheritdoc IConsentShares
    function shareOf(
        PatientId patient,
        ProviderId[] memory chain,
        ProviderId grantee,
        Purpose purpose
    ) external view returns (Share memory) {
        return ShareDecisions.shareOf(_book, patient, chain, grantee, purpose);
    }

    /// @dev Whoever may revoke may cut.
    function _cut(
        uint40 signedAt,
        Power power,
        PatientId patient,
        ProviderId[] memory chain,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) private {
        (IPatientRegistry.Head memory head, Decision memory decision) = _decidedBy(
            patient,
            signedAt,
            power,
            authorization
        );
        bool isCut = power == Power.Revoke;
        bytes32 hash = ShareDecisions.cut(_book, providerRegistry, isCut, patient, chain, grantee, purpose, decision);
        _settle(patient, head, power, authorization, hash);
    }
}
