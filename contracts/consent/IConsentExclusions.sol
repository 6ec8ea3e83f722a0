// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId, ProviderId} from "../common/Identifiers.sol";
import {IConsentTerms} from "./IConsentTerms.sol";

/// @title Providers a patient shuts out of everything
/// @notice An exclusion beats every path, in normal and in emergency sessions: as the one who reads, as the organisation they read for,
/// and as one who passed a consent on. It follows the person: a licence belongs to one ProviderId for ever, whatever keys that holds.
interface IConsentExclusions is IConsentTerms {
    /// @notice One half is the controller's, one the delegates'; either counts.
    /// @dev One slot, as drawn at `Switches`.
    struct Exclusion {
        bool byController;
        uint40 controllerAsOf;
        bool byDelegates;
        uint40 delegatesAsOf;
    }

    /// @notice Emitted when `provider` is shut out.
    event ProviderExcluded(PatientId indexed patient, ProviderId indexed provider, uint40 signedAt, address signer);

    /// @notice Emitted when a half, or both, are lifted. `isExcluded` if the other half still counts.
    event ProviderReadmitted(
        PatientId indexed patient,
        ProviderId indexed provider,
        bool isExcluded,
        uint40 signedAt,
        address signer
    );

    /// @notice Shuts `provider`, a person or an organisation, out of everything from this block on.
    /// @dev By the patient's controller or a delegate who decides, each in their own half. Restrictive, as `revoke`. Signed as
    ///
    /// `ProviderExclusion(string action,string provider,bytes32 providerId,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "shut
    /// out, in emergencies too".
    ///
    /// Warning: a direct call does not look the provider up. A mistyped id is accepted and shuts out nobody.
    function exclude(PatientId patient, ProviderId provider, Authorization calldata authorization) external;

    /// @notice Lifts an exclusion; consents that were not ended meanwhile count again.
    /// @dev Permissive. A delegate lifts the delegates' half; the controller both, that of the delegates if it is older. Signed as
    /// `ProviderReadmission(…)`, the same members as `ProviderExclusion`, action "let back in".
    function readmit(PatientId patient, ProviderId provider, Authorization calldata authorization) external;

    /// @notice Whether any half excludes `provider`.
    function isExcluded(PatientId patient, ProviderId provider) external view returns (bool);

    /// @notice Both halves.
    function exclusionOf(PatientId patient, ProviderId provider) external view returns (Exclusion memory);
}
