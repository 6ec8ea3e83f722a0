// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {Denial} from "../../contracts/common/Denial.sol";
import {
    Actions,
    AuthorId,
    Labels,
    PatientId,
    ProviderId,
    Purpose,
    RecordId,
    SeriesId
} from "../../contracts/common/Identifiers.sol";
import {World} from "../World.sol";

/// @title Who may anchor and retract, and what that touches
/// @dev What lands is proved for calls: signed anchors hash the words of symbolic labels (see GrantProofs).
contract RecordProofs is World {
    struct Anchor {
        PatientId patient;
        RecordId recordId;
        Labels labels;
        Purpose purpose;
        ProviderId organisation;
    }

    struct Slot {
        PatientId patient;
        RecordId recordId;
        Labels labels;
        AuthorId author;
    }

    function check_strangerNeverAnchors(
        address caller,
        Anchor memory record,
        Authorization memory authorization
    ) public single(record.patient) {
        _assume(authorization.signer != address(0) && _controllerOf(record.patient) != authorization.signer);
        _assume(ProviderId.unwrap(_providers.providerOfKey(authorization.signer)) == 0);
        assert(!_anchor(caller, record, authorization));
    }

    function check_anchorNeedsAuthorship(
        address caller,
        Anchor memory record,
        Authorization memory authorization
    ) public single(record.patient) {
        _assume(_controllerOf(record.patient) != authorization.signer);
        _assume(!_providers.providerOf(_providers.providerOfKey(authorization.signer)).author);
        assert(!_anchor(caller, record, authorization));
    }

    function check_anchorNeedsWrite(
        address caller,
        Anchor memory record,
        Authorization memory authorization
    ) public single(record.patient) {
        _assume(_controllerOf(record.patient) != authorization.signer);
        (bool isPermitted, ) = _consents.isPermitted(
            record.patient,
            _providers.providerOfKey(authorization.signer),
            _viaOrganisation(record.organisation),
            record.purpose,
            record.labels,
            SeriesId.wrap(0),
            Actions.wrap(2)
        );
        _assume(!isPermitted);
        assert(!_anchor(caller, record, authorization));
    }

    function check_anchorNeedsItsSigner(
        address caller,
        Anchor memory record,
        address signer,
        uint40 signedAt,
        uint40 deadline
    ) public single(record.patient) {
        _assume(caller != signer);
        assert(!_anchor(caller, record, _direct(signer, signedAt, deadline)));
    }

    function check_anchorNeedsAnId(
        address caller,
        Anchor memory record,
        Authorization memory authorization
    ) public single(record.patient) {
        record.recordId = RecordId.wrap(0);
        assert(!_anchor(caller, record, authorization));
    }

    function check_anchorNeedsKnownLabels(
        address caller,
        Anchor memory record,
        Authorization memory authorization
    ) public single(record.patient) {
        uint64 labels = Labels.unwrap(record.labels);
        _assume(labels == 0 || labels & ~uint64(0xffff_00ff_ffff_ffff) != 0);
        assert(!_anchor(caller, record, authorization));
    }

    function check_anchoredOnce(
        address caller,
        Anchor memory record,
        Authorization memory authorization
    ) public single(record.patient) {
        AuthorId author = _authorOf(record.patient, authorization.signer);
        _assume(_blockOf(Slot(record.patient, record.recordId, record.labels, author)) != 0);
        assert(!_anchor(caller, record, authorization));
    }

    /// The counter-case: the patient's own record, and a provider's where it may write.
    function check_authorsAnchor(address caller, Anchor memory record, uint40 signedAt) public single(record.patient) {
        _assume(caller != address(0) && RecordId.unwrap(record.recordId) != 0 && signedAt <= _now);
        _assume(_now - signedAt <= _LIFETIME);
        uint64 labels = Labels.unwrap(record.labels);
        _assume(labels != 0 && labels & ~uint64(0xffff_00ff_ffff_ffff) == 0);
        AuthorId author = _authorOf(record.patient, caller);
        _assume(_blockOf(Slot(record.patient, record.recordId, record.labels, author)) == 0);
        if (_controllerOf(record.patient) != caller) {
            ProviderId provider = _providers.providerOfKey(caller);
            (bool isPermitted, ) = _consents.isPermitted(
                record.patient,
                provider,
                _viaOrganisation(record.organisation),
                record.purpose,
                record.labels,
                SeriesId.wrap(0),
                Actions.wrap(2)
            );
            _assume(isPermitted && ProviderId.unwrap(provider) != 0 && _providers.providerOf(provider).author);
        }
        assert(_anchor(caller, record, _direct(caller, signedAt, _now)));
    }

    function check_anchorNotesItsBlock(
        address caller,
        Anchor memory record,
        uint40 signedAt,
        uint40 deadline
    ) public single(record.patient) {
        AuthorId author = _authorOf(record.patient, caller);
        _assume(_anchor(caller, record, _direct(caller, signedAt, deadline)));
        assert(_blockOf(Slot(record.patient, record.recordId, record.labels, author)) == block.number);
    }

    function check_anchorTouchesNoOtherSlot(
        address caller,
        Anchor memory record,
        uint40 signedAt,
        uint40 deadline,
        Slot memory other
    ) public single(record.patient) {
        _assume(
            !_same(other.patient, record.patient) ||
                RecordId.unwrap(other.recordId) != RecordId.unwrap(record.recordId) ||
                Labels.unwrap(other.labels) != Labels.unwrap(record.labels) ||
                AuthorId.unwrap(other.author) != AuthorId.unwrap(_authorOf(record.patient, caller))
        );
        uint256 before = _blockOf(other);
        _assume(_anchor(caller, record, _direct(caller, signedAt, deadline)));
        assert(_blockOf(other) == before);
    }

    /// @custom:halmos --default-bytes-lengths 0
    function check_noVerbMovesAnAnchor(address caller, Slot memory slot) public single(slot.patient) {
        uint256 before = _blockOf(slot);
        _assume(before != 0);
        _anyVerb(caller);
        assert(_blockOf(slot) == before);
    }

    function check_strangersRetractionIsRefused(
        address caller,
        RecordId recordId,
        AuthorId author,
        Authorization memory authorization
    ) public {
        _assume(ProviderId.unwrap(_providers.providerOfKey(authorization.signer)) != AuthorId.unwrap(author));
        _assume(_controllerOf(PatientId.wrap(AuthorId.unwrap(author))) != authorization.signer);
        assert(!_retract(caller, recordId, author, authorization));
    }

    function check_retractionNeedsItsSigner(
        address caller,
        RecordId recordId,
        AuthorId author,
        address signer,
        uint40 signedAt,
        uint40 deadline
    ) public {
        _assume(caller != signer);
        assert(!_retract(caller, recordId, author, _direct(signer, signedAt, deadline)));
    }

    function check_authorCanAlwaysRetract(address caller, RecordId recordId) public {
        _assume(RecordId.unwrap(recordId) != 0);
        AuthorId author = AuthorId.wrap(ProviderId.unwrap(_providers.providerOfKey(caller)));
        _assume(AuthorId.unwrap(author) != 0);
        assert(_retract(caller, recordId, author, _byCalling(caller)));
        assert(_records.isRetracted(recordId, author));
    }

    function check_retractionTouchesNoOther(
        address caller,
        RecordId recordId,
        AuthorId author,
        RecordId otherId,
        AuthorId otherAuthor
    ) public {
        _assume(
            RecordId.unwrap(recordId) != RecordId.unwrap(otherId) ||
                AuthorId.unwrap(author) != AuthorId.unwrap(otherAuthor)
        );
        bool before = _records.isRetracted(otherId, otherAuthor);
        _assume(_retract(caller, recordId, author, _byCalling(caller)));
        assert(_records.isRetracted(otherId, otherAuthor) == before);
    }

    /// @custom:halmos --default-bytes-lengths 0
    function check_retractedStaysRetracted(address caller, RecordId recordId, AuthorId author) public {
        _assume(_records.isRetracted(recordId, author));
        _anyVerb(caller);
        assert(_records.isRetracted(recordId, author));
    }

    function _anchor(
        address caller,
        Anchor memory record,
        Authorization memory authorization
    ) private returns (bool landed) {
        _assumeWallet(authorization);
        _VM.prank(caller);
        try
            _records.anchor(
                record.patient,
                record.recordId,
                record.labels,
                record.purpose,
                _viaOrganisation(record.organisation),
                authorization
            )
        {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _retract(
        address caller,
        RecordId recordId,
        AuthorId author,
        Authorization memory authorization
    ) private returns (bool landed) {
        _assumeWallet(authorization);
        _VM.prank(caller);
        try _records.retract(recordId, author, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _authorOf(PatientId patient, address signer) private view returns (AuthorId) {
        bytes32 provider = ProviderId.unwrap(_providers.providerOfKey(signer));
        return AuthorId.wrap(_controllerOf(patient) == signer ? PatientId.unwrap(patient) : provider);
    }

    function _blockOf(Slot memory slot) private view returns (uint256) {
        return _records.anchoredAt(slot.patient, slot.recordId, slot.labels, slot.author);
    }

    function _anyVerb(address caller) private {
        bytes memory data = _SVM.createCalldata("RecordRegistry");
        _VM.prank(caller);
        (bool isDone, ) = address(_records).call(data); // solhint-disable-line avoid-low-level-calls
        _assume(isDone);
    }
}
