// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Actions, Labels, PatientId, ProviderId, Purpose} from "../common/Identifiers.sol";

/// @title What every kind of consent is made of, and may be refused for
interface IConsentTerms {
    /// @notice What is agreed to, passed on or asked for.
    /// @param grantee Who is let in, or asks to be.
    /// @param purpose Any but emergency: a consent is for exactly one.
    /// @param labels Covers a record when every label of the record is among them.
    /// @param notBefore First second it counts; a whole minute, not zero.
    /// @param notAfter First second it no longer counts; a whole minute, later, at most `maxDuration` from now.
    /// @param document Hash of the full consent text or FHIR Consent, or zero. Only logged and signed.
    struct Terms {
        PatientId patient;
        ProviderId grantee;
        Purpose purpose;
        Labels labels;
        Actions actions;
        uint40 notBefore;
        uint40 notAfter;
        bytes32 document;
    }

    /// @notice Thrown when a later decision took effect: one of this register, signed at `asOf`, or a `revokeAll` signed at `asOf`. What
    /// widens access is also superseded by a decision of its own second.
    error ConsentSuperseded(PatientId patient, uint40 signedAt, uint40 asOf);

    /// @notice Thrown when a decision that widens access, or a signed one, names somebody who is no registered provider.
    error ConsentGranteeUnknown(ProviderId grantee);

    /// @notice Thrown when labels are empty or have a reserved bit.
    error ConsentLabelsInvalid(Labels labels);

    /// @notice Thrown when the purpose is unknown, or emergency, to which nobody consents ahead.
    error ConsentPurposeInvalid(Purpose purpose);

    /// @notice Thrown when actions are empty or have an unknown bit; for one series, when they are not READ alone.
    error ConsentActionsInvalid(Actions actions);

    /// @notice Thrown unless `0 < notBefore < notAfter <= now + maxDuration`, both whole minutes.
    error ConsentPeriodInvalid(uint40 notBefore, uint40 notAfter);

    /// @notice Thrown when `signer` holds no key of the provider that must decide this.
    error ConsentSignerNotProvider(ProviderId provider, address signer);
}
