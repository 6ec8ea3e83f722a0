// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Denial} from "../common/Denial.sol";
import {ProviderId} from "../common/Identifiers.sol";
import {IProviderKeyReplacement} from "./IProviderKeyReplacement.sol";

/// @title Providers: hospitals, doctors and others, their keys, and who works for whom
/// @notice Registrars admit and suspend; providers manage their own keys and affiliations. A `ProviderId` outlives its keys: consents,
/// sessions and authorship name the provider. Names stay off the chain: their hashes are what patients' signatures bind.
/// "Registrar" and "emergency officer" are roles of the AccessManager, whose delays apply. Times are Unix seconds.
interface IProviderRegistry is IProviderKeyReplacement {
    /// @notice What a provider is. All but Practitioner are organisations.
    enum ProviderKind {
        None,
        Hospital,
        Clinic,
        Laboratory,
        Pharmacy,
        Payer,
        Researcher,
        Manufacturer,
        Agency,
        Regulator,
        Practitioner
    }

    /// @notice Only Active providers are permitted anything. Retired is for ever.
    enum ProviderStatus {
        None,
        Active,
        Suspended,
        Retired
    }

    /// @notice Only Active affiliations count.
    enum AffiliationStatus {
        None,
        Proposed,
        Active,
        Ended
    }

    /// @notice What a registrar admits.
    /// @param salt 32 random bytes; with the first key they make the id.
    /// @param nameHash keccak256 of the name in UTF-8, exactly as patients will sign it.
    /// @param skeletonHash keccak256 of the name's UTS 39 skeleton, the same for names that look alike.
    /// @param licence Commitment to the licence, unique among practitioners; zero for organisations.
    struct Admission {
        bytes32 salt;
        ProviderKind kind;
        bytes32 nameHash;
        bytes32 skeletonHash;
        bytes32 licence;
    }

    /// @notice A provider as stored.
    /// @param author May anchor records.
    /// @param emergency May open emergency sessions.
    struct Provider {
        ProviderStatus status;
        ProviderKind kind;
        bool author;
        bool emergency;
        bytes32 nameHash;
        bytes32 skeletonHash;
        bytes32 licence;
    }

    /// @notice Emitted when a provider is admitted, active and without privileges.
    event ProviderRegistered(
        ProviderId indexed provider,
        address indexed key,
        ProviderKind kind,
        bytes32 nameHash,
        bytes32 skeletonHash,
        bytes32 licence
    );

    /// @notice Emitted when an active provider is suspended: nothing is permitted to it from this block on.
    event ProviderSuspended(ProviderId indexed provider);

    /// @notice Emitted when a suspended provider is active again.
    event ProviderReinstated(ProviderId indexed provider);

    /// @notice Emitted when a provider is retired, for ever.
    event ProviderRetired(ProviderId indexed provider);

    /// @notice Emitted when a key begins to speak for a provider; the first one is in ProviderRegistered.
    event ProviderKeyAdded(ProviderId indexed provider, address indexed key);

    /// @notice Emitted when a key ceases to speak for a provider, and for anybody, for ever.
    event ProviderKeyRemoved(ProviderId indexed provider, address indexed key);

    /// @notice Emitted when a provider may anchor records that patients let it write.
    event AuthorshipGranted(ProviderId indexed provider);

    /// @notice Emitted when a provider may no longer anchor records. What it anchored stays.
    event AuthorshipRevoked(ProviderId indexed provider);

    /// @notice Emitted when a practitioner may open emergency sessions.
    event EmergencyGranted(ProviderId indexed provider);

    /// @notice Emitted when a practitioner may no longer open emergency sessions.
    event EmergencyRevoked(ProviderId indexed provider);

    /// @notice Emitted when an organisation, by `signer`, names a practitioner as its own.
    event AffiliationProposed(ProviderId indexed organisation, ProviderId indexed practitioner, address signer);

    /// @notice Emitted when the practitioner, by `signer`, agrees: they may now act for the organisation.
    event AffiliationAccepted(ProviderId indexed organisation, ProviderId indexed practitioner, address signer);

    /// @notice Emitted when either side, by `signer`, ends or declines it: nothing is permitted through it from this block on.
    event AffiliationEnded(ProviderId indexed organisation, ProviderId indexed practitioner, address signer);

    /// @notice Thrown when nobody is registered under this id.
    error ProviderNotRegistered(ProviderId provider);

    /// @notice Thrown when the same first key is registered with the same salt again.
    error ProviderAlreadyRegistered(ProviderId provider);

    /// @notice Thrown when the provider would have to be active, or not retired, and is neither.
    error ProviderNotActive(ProviderId provider, ProviderStatus status);

    /// @notice Thrown when None is to be admitted, or an organisation is to open emergency sessions.
    error ProviderKindInvalid(ProviderKind kind);

    /// @notice Thrown when the hash of the name or of its skeleton is zero, or the name is empty.
    error ProviderNameMissing();

    /// @notice Thrown when `holder`, retired or not, bears a name that looks the same.
    error ProviderNameTaken(bytes32 skeletonHash, ProviderId holder);

    /// @notice Thrown when `holder`, retired or not, was admitted with this licence.
    error ProviderLicenceTaken(bytes32 licence, ProviderId holder);

    /// @notice Thrown when a practitioner is to be admitted without a licence.
    error ProviderLicenceMissing();

    /// @notice Thrown when an organisation is to be admitted with a practitioner's licence.
    error ProviderLicenceUnexpected(bytes32 licence);

    /// @notice Thrown when a key is, or ever was, some provider's.
    error ProviderKeyTaken(address key);

    /// @notice Thrown when a signer, or the key to remove, is none of this provider's.
    error ProviderKeyUnknown(ProviderId provider, address key);

    /// @notice Thrown when a provider's only key is to be removed.
    error ProviderLastKey(ProviderId provider);

    /// @notice Thrown when a provider already has this status.
    error ProviderStatusUnchanged(ProviderId provider, ProviderStatus status);

    /// @notice Thrown unless the first is a registered organisation and the second a registered practitioner.
    error AffiliationInvalid(ProviderId organisation, ProviderId practitioner);

    /// @notice Thrown when a later decision on this affiliation, signed at `asOf`, took effect.
    error AffiliationSuperseded(ProviderId organisation, ProviderId practitioner, uint40 signedAt, uint40 asOf);

    /// @notice Thrown when the affiliation is not in the state that the verb follows from, but in `status`.
    error AffiliationStateInvalid(ProviderId organisation, ProviderId practitioner, AffiliationStatus status);

    /// @notice Admits a provider, active and without privileges.
    /// @dev By a registrar. `key` is the decision of the provider's first key, permissive: only who holds it can be admitted with it,
    /// and a registrar cannot choose another name, kind or id for it. Emits ProviderRegistered. The key signs
    ///
    /// `ProviderAdmission(string name,string kind,bytes32 provider,bytes32 salt,uint40 signedAt,uint40 deadline)`, kind in lower case.
    ///
    /// Warning: `skeletonHash` is the registrar's word: nothing here can compare it with the name.
    /// @return provider `providerIdOf(key.signer, admission.salt)`.
    /// Errors: ProviderAlreadyRegistered, ProviderNameMissing, ProviderNameTaken, ProviderKindInvalid, ProviderLicenceMissing,
    /// ProviderLicenceTaken, ProviderLicenceUnexpected, ProviderKeyTaken, those of IAuthorized, AccessManagedUnauthorized.
    function register(Admission calldata admission, Authorization calldata key) external returns (ProviderId provider);

    /// @notice Suspends an active provider, and with an organisation everything asked through it, from this block on.
    /// @dev By a registrar. Emits ProviderSuspended.
    /// Errors: ProviderNotRegistered, ProviderStatusUnchanged, ProviderNotActive (retired), AccessManagedUnauthorized.
    function suspend(ProviderId provider) external;

    /// @notice Ends a suspension.
    /// @dev By a registrar. Emits ProviderReinstated.
    /// Errors: ProviderNotRegistered, ProviderStatusUnchanged, ProviderNotActive (retired), AccessManagedUnauthorized.
    function reinstate(ProviderId provider) external;

    /// @notice Retires an active or suspended provider. Its name, licence and keys stay taken.
    /// @dev By a registrar. Emits ProviderRetired.
    ///
    /// Warning: cannot be undone.
    /// Errors: ProviderNotRegistered, ProviderStatusUnchanged, AccessManagedUnauthorized.
    function retire(ProviderId provider) external;

    /// @notice Lets a provider anchor records, where patients let it write. A repeat changes and emits nothing.
    /// @dev By a registrar. Emits AuthorshipGranted. Errors: ProviderNotRegistered, ProviderNotActive (retired), AccessManagedUnauthorized.
    function grantAuthorship(ProviderId provider) external;

    /// @notice Takes that away. A repeat changes and emits nothing.
    /// @dev By a registrar. Emits AuthorshipRevoked. Errors: ProviderNotRegistered, AccessManagedUnauthorized.
    function revokeAuthorship(ProviderId provider) external;

    /// @notice Lets a practitioner open emergency sessions. A repeat changes and emits nothing.
    /// @dev By an emergency officer, after the delay of that role (24 hours at least). Emits EmergencyGranted.
    /// Errors: ProviderNotRegistered, ProviderNotActive (retired), ProviderKindInvalid, those of AccessManager.
    function grantEmergency(ProviderId provider) external;

    /// @notice Takes that away. A repeat changes and emits nothing.
    /// @dev By a registrar, at once: what narrows access must not wait. Emits EmergencyRevoked.
    /// Errors: ProviderNotRegistered, AccessManagedUnauthorized.
    function revokeEmergency(ProviderId provider) external;

    /// @notice Lets another key speak for an active provider.
    /// @dev Decided twice over the same struct, each with times of its own, both permissive: `key` by the key that joins,
    /// `authorization` by one that is held. Anybody may submit it; at most one of the two can be the caller. Emits ProviderKeyAdded. Both sign
    ///
    /// `ProviderKeyAddition(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)`.
    /// Errors: ProviderNotRegistered, ProviderNotActive, ProviderKeyUnknown, ProviderKeyTaken, those of IAuthorized.
    function addKey(ProviderId provider, Authorization calldata key, Authorization calldata authorization) external;

    /// @notice Ends what a key may say, at once. It can never join a provider again, here or elsewhere.
    /// @dev By any key of the provider, itself included, whatever the provider's status. Restrictive. Emits ProviderKeyRemoved. Signed as
    ///
    /// `ProviderKeyRemoval(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)`.
    ///
    /// Warning: whoever steals one key can remove all others. A registrar can then suspend the provider.
    /// Errors: ProviderKeyUnknown (of the signer or of `key`; a repeat, too), ProviderLastKey, those of IAuthorized.
    function removeKey(ProviderId provider, address key, Authorization calldata authorization) external;

    /// @notice Names a practitioner as the organisation's own; nothing is permitted through it until they accept.
    /// @dev By a key of the organisation, which must be active. Permissive; from None or Ended. Emits AffiliationProposed. Signed as
    ///
    /// `AffiliationProposal(string organisation,string practitioner,bytes32 organisationId,bytes32 practitionerId,uint40 signedAt,uint40
    /// deadline)` (one line, single spaces).
    /// Errors: AffiliationInvalid, ProviderNotActive, ProviderKeyUnknown, AffiliationSuperseded, AffiliationStateInvalid, those of
    /// IAuthorized.
    function proposeAffiliation(
        ProviderId organisation,
        ProviderId practitioner,
        Authorization calldata authorization
    ) external;

    /// @notice Agrees to a proposal: the practitioner may act for the organisation from this block on.
    /// @dev By a key of the practitioner, who must be active. Permissive, but the proposal's own second will do; from Proposed. Emits
    /// AffiliationAccepted. Signed as `AffiliationAcceptance`, members as above.
    /// Errors: AffiliationInvalid, ProviderNotActive, ProviderKeyUnknown, AffiliationSuperseded, AffiliationStateInvalid, those of
    /// IAuthorized.
    function acceptAffiliation(
        ProviderId organisation,
        ProviderId practitioner,
        Authorization calldata authorization
    ) external;

    /// @notice Ends, declines or withdraws an affiliation, from this block on.
    /// @dev By a key of either side, whatever their status. Restrictive; from any state, where it also keeps out older proposals that
    /// were withheld. An exact repeat changes and emits nothing. Emits AffiliationEnded. Signed as `AffiliationEnd`, members as above.
    /// Errors: AffiliationInvalid, ProviderKeyUnknown (names the organisation), AffiliationSuperseded, those of IAuthorized.
    function endAffiliation(
        ProviderId organisation,
        ProviderId practitioner,
        Authorization calldata authorization
    ) external;

    /// @notice The id that `firstKey` gets for `salt`, registered or not:
    /// `keccak256(abi.encode(chainId, this contract, firstKey, salt))`.
    function providerIdOf(address firstKey, bytes32 salt) external view returns (ProviderId provider);

    /// @notice The provider a key speaks for, whatever that provider's status; zero for a key that no provider holds now.
    function providerOfKey(address key) external view returns (ProviderId provider);

    /// @notice A provider as stored; all zero for an unknown one.
    function providerOf(ProviderId provider) external view returns (Provider memory);

    /// @notice EIP-712's encoding of the provider's name; zero for an unknown one. Retired ones keep theirs.
    function nameHashOf(ProviderId provider) external view returns (bytes32 nameHash);

    /// @notice The state of an affiliation, and the second of the decision that brought it there.
    function affiliationOf(
        ProviderId organisation,
        ProviderId practitioner
    ) external view returns (AffiliationStatus status, uint40 asOf);

    /// @notice May `actor` act at all, and for `organisation`?
    /// @param organisation Zero when the actor acts for nobody else. An organisation is not its own affiliate.
    /// @return denial None; else the first of ActorUnknown, ActorNotActive, OrganisationNotActive (unknown, too), NotAffiliated.
    /// @return actorKind Kind of the actor, whatever the answer.
    /// @return author Whether the actor has the privilege to anchor, whatever the answer.
    function standingOf(
        ProviderId actor,
        ProviderId organisation
    ) external view returns (Denial denial, ProviderKind actorKind, bool author);
}
