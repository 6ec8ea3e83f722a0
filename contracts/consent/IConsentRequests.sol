// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose} from "../common/Identifiers.sol";
import {IConsentTerms} from "./IConsentTerms.sol";

/// @title Providers asking for consent
/// @notice A request gives nothing. The patient may mute one provider, or all.
interface IConsentRequests is IConsentTerms {
    /// @notice Emitted when `provider` asks `patient` for a consent on these terms.
    event ConsentRequested(
        PatientId indexed patient,
        ProviderId indexed provider,
        Purpose indexed purpose,
        Labels labels,
        Actions actions,
        uint40 notBefore,
        uint40 notAfter,
        uint40 signedAt,
        address signer,
        bytes32 document
    );

    /// @notice Emitted when `patient` mutes `provider`, or everybody if that is zero.
    event RequestsMuted(PatientId indexed patient, ProviderId indexed provider, uint40 signedAt, address signer);

    /// @notice Emitted when `patient` lifts that.
    event RequestsUnmuted(PatientId indexed patient, ProviderId indexed provider, uint40 signedAt, address signer);

    /// @notice Thrown when the patient muted `provider` or everybody, or excluded `provider`.
    error ConsentRequestMuted(PatientId patient, ProviderId provider);

    /// @notice Thrown when `provider` is not active.
    error ConsentRequesterNotActive(ProviderId provider);

    /// @notice Asks for a consent on these terms, in the name of `terms.grantee`.
    /// @dev By a key of the grantee, who must be active. Permissive: of one provider and purpose each must be signed later than the one
    /// before, so that none is submitted twice. Signed as
    ///
    /// `ConsentRequest(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32
    /// patient,bytes32 document,uint40 signedAt,uint40 deadline)`.
    function requestConsent(Terms calldata terms, Authorization calldata authorization) external;

    /// @notice The patient hears no more requests of `provider`, or of anybody if that is zero.
    /// @dev Restrictive, as `revoke`. Signed as
    ///
    /// `RequestMute(string action,string provider,bytes32 providerId,bytes32 patient,uint40 signedAt,uint40 deadline)`, action "refuse requests
    /// of", provider "everybody" if zero.
    function mute(PatientId patient, ProviderId provider, Authorization calldata authorization) external;

    /// @notice Lifts exactly what `mute` set for the same id. Permissive. Signed as `RequestUnmute(…)`, the same members as `RequestMute`,
    /// action "hear requests of".
    function unmute(PatientId patient, ProviderId provider, Authorization calldata authorization) external;

    /// @notice Whether `provider`, or everybody if that is zero, is muted, and the second of the decision that says so.
    function muteOf(PatientId patient, ProviderId provider) external view returns (bool isMuted, uint40 asOf);

    /// @notice When `provider` last asked for `purpose`; zero if never.
    function requestedAt(PatientId patient, ProviderId provider, Purpose purpose) external view returns (uint40);
}
