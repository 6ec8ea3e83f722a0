// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {Power} from "../identity/Power.sol";
import {ConsentBase} from "./ConsentBase.sol";
import {ConsentBookLibrary, Decision} from "./ConsentBook.sol";
import {ProviderMatter} from "./ConsentWords.sol";
import {IConsentRequests} from "./IConsentRequests.sol";
import {RequestDecisions} from "./RequestDecisions.sol";
import {Switches} from "./Switches.sol";

/// @title Providers asking for consent
/// @dev The part of ConsentRegistry that takes requests; RequestDecisions carries them out.
abstract contract ConsentRequests is IConsentRequests, ConsentBase {
    /// @inheritdoc IConsentRequests
    function requestConsent(Terms memory terms, Authorization calldata authorization) external {
        uint40 signedAt = _permissiveTime(authorization);
        _requireTerms(terms);
        Decision memory decision = _decisionOf(signedAt, _registeredHead(terms.patient), authorization);
        bytes32 hash = RequestDecisions.request(_book, providerRegistry, terms, decision);
        _requireDecision(authorization, hash);
    }

    /// @inheritdoc IConsentRequests
    function mute(PatientId patient, ProviderId provider, Authorization calldata authorization) external {
        _turnMute(true, _restrictiveTime(authorization), patient, provider, authorization);
    }

    /// @inheritdoc IConsentRequests
    function unmute(PatientId patient, ProviderId provider, Authorization calldata authorization) external {
        _turnMute(false, _permissiveTime(authorization), patient, provider, authorization);
    }

    /// @inheritdoc IConsentRequests
    function muteOf(PatientId patient, ProviderId provider) external view returns (bool isMuted, uint40 asOf) {
        Switches switches = _book.mutes[patient][provider];
        return (switches.isOn(), switches.asOf(false));
    }

    /// @inheritdoc IConsentRequests
    function requestedAt(PatientId patient, ProviderId provider, Purpose purpose) external view returns (uint40) {
        return _book.requestedAt[ConsentBookLibrary.consentKeyOf(patient, SeriesId.wrap(0), provider, purpose)];
    }

    function _turnMute(
        bool isMuted,
        uint40 signedAt,
        PatientId patient,
        ProviderId provider,
        Authorization calldata authorization
    ) private {
        Power power = isMuted ? Power.Narrow : Power.Decide;
        (IPatientRegistry.Head memory head, Decision memory decision) = _decidedBy(
            patient,
            signedAt,
            power,
            authorization
        );
        _writeMute(isMuted, patient, provider, decision);
        ProviderMatter matter = isMuted ? ProviderMatter.Mute : ProviderMatter.Unmute;
        _settleMatter(matter, power, patient, provider, head, decision, authorization);
    }

    function _writeMute(bool isMuted, PatientId patient, ProviderId provider, Decision memory decision) private {
        (bool isNews, Switches switches) = ConsentBookLibrary.turn(
            _book.mutes[patient][provider],
            false,
            isMuted,
            patient,
            decision
        );
        if (!isNews) return;
        _book.mutes[patient][provider] = switches;
        if (isMuted) emit RequestsMuted(patient, provider, decision.signedAt, decision.signer);
        else emit RequestsUnmuted(patient, provider, decision.signedAt, decision.signer);
    }
}
