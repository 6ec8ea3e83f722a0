// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Authorized} from "../common/Authorized.sol";
import {Denial} from "../common/Denial.sol";
import {Actions, AuthorId, Labels, PatientId, ProviderId, Purpose, RecordId, SeriesId} from "../common/Identifiers.sol";
import {ISignatureValidator} from "../common/ISignatureValidator.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IConsentRegistry, Via} from "../consent/IConsentRegistry.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {PatientAuthority} from "../identity/PatientAuthority.sol";
import {IRecordRegistry} from "./IRecordRegistry.sol";
import {SeriesErasures} from "./SeriesErasures.sol";

/// @title Records: which were anchored, for whom, by whom, and which were entered in error
/// @notice Documented at IRecordRegistry. What a patient decides about a series is inherited.
contract RecordRegistry is IRecordRegistry, SeriesErasures {
    using Vocabulary for Labels;

    bytes32 private constant _ANCHOR_TYPEHASH = keccak256(
        "RecordAnchor(string[] records,string purpose,bytes32 patient,bytes32 record,bytes32 via,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _RETRACTION_TYPEHASH = keccak256(
        "RecordRetraction(string action,bytes32 record,bytes32 author,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _RETRACTION_WORDS = keccak256("mark as entered in error");

    /// @notice Says whether the patient lets the author write.
    IConsentRegistry public immutable consentRegistry;

    mapping(bytes32 key => uint256 blockNumber) private _anchoredAt;
    mapping(AuthorId author => mapping(RecordId recordId => bool isRetracted)) private _retracted;

    /// @param erasureDelay As in `SeriesErasures`.
    /// @param lifetime As in `Authorized`.
    /// @param validator As in `Authorized`.
    constructor(
        IPatientRegistry patients,
        IProviderRegistry providers,
        IConsentRegistry consents,
        uint40 erasureDelay,
        uint40 lifetime,
        ISignatureValidator validator
    ) SeriesErasures(providers, erasureDelay) Authorized(lifetime, validator) PatientAuthority(patients) {
        consentRegistry = consents;
    }

    /// @inheritdoc IRecordRegistry
    function anchor(
        PatientId patient,
        RecordId recordId,
        Labels labels,
        Purpose purpose,
        Via calldata via,
        Authorization calldata authorization
    ) external {
        _permissiveTime(authorization);
        if (RecordId.unwrap(recordId) == 0) revert RecordIdMissing();
        if (!labels.isValid()) revert RecordLabelsInvalid(labels);
        AuthorId author = _authorOf(patient, labels, purpose, via, authorization.signer);
        bytes32 key = _keyOf(patient, recordId, labels, author);
        if (_anchoredAt[key] != 0) revert RecordAlreadyAnchored(recordId, _anchoredAt[key]);

        _anchoredAt[key] = block.number;
        emit RecordAnchored(recordId, patient, author, labels);

        if (_isSigned(authorization)) {
            _requireSignature(authorization, _anchorHash(patient, recordId, labels, purpose, via, authorization));
        } else {
            _requireCaller(authorization);
        }
    }

    /// @inheritdoc IRecordRegistry
    function retract(RecordId recordId, AuthorId author, Authorization calldata authorization) external {
        _restrictiveTime(authorization);
        if (RecordId.unwrap(recordId) == 0) revert RecordIdMissing();
        if (!_speaksFor(author, authorization.signer)) revert RecordSignerNotAuthor(author, authorization.signer);

        if (!_retracted[author][recordId]) {
            _retracted[author][recordId] = true;
            emit RecordRetracted(recordId, author);
        }

        if (_isSigned(authorization)) {
            _requireSignature(
                authorization,
                keccak256(
                    abi.encode(
                        _RETRACTION_TYPEHASH,
                        _RETRACTION_WORDS,
                        recordId,
                        author,
                        authorization.signedAt,
                        authorization.deadline
                    )
                )
            );
        } else {
            _requireCaller(authorization);
        }
    }

    /// @inheritdoc IRecordRegistry
    function anchoredAt(
        PatientId patient,
        RecordId recordId,
        Labels labels,
        AuthorId author
    ) external view returns (uint256 blockNumber) {
        return _anchoredAt[_keyOf(patient, recordId, labels, author)];
    }

    /// @inheritdoc IRecordRegistry
    function isRetracted(RecordId recordId, AuthorId author) external view returns (bool) {
        return _retracted[author][recordId];
    }

    function _authorOf(
        PatientId patient,
        Labels labels,
        Purpose purpose,
        Via calldata via,
        address signer
    ) private view returns (AuthorId author) {
        if (patientRegistry.headOf(patient).controller == signer) return AuthorId.wrap(PatientId.unwrap(patient));
        ProviderId provider = providerRegistry.providerOfKey(signer);
        author = AuthorId.wrap(ProviderId.unwrap(provider));
        if (ProviderId.unwrap(provider) == 0) revert RecordAuthorRefused(patient, author, Denial.ActorUnknown);
        (Denial denial, ) = consentRegistry.decide(
            patient,
            provider,
            via,
            purpose,
            labels,
            SeriesId.wrap(0),
            Actions.wrap(Vocabulary.WRITE)
        );
        if (denial != Denial.None) revert RecordAuthorRefused(patient, author, denial);
        (, , bool mayAuthor) = providerRegistry.standingOf(provider, ProviderId.wrap(0));
        if (!mayAuthor) revert RecordAuthorRefused(patient, author, Denial.AuthorshipMissing);
    }

    function _keyOf(
        PatientId patient,
        RecordId recordId,
        Labels labels,
        AuthorId author
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(recordId, patient, labels, author));
    }

    function _anchorHash(
        PatientId patient,
        RecordId recordId,
        Labels labels,
        Purpose purpose,
        Via calldata via,
        Authorization calldata authorization
    ) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    _ANCHOR_TYPEHASH,
                    Vocabulary.hashOf(labels),
                    Vocabulary.hashOf(purpose),
                    patient,
                    recordId,
                    keccak256(abi.encode(via)),
                    authorization.signedAt,
                    authorization.deadline
                )
            );
    }
}
