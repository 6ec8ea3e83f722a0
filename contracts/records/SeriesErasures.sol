// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {AuthorId, PatientId, ProviderId, SeriesId} from "../common/Identifiers.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {Power} from "../identity/Power.sol";
import {ErasureWords} from "./ErasureWords.sol";
import {ISeriesErasures} from "./ISeriesErasures.sol";
import {SeriesDecisions} from "./SeriesDecisions.sol";

/// @title Erasure of series
/// @dev The part of RecordRegistry that holds requests for erasure, and what an author has to say about them.
abstract contract SeriesErasures is SeriesDecisions, ISeriesErasures {
    uint256 private constant _LONGEST_DEFERRAL = 10_958 days;

    /// @notice Says whose key signed.
    IProviderRegistry public immutable providerRegistry;
    /// @inheritdoc ISeriesErasures
    uint40 public immutable erasureDelay;

    ErasureWords private immutable _words;

    mapping(PatientId patient => mapping(SeriesId series => Erasure)) private _erasures;

    /// @param delay Seconds between a request and the deletion; 7 days by default.
    constructor(IProviderRegistry providers, uint40 delay) {
        providerRegistry = providers;
        erasureDelay = delay;
        _words = new ErasureWords();
    }

    /// @inheritdoc ISeriesErasures
    function requestErasure(PatientId patient, SeriesId series, Authorization calldata authorization) external {
        uint40 signedAt = _permissiveTime(authorization);
        _requireSeries(series);
        IPatientRegistry.Head memory head = _headDecidedBy(patient, authorization.signer, signedAt, Power.Administer);
        Erasure memory erasure = _erasureOf(patient, series);
        _requireNewer(patient, series, signedAt, erasure.asOf, head.signedFloor);
        _requireNotDeleted(patient, series, erasure);

        erasure.asOf = signedAt;
        if (erasure.requestedAt == 0) {
            (erasure.requestedAt, erasure.deferredUntil) = (uint40(block.timestamp), 0);
            erasure.reason = DeferralReason.None;
        }
        _erasures[patient][series] = erasure;
        emit ErasureRequested(patient, series, _deletableFrom(erasure), signedAt, authorization.signer);

        bytes32 action = keccak256("erase a record");
        _requireSeriesDecision(patient, head, Power.Administer, authorization, action, series, signedAt);
    }

    /// @inheritdoc ISeriesErasures
    function cancelErasure(PatientId patient, SeriesId series, Authorization calldata authorization) external {
        uint40 signedAt = _permissiveTime(authorization);
        _requireSeries(series);
        IPatientRegistry.Head memory head = _headDecidedBy(patient, authorization.signer, signedAt, Power.Protect);
        Erasure memory erasure = _erasureOf(patient, series);
        _requireNewer(patient, series, signedAt, erasure.asOf, head.signedFloor);
        _requireNotDeleted(patient, series, erasure);

        (erasure.asOf, erasure.requestedAt) = (signedAt, 0);
        _erasures[patient][series] = erasure;
        emit ErasureCancelled(patient, series, signedAt, authorization.signer);

        bytes32 action = keccak256("keep a record after all");
        _requireSeriesDecision(patient, head, Power.Protect, authorization, action, series, signedAt);
    }

    /// @inheritdoc ISeriesErasures
    function deferErasure(
        PatientId patient,
        AuthorId author,
        bytes32 seriesSalt,
        DeferralReason reason,
        uint40 until,
        Authorization calldata authorization
    ) external {
        uint40 signedAt = _permissiveTime(authorization);
        if (reason == DeferralReason.None) revert ErasureReasonMissing();
        address signer = authorization.signer;
        if (!_speaksFor(author, signer)) revert ErasureSignerNotAuthor(author, signer);
        SeriesId series = _seriesOf(patient, author, seriesSalt);
        Erasure memory erasure = _erasureOf(patient, series);
        if (erasure.requestedAt == 0) revert ErasureNotRequested(patient, series);
        _requireNotDeleted(patient, series, erasure);
        _requireNewer(patient, series, signedAt, erasure.deferralAsOf, 0);
        if (until <= erasure.requestedAt + erasureDelay || until > block.timestamp + _LONGEST_DEFERRAL) {
            revert ErasureDeferralInvalid(until);
        }

        (erasure.deferredUntil, erasure.deferralAsOf, erasure.reason) = (until, signedAt, reason);
        _erasures[patient][series] = erasure;
        emit ErasureDeferred(patient, series, author, reason, until, signer);

        _requireDeferral(authorization, patient, author, series, reason, until);
    }

    /// @inheritdoc ISeriesErasures
    function isErased(PatientId patient, SeriesId series) external view returns (bool) {
        return _isErased(patient, series);
    }

    /// @inheritdoc ISeriesErasures
    function erasureOf(
        PatientId patient,
        SeriesId series
    ) external view returns (Erasure memory erasure, uint40 deletableFrom) {
        erasure = _erasureOf(patient, series);
        deletableFrom = _deletableFrom(erasure);
    }

    function _isErased(PatientId patient, SeriesId series) internal view override returns (bool) {
        return _erasureOf(patient, series).requestedAt != 0;
    }

    /// @dev A suspended or retired author may still speak for what it wrote. Zero is what the registries answer for strangers.
    function _speaksFor(AuthorId author, address signer) internal view returns (bool) {
        bytes32 id = AuthorId.unwrap(author);
        if (id == 0) return false;
        if (ProviderId.unwrap(providerRegistry.providerOfKey(signer)) == id) return true;
        return patientRegistry.headOf(PatientId.wrap(id)).controller == signer;
    }

    /// @dev The slot, less a request that trustees ended in time: those they keep in PatientRegistry.
    function _erasureOf(PatientId patient, SeriesId series) private view returns (Erasure memory erasure) {
        erasure = _erasures[patient][series];
        (uint40 first, uint40 last) = patientRegistry.erasureCancelledAt(patient, series, erasure.asOf);
        if (first == 0) return erasure;
        uint40 deletableFrom = _deletableFrom(erasure);
        if (deletableFrom == 0 || first < deletableFrom) (erasure.requestedAt, erasure.asOf) = (0, last);
    }

    function _requireNotDeleted(PatientId patient, SeriesId series, Erasure memory erasure) private view {
        uint40 deletableFrom = _deletableFrom(erasure);
        if (deletableFrom != 0 && block.timestamp >= deletableFrom) revert SeriesErased(patient, series, deletableFrom);
    }

    /// @dev Zero where no request is in force.
    function _deletableFrom(Erasure memory erasure) private view returns (uint40 time) {
        if (erasure.requestedAt == 0) return 0;
        time = erasure.requestedAt + erasureDelay;
        if (erasure.deferredUntil > time) time = erasure.deferredUntil;
    }

    function _seriesOf(PatientId patient, AuthorId author, bytes32 seriesSalt) private pure returns (SeriesId) {
        return SeriesId.wrap(sha256(abi.encodePacked("anamnesis/series/v1", patient, author, seriesSalt)));
    }

    function _requireDeferral(
        Authorization calldata authorization,
        PatientId patient,
        AuthorId author,
        SeriesId series,
        DeferralReason reason,
        uint40 until
    ) private {
        (uint40 signedAt, uint40 deadline) = (authorization.signedAt, authorization.deadline);
        // Hashed without a signature, too: the date must be one that can be told.
        bytes32 structHash = _words.hashOfDeferral(reason, until, series, author, patient, signedAt, deadline);
        _requireDecision(authorization, structHash);
    }
}
