// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";

/// @notice How a reader is allowed. `organisation`: the grantee they act for, or zero. `chain` (at most 3): from the patient's direct grantee to
/// the last sharer, empty when direct. `bySeries`: by a consent for one series.
struct Via {
    ProviderId organisation;
    ProviderId[] chain;
    bool bySeries;
}

interface IConsentRegistry {
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

    /// @dev One slot: labels 64 | actions 8 | notBefore 40 | notAfter 40 | generation 32 | serial 32 | asOf 40.
    struct Consent {
        Labels labels;
        Actions actions;
        uint40 notBefore;
        uint40 notAfter;
        uint32 generation;
        uint32 serial;
        uint40 asOf;
    }

    event ConsentGranted(
        PatientId indexed patient, ProviderId indexed grantee, Purpose indexed purpose, Labels labels, Actions actions,
        uint40 notBefore, uint40 notAfter, uint32 serial, uint40 signedAt, address signer, bytes32 document
    );
    event ConsentRevoked(PatientId indexed patient, ProviderId indexed grantee, Purpose indexed purpose, uint32 serial, uint40 signedAt, address signer);

    error ConsentSuperseded(PatientId patient, uint40 signedAt, uint40 asOf);
    error ConsentGranteeUnknown(ProviderId grantee);
    error ConsentLabelsInvalid(Labels labels);
    error ConsentPurposeInvalid(Purpose purpose);
    error ConsentActionsInvalid(Actions actions);
    error ConsentPeriodInvalid(uint40 notBefore, uint40 notAfter);

    /// EIP-712: ConsentGrant(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,uint40 signedAt,uint40 deadline)
    function grant(Terms calldata terms, Authorization calldata authorization) external;
    /// EIP-712: ConsentRevocation(string recipient,string purpose,bytes32 grantee,bytes32 patient,uint40 signedAt,uint40 deadline)
    function revoke(PatientId patient, ProviderId grantee, Purpose purpose, Authorization calldata authorization) external;

    function consentOf(PatientId patient, ProviderId grantee, Purpose purpose) external view returns (Consent memory);
    /// grantTag: hash of keys and serials along the path; zero when not permitted.
    function isPermitted(
        PatientId patient, ProviderId actor, Via calldata via, Purpose purpose, Labels labels, SeriesId series, Actions action
    ) external view returns (bool permitted, bytes32 grantTag);
    /// The same decision with its reason.
    function decide(
        PatientId patient, ProviderId actor, Via calldata via, Purpose purpose, Labels labels, SeriesId series, Actions action
    ) external view returns (Denial denial, bytes32 grantTag);
}
