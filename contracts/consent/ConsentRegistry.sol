// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorized} from "../common/Authorized.sol";
import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {ISignatureValidator} from "../common/ISignatureValidator.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {PatientAuthority} from "../identity/PatientAuthority.sol";
import {ProviderStanding} from "../identity/ProviderStanding.sol";
import {ConsentBase} from "./ConsentBase.sol";
import {ConsentBookLibrary} from "./ConsentBook.sol";
import {ConsentExclusions} from "./ConsentExclusions.sol";
import {ConsentGrants} from "./ConsentGrants.sol";
import {ConsentRequests} from "./ConsentRequests.sol";
import {ConsentShares} from "./ConsentShares.sol";
import {ConsentSlot} from "./ConsentSlot.sol";
import {IConsentRegistry, Via} from "./IConsentRegistry.sol";
import {ShareDecisions} from "./ShareDecisions.sol";

/// @title Consents
/// @notice Documented at IConsentRegistry. Here is what all checks ask; what patients and providers decide is inherited.
contract ConsentRegistry is IConsentRegistry, ConsentGrants, ConsentShares, ConsentRequests, ConsentExclusions {
    using ProviderStanding for IProviderRegistry;
    using Vocabulary for *;

    /// @param patients Who controls a patient.
    /// @param providers Who a provider is.
    /// @param lifetime As in `Authorized`.
    /// @param duration Seconds a consent may last at most: ten years, leap days included, by default.
    /// @param validator As in `Authorized`.
    constructor(
        IPatientRegistry patients,
        IProviderRegistry providers,
        uint40 lifetime,
        uint40 duration,
        ISignatureValidator validator
    ) Authorized(lifetime, validator) PatientAuthority(patients) ConsentBase(providers, duration) {}

    /// @inheritdoc IConsentRegistry
    function isPermitted(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) external view returns (bool permitted, bytes32 grantTag) {
        Denial denial;
        (denial, grantTag) = decide(patient, actor, via, purpose, labels, series, action);
        permitted = denial == Denial.None;
    }

    /// @inheritdoc IConsentRegistry
    function rightOf(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        SeriesId series
    ) external view returns (Denial denial, Right memory right) {
        uint32 generation;
        ProviderId grantee;
        (denial, generation, grantee) = _judgeActor(patient, actor, via);
        if (denial != Denial.None) return (denial, right);
        return _rightOf(patient, grantee, via, purpose, series, generation);
    }

    /// @inheritdoc IConsentRegistry
    function decide(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) public view returns (Denial denial, bytes32 grantTag) {
        uint32 generation;
        ProviderId grantee;
        (denial, generation, grantee) = _judgeActor(patient, actor, via);
        if (denial != Denial.None) return (denial, 0);
        if (via.chain.length != 0) {
            Right memory right;
            (denial, right) = _rightOf(patient, grantee, via, purpose, series, generation);
            if (denial != Denial.None) return (denial, 0);
            grantTag = right.grantTag;
            denial = _judgeExtent(right.notBefore, right.notAfter, right.labels, right.actions, labels, action);
            return (denial, denial == Denial.None ? grantTag : bytes32(0));
        }
        bytes32 key;
        ConsentSlot slot;
        (denial, key, slot) = _slotOf(patient, grantee, via.bySeries, purpose, series, generation);
        if (denial != Denial.None) return (denial, 0);
        denial = _judgeExtent(slot.notBefore(), slot.notAfter(), slot.labels(), slot.actions(), labels, action);
        if (denial == Denial.None) grantTag = ConsentBookLibrary.hash(key, bytes32(uint256(slot.serial())));
    }

    /// @dev Whether the actor may act at all, for whom, and not against the patient's exclusion.
    function _judgeActor(
        PatientId patient,
        ProviderId actor,
        Via calldata via
    ) private view returns (Denial denial, uint32 generation, ProviderId grantee) {
        IPatientRegistry.Head memory head = _headOf(patient);
        grantee = via.organisation;
        if (!_isRegistered(head)) return (Denial.PatientUnknown, 0, grantee);
        generation = head.generation;
        (denial, ) = providerRegistry.ask(actor, grantee);
        if (denial != Denial.None) return (denial, generation, grantee);
        if (_book.isExcluded(patient, actor)) return (Denial.Excluded, generation, grantee);
        if (_isZero(grantee)) grantee = actor;
        else if (_book.isExcluded(patient, grantee)) denial = Denial.Excluded;
    }

    /// @dev The consent that the patient gave the grantee, and whether it lives: `ShareDecisions.rightOf` of a path without a chain, at
    /// less cost.
    function _slotOf(
        PatientId patient,
        ProviderId grantee,
        bool bySeries,
        Purpose purpose,
        SeriesId series,
        uint32 generation
    ) private view returns (Denial denial, bytes32 key, ConsentSlot slot) {
        if (!bySeries) series = SeriesId.wrap(0);
        else if (SeriesId.unwrap(series) == 0) return (Denial.PathUnknown, key, slot);
        key = ConsentBookLibrary.consentKeyOf(patient, series, grantee, purpose);
        slot = _book.consents[key];
        denial = slot.judgeLife(generation);
    }

    function _rightOf(
        PatientId patient,
        ProviderId grantee,
        Via calldata via,
        Purpose purpose,
        SeriesId series,
        uint32 generation
    ) private view returns (Denial, Right memory) {
        return ShareDecisions.rightOf(_book, providerRegistry, patient, grantee, via, purpose, series, generation);
    }

    /// @dev The order of these lines is the order of reasons that IConsentRegistry promises.
    function _judgeExtent(
        uint40 notBefore,
        uint40 notAfter,
        Labels granted,
        Actions allowed,
        Labels labels,
        Actions action
    ) private view returns (Denial) {
        if (block.timestamp < notBefore) return Denial.ConsentNotYetValid;
        if (block.timestamp >= notAfter) return Denial.ConsentExpired;
        if (!granted.covers(labels)) return Denial.LabelsNotCovered;
        if (!allowed.covers(action)) return Denial.ActionNotGranted;
        return Denial.None;
    }
}
