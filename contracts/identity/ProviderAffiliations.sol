// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Denial} from "../common/Denial.sol";
import {ProviderId} from "../common/Identifiers.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";
import {ProviderDirectory} from "./ProviderDirectory.sol";

/// @title Who works for whom
/// @dev The part of ProviderRegistry that joins practitioners to organisations, with both sides' consent.
abstract contract ProviderAffiliations is ProviderDirectory {
    bytes32 private constant _PROPOSAL_TYPEHASH = keccak256(
        "AffiliationProposal(string organisation,string practitioner,bytes32 organisationId,bytes32 practitionerId,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _ACCEPTANCE_TYPEHASH = keccak256(
        "AffiliationAcceptance(string organisation,string practitioner,bytes32 organisationId,bytes32 practitionerId,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _END_TYPEHASH = keccak256(
        "AffiliationEnd(string organisation,string practitioner,bytes32 organisationId,bytes32 practitionerId,uint40 signedAt,uint40 deadline)"
    );

    /// @dev One slot: | 48 .. 255 unused | asOf 40 | status 8 |
    struct Affiliation {
        AffiliationStatus status;
        uint40 asOf;
    }

    mapping(ProviderId organisation => mapping(ProviderId practitioner => Affiliation)) private _affiliations;

    /// @inheritdoc IProviderRegistry
    function proposeAffiliation(
        ProviderId organisation,
        ProviderId practitioner,
        Authorization calldata authorization
    ) external {
        uint40 signedAt = _permissiveTime(authorization);
        _requirePair(organisation, practitioner);
        _requireActive(organisation);
        _requireHolder(organisation, authorization.signer);
        Affiliation storage affiliation = _affiliations[organisation][practitioner];
        (AffiliationStatus status, uint40 asOf) = (affiliation.status, affiliation.asOf);
        if (signedAt <= asOf) revert AffiliationSuperseded(organisation, practitioner, signedAt, asOf);
        if (status == AffiliationStatus.Proposed || status == AffiliationStatus.Active) {
            revert AffiliationStateInvalid(organisation, practitioner, status);
        }

        (affiliation.status, affiliation.asOf) = (AffiliationStatus.Proposed, signedAt);
        emit AffiliationProposed(organisation, practitioner, authorization.signer);

        _requireDecision(authorization, _hash(_PROPOSAL_TYPEHASH, organisation, practitioner, signedAt, authorization));
    }

    /// @inheritdoc IProviderRegistry
    function acceptAffiliation(
        ProviderId organisation,
        ProviderId practitioner,
        Authorization calldata authorization
    ) external {
        uint40 signedAt = _permissiveTime(authorization);
        _requirePair(organisation, practitioner);
        _requireActive(practitioner);
        _requireHolder(practitioner, authorization.signer);
        Affiliation storage affiliation = _affiliations[organisation][practitioner];
        (AffiliationStatus status, uint40 asOf) = (affiliation.status, affiliation.asOf);
        // The second of the proposal itself will do: an acceptance widens nothing that was ended since.
        if (signedAt < asOf) revert AffiliationSuperseded(organisation, practitioner, signedAt, asOf);
        if (status != AffiliationStatus.Proposed) {
            revert AffiliationStateInvalid(organisation, practitioner, status);
        }

        (affiliation.status, affiliation.asOf) = (AffiliationStatus.Active, signedAt);
        emit AffiliationAccepted(organisation, practitioner, authorization.signer);

        _requireDecision(
            authorization,
            _hash(_ACCEPTANCE_TYPEHASH, organisation, practitioner, signedAt, authorization)
        );
    }

    /// @inheritdoc IProviderRegistry
    function endAffiliation(
        ProviderId organisation,
        ProviderId practitioner,
        Authorization calldata authorization
    ) external {
        uint40 signedAt = _restrictiveTime(authorization);
        _requirePair(organisation, practitioner);
        if (!_holds(practitioner, authorization.signer)) _requireHolder(organisation, authorization.signer);
        Affiliation storage affiliation = _affiliations[organisation][practitioner];
        (AffiliationStatus status, uint40 asOf) = (affiliation.status, affiliation.asOf);
        if (signedAt < asOf) revert AffiliationSuperseded(organisation, practitioner, signedAt, asOf);

        if (status != AffiliationStatus.Ended || signedAt != asOf) {
            (affiliation.status, affiliation.asOf) = (AffiliationStatus.Ended, signedAt);
            emit AffiliationEnded(organisation, practitioner, authorization.signer);
        }

        _requireDecision(authorization, _hash(_END_TYPEHASH, organisation, practitioner, signedAt, authorization));
    }

    /// @inheritdoc IProviderRegistry
    function affiliationOf(
        ProviderId organisation,
        ProviderId practitioner
    ) external view returns (AffiliationStatus status, uint40 asOf) {
        Affiliation storage affiliation = _affiliations[organisation][practitioner];
        return (affiliation.status, affiliation.asOf);
    }

    /// @inheritdoc IProviderRegistry
    function standingOf(
        ProviderId actor,
        ProviderId organisation
    ) external view returns (Denial denial, ProviderKind actorKind, bool author) {
        Standing storage standing = _standings[actor];
        ProviderStatus status = standing.status;
        (actorKind, author) = (standing.kind, standing.author);
        if (status != ProviderStatus.Active) {
            denial = status == ProviderStatus.None ? Denial.ActorUnknown : Denial.ActorNotActive;
        } else if (ProviderId.unwrap(organisation) != 0) {
            if (_standings[organisation].status != ProviderStatus.Active) {
                denial = Denial.OrganisationNotActive;
            } else if (_affiliations[organisation][actor].status != AffiliationStatus.Active) {
                denial = Denial.NotAffiliated;
            }
        }
    }

    /// @dev An organisation and a practitioner, both registered.
    function _requirePair(ProviderId organisation, ProviderId practitioner) private view {
        ProviderKind kind = _standings[organisation].kind;
        if (
            kind == ProviderKind.None ||
            kind == ProviderKind.Practitioner ||
            _standings[practitioner].kind != ProviderKind.Practitioner
        ) revert AffiliationInvalid(organisation, practitioner);
    }

    function _hash(
        bytes32 typeHash,
        ProviderId organisation,
        ProviderId practitioner,
        uint40 signedAt,
        Authorization calldata authorization
    ) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    typeHash,
                    _profiles[organisation].nameHash,
                    _profiles[practitioner].nameHash,
                    organisation,
                    practitioner,
                    signedAt,
                    authorization.deadline
                )
            );
    }
}
