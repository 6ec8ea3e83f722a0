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

    function check_anchoredOnce(
        address caller,
        Anchor memory record,
        Authorization memory authorization
    ) public single(record.patient) {
        AuthorId author = _authorOf(record.patient, authorization.signer);
        _assume(_blockOf(Slot(record.patient, record.recordId, record.labels, author)) != 0);
        assert(!_anchor(caller, record, authorization));
    }

    function check_authorCanAlwaysRetract(address caller, RecordId recordId) public {
        _assume(RecordId.unwrap(recordId) != 0);
        AuthorId author = AuthorId.wrap(ProviderId.unwrap(_providers.providerOfKey(caller)));
        _assume(AuthorId.unwrap(author) != 0);
        assert(_retract(caller, recordId, author, _byCalling(caller)));
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
