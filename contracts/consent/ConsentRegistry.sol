// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Authorized} from "../common/Authorized.sol";
import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {PatientAuthority} from "../identity/PatientAuthority.sol";
import {ConsentSlot, ConsentSlotLibrary} from "./ConsentSlot.sol";
import {ConsentWords} from "./ConsentWords.sol";
import {IConsentRegistry, Via} from "./IConsentRegistry.sol";

/// @title Consents
/// @notice Documented at IConsentRegistry.
contract ConsentRegistry is IConsentRegistry, Authorized, PatientAuthority {
    using Vocabulary for Labels;
    using Vocabulary for Actions;
    using Vocabulary for Purpose;

    /// @notice The registry that says who a provider is and works for.
    IProviderRegistry public immutable providerRegistry;

    /// @notice How many seconds from now a consent may last at most.
    uint40 public immutable maxDuration;

    mapping(bytes32 consentKey => ConsentSlot) private _consents;

    /// @param patients Who controls a patient.
    /// @param providers Who a provider is.
    /// @param lifetime As in `Authorized`.
    /// @param duration Seconds a consent may last at most: ten years, leap days included, by default.
    constructor(
        IPatientRegistry patients,
        IProviderRegistry providers,
        uint40 lifetime,
        uint40 duration
    ) Authorized(lifetime) PatientAuthority(patients) {
        providerRegistry = providers;
        maxDuration = duration;
    }

    /// @inheritdoc IConsentRegistry
    function grant(Terms memory terms, Authorization calldata authorization) external {
        uint40 signedAt = _permissiveTime(authorization);
        _requireTerms(terms);
        bytes32 nameHash = _nameHashOf(terms.grantee);
        IPatientRegistry.Head memory head = _headDecidedBy(terms.patient, authorization.signer);
        if (signedAt <= head.signedFloor) revert ConsentSuperseded(terms.patient, signedAt, head.signedFloor);

        uint32 serial = _write(terms, signedAt, head.generation);
        _emitGranted(terms, serial, signedAt, authorization.signer);

        if (_isSigned(authorization))
            _requireSignature(authorization, ConsentWords.hashOfGrant(terms, nameHash, authorization));
        else _requireCaller(authorization);
    }

    /// @inheritdoc IConsentRegistry
    function revoke(
        PatientId patient,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external {
        uint40 signedAt = _restrictiveTime(authorization);
        if (!purpose.isGrantable()) revert ConsentPurposeInvalid(purpose);
        _headDecidedBy(patient, authorization.signer);
        bytes32 key = _keyOf(patient, grantee, purpose);
        ConsentSlot slot = _consents[key];
        if (signedAt < slot.asOf()) revert ConsentSuperseded(patient, signedAt, slot.asOf());

        if (signedAt != slot.asOf() || Actions.unwrap(slot.actions()) != 0) {
            uint32 serial = slot.nextSerial();
            _consents[key] = slot.revoked(serial, signedAt);
            emit ConsentRevoked(patient, grantee, purpose, serial, signedAt, authorization.signer);
        }

        if (_isSigned(authorization)) {
            bytes32 nameHash = _nameHashOf(grantee);
            _requireSignature(
                authorization,
                ConsentWords.hashOfRevocation(patient, grantee, purpose, nameHash, authorization)
            );
        } else {
            _requireCaller(authorization);
        }
    }

    /// @inheritdoc IConsentRegistry
    function consentOf(PatientId patient, ProviderId grantee, Purpose purpose) external view returns (Consent memory) {
        ConsentSlot slot = _consents[_keyOf(patient, grantee, purpose)];
        return
            Consent({
                labels: slot.labels(),
                actions: slot.actions(),
                notBefore: slot.notBefore(),
                notAfter: slot.notAfter(),
                generation: slot.generation(),
                serial: slot.serial(),
                asOf: slot.asOf()
            });
    }

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
    function decide(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series,
        Actions action
    ) public view returns (Denial denial, bytes32 grantTag) {
        series; // A general consent covers every series.
        IPatientRegistry.Head memory head = patientRegistry.headOf(patient);
        if (head.controller == address(0)) return (Denial.PatientUnknown, 0);
        ProviderId grantee = via.organisation;
        (denial, , ) = providerRegistry.standingOf(actor, grantee);
        if (denial != Denial.None) return (denial, 0);
        if (via.chain.length != 0 || via.bySeries) return (Denial.PathUnknown, 0);

        bytes32 key = _keyOf(patient, ProviderId.unwrap(grantee) == 0 ? actor : grantee, purpose);
        ConsentSlot slot = _consents[key];
        denial = _judge(slot, head.generation, labels, action);
        if (denial == Denial.None) grantTag = _hash(key, bytes32(uint256(slot.serial())));
    }

    /// @dev The order of these lines is the order of reasons that IConsentRegistry promises.
    function _judge(ConsentSlot slot, uint32 generation, Labels labels, Actions action) private view returns (Denial) {
        if (Labels.unwrap(slot.labels()) == 0) return Denial.NoConsent;
        if (Actions.unwrap(slot.actions()) == 0 || slot.generation() != generation) return Denial.ConsentRevoked;
        if (block.timestamp < slot.notBefore()) return Denial.ConsentNotYetValid;
        if (block.timestamp >= slot.notAfter()) return Denial.ConsentExpired;
        if (!slot.labels().covers(labels)) return Denial.LabelsNotCovered;
        if (!slot.actions().covers(action)) return Denial.ActionNotGranted;
        return Denial.None;
    }

    function _requireTerms(Terms memory terms) private view {
        (Labels labels, Purpose purpose, Actions actions) = (terms.labels, terms.purpose, terms.actions);
        if (!labels.isValid()) revert ConsentLabelsInvalid(labels);
        if (!purpose.isGrantable()) revert ConsentPurposeInvalid(purpose);
        if (!actions.isValid()) revert ConsentActionsInvalid(actions);
        (uint40 notBefore, uint40 notAfter) = (terms.notBefore, terms.notAfter);
        if (
            notBefore == 0 ||
            notBefore >= notAfter ||
            notBefore % 60 != 0 ||
            notAfter % 60 != 0 ||
            notAfter > block.timestamp + maxDuration
        ) revert ConsentPeriodInvalid(notBefore, notAfter);
    }

    function _nameHashOf(ProviderId grantee) private view returns (bytes32 nameHash) {
        nameHash = providerRegistry.nameHashOf(grantee);
        if (nameHash == 0) revert ConsentGranteeUnknown(grantee);
    }

    /// @dev Raises the watermark of the slot with everything else in it.
    function _write(Terms memory terms, uint40 signedAt, uint32 generation) private returns (uint32 serial) {
        bytes32 key = _keyOf(terms.patient, terms.grantee, terms.purpose);
        ConsentSlot slot = _consents[key];
        if (signedAt <= slot.asOf()) revert ConsentSuperseded(terms.patient, signedAt, slot.asOf());
        serial = slot.nextSerial();
        _consents[key] = ConsentSlotLibrary.pack(
            terms.labels,
            terms.actions,
            terms.notBefore,
            terms.notAfter,
            generation,
            serial,
            signedAt
        );
    }

    function _emitGranted(Terms memory terms, uint32 serial, uint40 signedAt, address signer) private {
        emit ConsentGranted(
            terms.patient,
            terms.grantee,
            terms.purpose,
            terms.labels,
            terms.actions,
            terms.notBefore,
            terms.notAfter,
            serial,
            signedAt,
            signer,
            terms.document
        );
    }

    function _keyOf(PatientId patient, ProviderId grantee, Purpose purpose) private pure returns (bytes32) {
        return keccak256(abi.encode(patient, grantee, purpose));
    }

    function _hash(bytes32 a, bytes32 b) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0, a)
            mstore(32, b)
            hash := keccak256(0, 64)
        }
    }
}
