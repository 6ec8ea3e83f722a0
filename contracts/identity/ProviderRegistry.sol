// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Authorization} from "../common/Authorization.sol";
import {Authorized} from "../common/Authorized.sol";
import {ProviderId} from "../common/Identifiers.sol";
import {ISignatureValidator} from "../common/ISignatureValidator.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";
import {ProviderKeys} from "./ProviderKeys.sol";

/// @title Providers
/// @notice Documented at IProviderRegistry. Here is what registrars do; what providers do themselves is inherited.
contract ProviderRegistry is ProviderKeys {
    bytes32 private constant _ADMISSION_TYPEHASH = keccak256(
        "ProviderAdmission(string name,string kind,bytes32 provider,bytes32 salt,uint40 signedAt,uint40 deadline)"
    );

    mapping(bytes32 skeletonHash => ProviderId) private _holdersOfName;
    mapping(bytes32 licence => ProviderId) private _holdersOfLicence;

    /// @param authority The AccessManager that says who is a registrar.
    /// @param lifetime As in `Authorized`.
    /// @param delay `keyDelay`.
    /// @param validator As in `Authorized`.
    constructor(
        address authority,
        uint40 lifetime,
        uint40 delay,
        ISignatureValidator validator
    ) AccessManaged(authority) ProviderKeys(delay) Authorized(lifetime, validator) {}

    /// @inheritdoc IProviderRegistry
    function register(
        Admission calldata admission,
        Authorization calldata key
    ) external restricted returns (ProviderId provider) {
        _permissiveTime(key);
        provider = providerIdOf(key.signer, admission.salt);
        if (_standings[provider].status != ProviderStatus.None) revert ProviderAlreadyRegistered(provider);
        _claimName(provider, admission);
        _claimLicence(provider, admission);

        _profiles[provider] = Profile(admission.nameHash, admission.skeletonHash, admission.licence);
        _standings[provider] = Standing({
            status: ProviderStatus.Active,
            kind: admission.kind,
            author: false,
            emergency: false,
            keys: 0
        });
        _bindKey(provider, key.signer);
        emit ProviderRegistered(
            provider,
            key.signer,
            admission.kind,
            admission.nameHash,
            admission.skeletonHash,
            admission.licence
        );

        _requireDecision(key, _admissionHash(provider, admission, key));
    }

    /// @inheritdoc IProviderRegistry
    function suspend(ProviderId provider) external restricted {
        _move(provider, ProviderStatus.Suspended);
        emit ProviderSuspended(provider);
    }

    /// @inheritdoc IProviderRegistry
    function reinstate(ProviderId provider) external restricted {
        _move(provider, ProviderStatus.Active);
        emit ProviderReinstated(provider);
    }

    /// @inheritdoc IProviderRegistry
    function retire(ProviderId provider) external restricted {
        _move(provider, ProviderStatus.Retired);
        emit ProviderRetired(provider);
    }

    /// @inheritdoc IProviderRegistry
    function grantAuthorship(ProviderId provider) external restricted {
        _requireNotRetired(provider);
        if (_standings[provider].author) return;
        _standings[provider].author = true;
        emit AuthorshipGranted(provider);
    }

    /// @inheritdoc IProviderRegistry
    function revokeAuthorship(ProviderId provider) external restricted {
        _requireRegistered(provider);
        if (!_standings[provider].author) return;
        _standings[provider].author = false;
        emit AuthorshipRevoked(provider);
    }

    /// @inheritdoc IProviderRegistry
    function grantEmergency(ProviderId provider) external restricted {
        _requireNotRetired(provider);
        ProviderKind kind = _standings[provider].kind;
        if (kind != ProviderKind.Practitioner) revert ProviderKindInvalid(kind);
        if (_standings[provider].emergency) return;
        _standings[provider].emergency = true;
        emit EmergencyGranted(provider);
    }

    /// @inheritdoc IProviderRegistry
    function revokeEmergency(ProviderId provider) external restricted {
        _requireRegistered(provider);
        if (!_standings[provider].emergency) return;
        _standings[provider].emergency = false;
        emit EmergencyRevoked(provider);
    }

    /// @dev Names and licences are never freed: a retired provider's must not be worn by somebody else.
    function _claimName(ProviderId provider, Admission calldata admission) private {
        bytes32 skeletonHash = admission.skeletonHash;
        if (admission.nameHash == 0 || admission.nameHash == keccak256("") || skeletonHash == 0) {
            revert ProviderNameMissing();
        }
        ProviderId holder = _holdersOfName[skeletonHash];
        if (ProviderId.unwrap(holder) != 0) revert ProviderNameTaken(skeletonHash, holder);
        _holdersOfName[skeletonHash] = provider;
    }

    function _claimLicence(ProviderId provider, Admission calldata admission) private {
        if (admission.kind == ProviderKind.None) revert ProviderKindInvalid(admission.kind);
        bytes32 licence = admission.licence;
        if (admission.kind != ProviderKind.Practitioner) {
            if (licence != 0) revert ProviderLicenceUnexpected(licence);
            return;
        }
        if (licence == 0) revert ProviderLicenceMissing();
        ProviderId holder = _holdersOfLicence[licence];
        if (ProviderId.unwrap(holder) != 0) revert ProviderLicenceTaken(licence, holder);
        _holdersOfLicence[licence] = provider;
    }

    function _requireNotRetired(ProviderId provider) private view returns (ProviderStatus status) {
        status = _requireRegistered(provider);
        if (status == ProviderStatus.Retired) revert ProviderNotActive(provider, status);
    }

    function _move(ProviderId provider, ProviderStatus status) private {
        ProviderStatus current = _requireRegistered(provider);
        if (current == status) revert ProviderStatusUnchanged(provider, status);
        if (current == ProviderStatus.Retired) revert ProviderNotActive(provider, current);
        _standings[provider].status = status;
    }

    function _admissionHash(
        ProviderId provider,
        Admission calldata admission,
        Authorization calldata key
    ) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    _ADMISSION_TYPEHASH,
                    admission.nameHash,
                    _kindHash(admission.kind),
                    provider,
                    admission.salt,
                    key.signedAt,
                    key.deadline
                )
            );
    }

    /// @dev EIP-712 encoding of the word for a kind.
    function _kindHash(ProviderKind kind) private pure returns (bytes32) {
        if (kind == ProviderKind.Hospital) return keccak256("hospital");
        if (kind == ProviderKind.Clinic) return keccak256("clinic");
        if (kind == ProviderKind.Laboratory) return keccak256("laboratory");
        if (kind == ProviderKind.Pharmacy) return keccak256("pharmacy");
        if (kind == ProviderKind.Payer) return keccak256("payer");
        if (kind == ProviderKind.Researcher) return keccak256("researcher");
        if (kind == ProviderKind.Manufacturer) return keccak256("manufacturer");
        if (kind == ProviderKind.Agency) return keccak256("agency");
        if (kind == ProviderKind.Regulator) return keccak256("regulator");
        return keccak256("practitioner");
    }
}
