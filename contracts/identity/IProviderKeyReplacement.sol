// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {ProviderId} from "../common/Identifiers.sol";

/// @title A provider's lost key, replaced by a registrar after a delay
/// @notice No consent, exclusion or record changes with a key: they name the provider. Times are Unix seconds.
interface IProviderKeyReplacement {
    /// @notice Emitted when `key` is to speak for the provider instead of `lost` from `effectiveAt` on, by time alone.
    event ProviderKeyReplacementAnnounced(
        ProviderId indexed provider,
        address indexed lost,
        address indexed key,
        uint40 effectiveAt
    );

    /// @notice Emitted when the lost key was found, by `signer`: it stays, and `key` does not join.
    event ProviderKeyReplacementCancelled(
        ProviderId indexed provider,
        address indexed lost,
        address indexed key,
        address signer
    );

    /// @notice Thrown when no replacement of this key is announced, or it took effect.
    error ProviderReplacementMissing(ProviderId provider, address lost);

    /// @notice Announces that another key will speak for a provider instead of a lost one. A second announcement for the same lost key
    /// takes the place of the first and waits anew.
    /// @dev By a registrar; the provider may be suspended, but not retired. `key` is the decision of the key that joins, permissive, signed as
    /// `ProviderKeyAddition` (IProviderRegistry.addKey). Emits ProviderKeyReplacementAnnounced.
    ///
    /// Warning: of a stolen key the thief can cancel this, unless the provider is suspended first.
    /// Errors: ProviderNotRegistered, ProviderNotActive (retired), ProviderKeyUnknown, ProviderKeyTaken, those of IAuthorized,
    /// AccessManagedUnauthorized.
    function announceKeyReplacement(ProviderId provider, address lost, Authorization calldata key) external;

    /// @notice Keeps a key that was thought lost.
    /// @dev By any key of the provider, which must be active. Restrictive times. Emits ProviderKeyReplacementCancelled. Signed as
    ///
    /// `ProviderKeyRetention(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)`, key the one to keep.
    /// Errors: ProviderNotRegistered, ProviderNotActive, ProviderKeyUnknown, ProviderReplacementMissing, those of IAuthorized.
    function cancelKeyReplacement(ProviderId provider, address lost, Authorization calldata authorization) external;

    /// @notice The replacement announced of a key; all zero where there is none.
    /// @return key The key that takes its place, or took it.
    /// @return effectiveAt From when on.
    function keyReplacementOf(address lost) external view returns (address key, uint40 effectiveAt);

    /// @notice Seconds from the announcement of a replacement until it takes effect; 7 days by default.
    function keyDelay() external view returns (uint40);
}
