// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {ProviderId} from "../common/Identifiers.sol";
import {Denial} from "../common/Denial.sol";

interface IProviderRegistry {
    enum ProviderKind { None, Hospital, Clinic, Laboratory, Pharmacy, Payer, Researcher, Manufacturer, Agency, Regulator, Practitioner }
    enum ProviderStatus { None, Active, Suspended, Retired }
    enum AffiliationStatus { None, Proposed, Active, Ended }

    struct Admission {
        bytes32 salt;
        ProviderKind kind;
        bytes32 nameHash;
        bytes32 skeletonHash;
        /// Commitment to the licence, unique among practitioners; zero for organisations.
        bytes32 licence;
    }

    struct Provider {
        ProviderStatus status;
        ProviderKind kind;
        bool author;
        bool emergency;
        bytes32 nameHash;
        bytes32 skeletonHash;
        bytes32 licence;
    }

    event ProviderRegistered(ProviderId indexed provider, address indexed key, ProviderKind kind, bytes32 nameHash, bytes32 skeletonHash, bytes32 licence);
    event ProviderSuspended(ProviderId indexed provider);
    event ProviderReinstated(ProviderId indexed provider);
    event ProviderRetired(ProviderId indexed provider);
    event ProviderKeyAdded(ProviderId indexed provider, address indexed key);
    event ProviderKeyRemoved(ProviderId indexed provider, address indexed key);
    event AuthorshipGranted(ProviderId indexed provider);
    event AuthorshipRevoked(ProviderId indexed provider);
    event EmergencyGranted(ProviderId indexed provider);
    event EmergencyRevoked(ProviderId indexed provider);
    event AffiliationProposed(ProviderId indexed organisation, ProviderId indexed practitioner, address signer);
    event AffiliationAccepted(ProviderId indexed organisation, ProviderId indexed practitioner, address signer);
    event AffiliationEnded(ProviderId indexed organisation, ProviderId indexed practitioner, address signer);

    error ProviderNotRegistered(ProviderId provider);
    error ProviderAlreadyRegistered(ProviderId provider);
    error ProviderNotActive(ProviderId provider, ProviderStatus status);
    error ProviderKindInvalid(ProviderKind kind);
    error ProviderNameMissing();
    error ProviderNameTaken(bytes32 skeletonHash, ProviderId holder);
    error ProviderLicenceTaken(bytes32 licence, ProviderId holder);
    error ProviderLicenceMissing();
    error ProviderLicenceUnexpected(bytes32 licence);
    error ProviderKeyTaken(address key);
    error ProviderKeyUnknown(ProviderId provider, address key);
    error ProviderLastKey(ProviderId provider);
    error ProviderStatusUnchanged(ProviderId provider, ProviderStatus status);
    error AffiliationInvalid(ProviderId organisation, ProviderId practitioner);
    error AffiliationSuperseded(ProviderId organisation, ProviderId practitioner, uint40 signedAt, uint40 asOf);
    error AffiliationStateInvalid(ProviderId organisation, ProviderId practitioner, AffiliationStatus status);

    // Registrar (AccessManager roles). `key` is the authorization of the first key, which joins with its own signature (or as caller).
    /// EIP-712 of the key: ProviderAdmission(string name,string kind,bytes32 provider,bytes32 salt,uint40 signedAt,uint40 deadline)
    function register(Admission calldata admission, Authorization calldata key) external returns (ProviderId provider);
    function suspend(ProviderId provider) external;
    function reinstate(ProviderId provider) external;
    function retire(ProviderId provider) external;
    function grantAuthorship(ProviderId provider) external;
    function revokeAuthorship(ProviderId provider) external;
    // another role, execution delay of at least 24 hours
    function grantEmergency(ProviderId provider) external;
    function revokeEmergency(ProviderId provider) external;

    // Providers themselves
    /// EIP-712 of both: ProviderKeyAddition(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)
    function addKey(ProviderId provider, Authorization calldata key, Authorization calldata authorization) external;
    /// EIP-712: ProviderKeyRemoval(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)
    function removeKey(ProviderId provider, address key, Authorization calldata authorization) external;
    /// EIP-712: AffiliationProposal(string organisation,string practitioner,bytes32 organisationId,bytes32 practitionerId,uint40 signedAt,uint40 deadline)
    function proposeAffiliation(ProviderId organisation, ProviderId practitioner, Authorization calldata authorization) external;
    /// EIP-712: AffiliationAcceptance(same fields)
    function acceptAffiliation(ProviderId organisation, ProviderId practitioner, Authorization calldata authorization) external;
    /// By either side. EIP-712: AffiliationEnd(same fields)
    function endAffiliation(ProviderId organisation, ProviderId practitioner, Authorization calldata authorization) external;

    function providerIdOf(address firstKey, bytes32 salt) external view returns (ProviderId provider);
    /// Zero for a key that no provider holds now.
    function providerOfKey(address key) external view returns (ProviderId provider);
    function providerOf(ProviderId provider) external view returns (Provider memory);
    function nameHashOf(ProviderId provider) external view returns (bytes32 nameHash);
    function affiliationOf(ProviderId organisation, ProviderId practitioner) external view returns (AffiliationStatus status, uint40 asOf);
    /// None when `actor` is active and, if `organisation` is not zero, that organisation is active and `actor` its active affiliate (or the organisation itself is the actor: then pass zero).
    function standingOf(ProviderId actor, ProviderId organisation) external view returns (Denial denial, ProviderKind actorKind, bool author);
}
