// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Actions, PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {ConsentSlot, ConsentSlotLibrary} from "./ConsentSlot.sol";
import {IConsentGrants} from "./IConsentGrants.sol";
import {IConsentTerms} from "./IConsentTerms.sol";
import {Switches} from "./Switches.sol";

using ConsentBookLibrary for ConsentBook global;

/// @dev Everything ConsentRegistry stores. Keys are those of `ConsentBookLibrary`. In the slots of shares the place of the generation is
/// taken by the serial of the parent. Of exclusions the lower switch is the controller's, the upper the delegates'; the others have one.
struct ConsentBook {
    mapping(bytes32 consentKey => ConsentSlot) consents;
    mapping(bytes32 shareKey => ConsentSlot) shares;
    mapping(bytes32 shareKey => Switches) cuts;
    mapping(PatientId patient => mapping(ProviderId provider => Switches)) exclusions;
    mapping(PatientId patient => mapping(ProviderId provider => Switches)) mutes;
    mapping(bytes32 consentKey => uint40 signedAt) requestedAt;
}

/// @dev Who decided, when and how, and what of the patient's head that is measured against.
struct Decision {
    address signer;
    uint40 signedAt;
    uint40 deadline;
    uint40 signedFloor;
    uint32 generation;
    bool isSigned;
}

/// @dev The rules of the registers, shared by the contract and the libraries it is linked with.
library ConsentBookLibrary {
    using Vocabulary for *;

    function isExcluded(ConsentBook storage book, PatientId patient, ProviderId provider) internal view returns (bool) {
        return book.exclusions[patient][provider].isOn();
    }

    /// @dev Raises the watermark of a patient's slot with everything else in it, unless something later stands there: then its second.
    function write(
        ConsentBook storage book,
        IConsentTerms.Terms memory terms,
        SeriesId series,
        uint40 signedAt,
        address signer,
        uint40 signedFloor,
        uint32 generation
    ) internal returns (uint40 supersededBy) {
        if (signedAt <= signedFloor) return signedFloor;
        bytes32 key = consentKeyOf(terms.patient, series, terms.grantee, terms.purpose);
        ConsentSlot slot = book.consents[key];
        if (signedAt <= slot.asOf()) return slot.asOf();
        slot = pack(terms, generation, slot.nextSerial(), signedAt);
        book.consents[key] = slot;
        if (SeriesId.unwrap(series) == 0) _emitGranted(terms, slot, signer);
        else _emitRecordGranted(terms, series, slot, signer);
    }

    /// @dev Takes the actions out of a patient's slot and raises its watermark, unless something later stands there: then its second. An
    /// exact repeat changes nothing.
    function clear(
        ConsentBook storage book,
        PatientId patient,
        IConsentGrants.Revocation memory target,
        uint40 signedAt,
        address signer
    ) internal returns (uint40 supersededBy) {
        (ProviderId grantee, Purpose purpose, SeriesId series) = (target.grantee, target.purpose, target.series);
        bytes32 key = consentKeyOf(patient, series, grantee, purpose);
        ConsentSlot slot = book.consents[key];
        if (signedAt < slot.asOf()) return slot.asOf();
        if (slot.isRepeat(signedAt)) return 0;
        uint32 serial = slot.nextSerial();
        book.consents[key] = slot.revoked(serial, signedAt);
        if (SeriesId.unwrap(series) == 0) {
            emit IConsentGrants.ConsentRevoked(patient, grantee, purpose, serial, signedAt, signer);
        } else {
            emit IConsentGrants.RecordConsentRevoked(patient, grantee, series, purpose, serial, signedAt, signer);
        }
    }

    function pack(
        IConsentTerms.Terms memory terms,
        uint32 generation,
        uint32 serial,
        uint40 signedAt
    ) internal pure returns (ConsentSlot) {
        return
            ConsentSlotLibrary.pack(
                terms.labels,
                terms.actions,
                terms.notBefore,
                terms.notAfter,
                generation,
                serial,
                signedAt
            );
    }

    function requireTerms(IConsentTerms.Terms memory terms, uint256 latestEnd) internal pure {
        if (!terms.labels.isValid()) revert IConsentTerms.ConsentLabelsInvalid(terms.labels);
        requireGrantable(terms.purpose);
        if (!terms.actions.isValid()) revert IConsentTerms.ConsentActionsInvalid(terms.actions);
        (uint40 notBefore, uint40 notAfter) = (terms.notBefore, terms.notAfter);
        if (
            notBefore == 0 || notBefore >= notAfter || notBefore % 60 != 0 || notAfter % 60 != 0 || notAfter > latestEnd
        ) revert IConsentTerms.ConsentPeriodInvalid(notBefore, notAfter);
    }

    function requireRecord(SeriesId series, Actions actions) internal pure {
        if (Actions.unwrap(actions) != Vocabulary.READ) revert IConsentTerms.ConsentActionsInvalid(actions);
        requireSeries(series);
    }

    function requireSeries(SeriesId series) internal pure {
        if (SeriesId.unwrap(series) == 0) revert IConsentGrants.ConsentSeriesMissing();
    }

    function requireGrantable(Purpose purpose) internal pure {
        if (!purpose.isGrantable()) revert IConsentTerms.ConsentPurposeInvalid(purpose);
    }

    /// @dev The permissive rule.
    function requireNewer(PatientId patient, uint40 signedAt, uint40 asOf, uint40 signedFloor) internal pure {
        if (signedFloor > asOf) asOf = signedFloor;
        if (signedAt <= asOf) revertSuperseded(patient, signedAt, asOf);
    }

    function revertSuperseded(PatientId patient, uint40 signedAt, uint40 asOf) internal pure {
        revert IConsentTerms.ConsentSuperseded(patient, signedAt, asOf);
    }

    /// @dev Turns one of the switches on by the restrictive rule, or off by the permissive one. False for an exact repeat, which changes
    /// nothing.
    function turn(
        Switches switches,
        bool isUpper,
        bool on,
        PatientId patient,
        Decision memory decision
    ) internal pure returns (bool isNews, Switches turned) {
        (uint40 signedAt, uint40 asOf) = (decision.signedAt, switches.asOf(isUpper));
        if (!on) requireNewer(patient, signedAt, asOf, decision.signedFloor);
        else if (signedAt < asOf) revertSuperseded(patient, signedAt, asOf);
        return (signedAt != asOf || !switches.isOn(isUpper), switches.turned(isUpper, on, signedAt));
    }

    /// @dev Of a consent; series zero stands for all.
    function consentKeyOf(
        PatientId patient,
        SeriesId series,
        ProviderId grantee,
        Purpose purpose
    ) internal pure returns (bytes32) {
        if (SeriesId.unwrap(series) == 0) return keccak256(abi.encode(patient, grantee, purpose));
        return keccak256(abi.encode(patient, series, grantee, purpose));
    }

    /// @dev Of a share.
    function shareKeyOf(bytes32 parentKey, ProviderId grantee) internal pure returns (bytes32) {
        return hash(parentKey, ProviderId.unwrap(grantee));
    }

    function hash(bytes32 a, bytes32 b) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            mstore(0, a)
            mstore(32, b)
            digest := keccak256(0, 64)
        }
    }

    function _emitGranted(IConsentTerms.Terms memory terms, ConsentSlot slot, address signer) private {
        emit IConsentGrants.ConsentGranted(
            terms.patient,
            terms.grantee,
            terms.purpose,
            terms.labels,
            terms.actions,
            terms.notBefore,
            terms.notAfter,
            slot.serial(),
            slot.asOf(),
            signer,
            terms.document
        );
    }

    function _emitRecordGranted(
        IConsentTerms.Terms memory terms,
        SeriesId series,
        ConsentSlot slot,
        address signer
    ) private {
        emit IConsentGrants.RecordConsentGranted(
            terms.patient,
            terms.grantee,
            series,
            terms.purpose,
            terms.labels,
            terms.notBefore,
            terms.notAfter,
            slot.serial(),
            slot.asOf(),
            signer,
            terms.document
        );
    }
}
