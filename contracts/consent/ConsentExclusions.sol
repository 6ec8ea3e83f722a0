// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId, ProviderId} from "../common/Identifiers.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {Power} from "../identity/Power.sol";
import {ConsentBase} from "./ConsentBase.sol";
import {ConsentBookLibrary, Decision} from "./ConsentBook.sol";
import {ProviderMatter} from "./ConsentWords.sol";
import {IConsentExclusions} from "./IConsentExclusions.sol";
import {Switches} from "./Switches.sol";

/// @title Providers a patient shuts out of everything
/// @dev The part of ConsentRegistry that keeps exclusions.
abstract contract ConsentExclusions is IConsentExclusions, ConsentBase {
    /// @inheritdoc IConsentExclusions
    function exclude(PatientId patient, ProviderId provider, Authorization calldata authorization) external {
        uint40 signedAt = _restrictiveTime(authorization);
        (IPatientRegistry.Head memory head, Decision memory decision) = _decidedBy(
            patient,
            signedAt,
            Power.Narrow,
            authorization
        );
        bool isDelegate = head.controller != decision.signer;
        (bool isNews, Switches switches) = ConsentBookLibrary.turn(
            _book.exclusions[patient][provider],
            isDelegate,
            true,
            patient,
            decision
        );
        if (isNews) {
            _book.exclusions[patient][provider] = switches;
            emit ProviderExcluded(patient, provider, signedAt, decision.signer);
        }
        _settleMatter(ProviderMatter.Exclude, Power.Narrow, patient, provider, head, decision, authorization);
    }

    /// @inheritdoc IConsentExclusions
    function readmit(PatientId patient, ProviderId provider, Authorization calldata authorization) external {
        uint40 signedAt = _permissiveTime(authorization);
        (IPatientRegistry.Head memory head, Decision memory decision) = _decidedBy(
            patient,
            signedAt,
            Power.Decide,
            authorization
        );
        bool isDelegate = head.controller != decision.signer;
        (, Switches switches) = ConsentBookLibrary.turn(
            _book.exclusions[patient][provider],
            isDelegate,
            false,
            patient,
            decision
        );
        // Else what a delegate shut out would stay shut out once there is no delegate.
        if (!isDelegate && signedAt > switches.asOf(true)) switches = switches.turned(true, false, signedAt);
        _book.exclusions[patient][provider] = switches;
        emit ProviderReadmitted(patient, provider, switches.isOn(), signedAt, decision.signer);
        _settleMatter(ProviderMatter.Readmit, Power.Decide, patient, provider, head, decision, authorization);
    }

    /// @inheritdoc IConsentExclusions
    function exclusionOf(PatientId patient, ProviderId provider) external view returns (Exclusion memory) {
        Switches switches = _book.exclusions[patient][provider];
        return
            Exclusion({
                byController: switches.isOn(false),
                controllerAsOf: switches.asOf(false),
                byDelegates: switches.isOn(true),
                delegatesAsOf: switches.asOf(true)
            });
    }

    /// @inheritdoc IConsentExclusions
    function isExcluded(PatientId patient, ProviderId provider) public view returns (bool) {
        return _book.isExcluded(patient, provider);
    }
}
