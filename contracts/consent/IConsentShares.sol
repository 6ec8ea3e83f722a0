// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose} from "../common/Identifiers.sol";
import {IConsentTerms} from "./IConsentTerms.sol";

/// @title Consents passed on
/// @notice Who holds SHARE may pass on a part of what it was granted, for no longer, three times in a row at most. A share hangs on one
/// serial of its parent and ends with it, also when the parent is granted again. The patient sees each and may cut any.
/// @dev `chain` lists the providers from the patient's direct grantee to the sharer, one to three. The parent of a share is the consent
/// of chain[0] or, further down, the share to the sharer; its key is `keccak256(abi.encode(patient, chain[0], purpose))`, hashed with each
/// further one as `keccak256(abi.encode(key, provider))`.
interface IConsentShares is IConsentTerms {
    /// @notice A share as stored. `actions` zero: never made, or ended. Its slot is that of a consent, with `parentSerial` in the place of
    /// `generation`. `isCut`, by the patient, beats whatever else it says.
    struct Share {
        Labels labels;
        Actions actions;
        uint40 notBefore;
        uint40 notAfter;
        uint32 parentSerial;
        uint32 serial;
        uint40 asOf;
        bool isCut;
        uint40 cutAsOf;
    }

    /// @notice Emitted when `sharer` passes on to `grantee`.
    event ConsentShared(
        PatientId indexed patient,
        ProviderId indexed sharer,
        ProviderId indexed grantee,
        Terms terms,
        ProviderId[] chain,
        uint32 parentSerial,
        uint32 serial,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted when `sharer` takes a share back.
    event ConsentUnshared(
        PatientId indexed patient,
        ProviderId indexed sharer,
        ProviderId indexed grantee,
        Purpose purpose,
        ProviderId[] chain,
        uint32 serial,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted when the patient cuts what `sharer` passed on, or will, to `grantee`.
    event ShareCut(
        PatientId indexed patient,
        ProviderId indexed sharer,
        ProviderId indexed grantee,
        Purpose purpose,
        ProviderId[] chain,
        uint40 signedAt,
        address signer
    );

    /// @notice Emitted when the patient lifts a cut.
    event ShareUncut(
        PatientId indexed patient,
        ProviderId indexed sharer,
        ProviderId indexed grantee,
        Purpose purpose,
        ProviderId[] chain,
        uint40 signedAt,
        address signer
    );

    /// @notice Thrown when a chain names nobody or more than three.
    error ConsentChainInvalid(uint256 length);

    /// @notice Thrown when the sharer may not pass anything on: nothing live reaches it by this chain, or SHARE is missing.
    error ConsentShareRefused(Denial denial);

    /// @notice Thrown when the parent is not at the serial that was signed, but at `serial`.
    error ConsentParentChanged(bytes32 parentKey, uint32 parentSerial, uint32 serial);

    /// @notice Thrown when a share names a label, an action or a time that the sharer does not hold.
    error ConsentShareTooWide(Labels labels, Actions actions, uint40 notBefore, uint40 notAfter);

    /// @notice Passes on a part of what the last of `chain` holds to `terms.grantee`.
    /// @dev By a key of that sharer, who must be active, not excluded, and hold SHARE by a live path. Permissive, as `grant`. Signed as
    ///
    /// `ConsentShare(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32
    /// patient,bytes32 document,bytes32 parent,uint32 parentSerial,uint40 signedAt,uint40 deadline)`, `parent` the parent's key.
    /// @param parentSerial The parent's serial that the sharer saw, `consentOf(…).serial` or `shareOf(…).serial`.
    function share(
        Terms calldata terms,
        ProviderId[] calldata chain,
        uint32 parentSerial,
        Authorization calldata authorization
    ) external;

    /// @notice Takes a share back, with all that hangs on it.
    /// @dev By a key of the sharer, active or not. Restrictive, as `revoke`. Signed as
    ///
    /// `ConsentUnshare(string recipient,string purpose,bytes32 grantee,bytes32 patient,bytes32 parent,uint40 signedAt,uint40 deadline)`.
    function unshare(
        PatientId patient,
        ProviderId[] calldata chain,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external;

    /// @notice The patient ends what the last of `chain` passed on to `grantee`, and whatever it passes on to it later.
    /// @dev Restrictive, as `revoke`, in a register of its own, which no sharer reaches. Signed as
    ///
    /// `ShareCut(string recipient,string purpose,string sharer,bytes32 grantee,bytes32 patient,bytes32 parent,uint40 signedAt,uint40
    /// deadline)`.
    function cut(
        PatientId patient,
        ProviderId[] calldata chain,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external;

    /// @notice The patient lifts a cut. Permissive. Signed as `ShareUncut(…)`, the same members as `ShareCut`.
    function uncut(
        PatientId patient,
        ProviderId[] calldata chain,
        ProviderId grantee,
        Purpose purpose,
        Authorization calldata authorization
    ) external;

    /// @notice The share as stored, which alone is no permission: ask `isPermitted`.
    function shareOf(
        PatientId patient,
        ProviderId[] calldata chain,
        ProviderId grantee,
        Purpose purpose
    ) external view returns (Share memory);
}
