// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Labels, PatientId, SeriesId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {PatientAuthority} from "../identity/PatientAuthority.sol";
import {Power} from "../identity/Power.sol";
import {ISeriesDecisions} from "./ISeriesDecisions.sol";

/// @title What a patient decides about one series
/// @dev The part of RecordRegistry that holds restrictions and disputes.
abstract contract SeriesDecisions is ISeriesDecisions, PatientAuthority {
    using Vocabulary for Labels;

    bytes32 private constant _RESTRICTION_TYPEHASH = keccak256(
        "SeriesRestriction(string action,string[] labels,bytes32 series,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _DECISION_TYPEHASH = keccak256(
        "SeriesDecision(string action,bytes32 series,bytes32 patient,uint40 signedAt,uint40 deadline)"
    );

    /// @dev One slot: | 48 .. 255 unused | disputed 8 | asOf 40 |
    struct Dispute {
        uint40 asOf;
        bool isDisputed;
    }

    mapping(PatientId patient => mapping(SeriesId series => Restrictions)) private _restrictions;
    mapping(PatientId patient => mapping(SeriesId series => Dispute)) private _disputes;

    /// @inheritdoc ISeriesDecisions
    function restrict(PatientId patient, SeriesId series, Labels added, Authorization calldata authorization) external {
        uint40 signedAt = _restrictiveTime(authorization);
        _requireForm(series, added);
        IPatientRegistry.Head memory head = _headDecidedBy(patient, authorization.signer, signedAt, Power.Narrow);

        _add(patient, series, added, signedAt, authorization.signer, head.controller == authorization.signer);

        bytes32 action = keccak256("treat a record also as");
        _requireRestriction(patient, head, Power.Narrow, authorization, action, added, series, signedAt);
    }

    /// @inheritdoc ISeriesDecisions
    function unrestrict(
        PatientId patient,
        SeriesId series,
        Labels removed,
        Authorization calldata authorization
    ) external {
        uint40 signedAt = _permissiveTime(authorization);
        _requireForm(series, removed);
        IPatientRegistry.Head memory head = _headDecidedBy(patient, authorization.signer, signedAt, Power.Decide);

        _remove(patient, series, removed, signedAt, authorization.signer, head);

        bytes32 action = keccak256("no longer treat a record as");
        _requireRestriction(patient, head, Power.Decide, authorization, action, removed, series, signedAt);
    }

    /// @inheritdoc ISeriesDecisions
    function dispute(PatientId patient, SeriesId series, Authorization calldata authorization) external {
        uint40 signedAt = _restrictiveTime(authorization);
        _requireSeries(series);
        IPatientRegistry.Head memory head = _headDecidedBy(patient, authorization.signer, signedAt, Power.Narrow);
        Dispute memory current = _disputes[patient][series];
        if (signedAt < current.asOf) revert SeriesDecisionSuperseded(patient, series, signedAt, current.asOf);

        if (signedAt != current.asOf || !current.isDisputed) {
            _disputes[patient][series] = Dispute(signedAt, true);
            emit SeriesDisputed(patient, series, signedAt, authorization.signer);
        }

        bytes32 action = keccak256("dispute a record");
        _requireSeriesDecision(patient, head, Power.Narrow, authorization, action, series, signedAt);
    }

    /// @inheritdoc ISeriesDecisions
    function withdrawDispute(PatientId patient, SeriesId series, Authorization calldata authorization) external {
        uint40 signedAt = _permissiveTime(authorization);
        _requireSeries(series);
        IPatientRegistry.Head memory head = _headDecidedBy(patient, authorization.signer, signedAt, Power.Decide);
        _requireNewer(patient, series, signedAt, _disputes[patient][series].asOf, head.signedFloor);

        _disputes[patient][series] = Dispute(signedAt, false);
        emit SeriesDisputeWithdrawn(patient, series, signedAt, authorization.signer);

        bytes32 action = keccak256("withdraw the dispute of a record");
        _requireSeriesDecision(patient, head, Power.Decide, authorization, action, series, signedAt);
    }

    /// @inheritdoc ISeriesDecisions
    function restrictionsOf(PatientId patient, SeriesId series) external view returns (Restrictions memory) {
        return _restrictions[patient][series];
    }

    /// @inheritdoc ISeriesDecisions
    function disputeOf(PatientId patient, SeriesId series) external view returns (bool isDisputed, uint40 asOf) {
        Dispute memory current = _disputes[patient][series];
        return (current.isDisputed, current.asOf);
    }

    /// @inheritdoc ISeriesDecisions
    function statesOf(
        PatientId patient,
        SeriesId[] calldata series
    ) external view returns (SeriesState[] memory states) {
        states = new SeriesState[](series.length);
        for (uint256 i = 0; i < series.length; ++i) states[i] = stateOf(patient, series[i]);
    }

    /// @inheritdoc ISeriesDecisions
    function stateOf(PatientId patient, SeriesId series) public view returns (SeriesState memory) {
        return
            SeriesState({
                restrictions: _union(_restrictions[patient][series]),
                isDisputed: _disputes[patient][series].isDisputed,
                isErased: _isErased(patient, series)
            });
    }

    /// @dev Where the erasures are kept.
    function _isErased(PatientId patient, SeriesId series) internal view virtual returns (bool);

    function _requireSeries(SeriesId series) internal pure {
        if (SeriesId.unwrap(series) == 0) revert SeriesMissing();
    }

    /// @dev The permissive rule.
    function _requireNewer(
        PatientId patient,
        SeriesId series,
        uint40 signedAt,
        uint40 asOf,
        uint40 signedFloor
    ) internal pure {
        if (signedFloor > asOf) asOf = signedFloor;
        if (signedAt <= asOf) revert SeriesDecisionSuperseded(patient, series, signedAt, asOf);
    }

    /// @dev The last step of the verbs that need no more words than an action.
    function _requireSeriesDecision(
        PatientId patient,
        IPatientRegistry.Head memory head,
        Power power,
        Authorization calldata authorization,
        bytes32 action,
        SeriesId series,
        uint40 signedAt
    ) internal {
        _requireDecisionOf(
            patient,
            head,
            power,
            authorization,
            keccak256(abi.encode(_DECISION_TYPEHASH, action, series, patient, signedAt, authorization.deadline))
        );
    }

    function _add(
        PatientId patient,
        SeriesId series,
        Labels added,
        uint40 signedAt,
        address signer,
        bool isController
    ) private {
        Restrictions memory current = _restrictions[patient][series];
        Labels before = isController ? current.controller : current.delegates;
        uint40 asOf = isController ? current.controllerAsOf : current.delegatesAsOf;
        if (signedAt < asOf) revert SeriesDecisionSuperseded(patient, series, signedAt, asOf);
        Labels wanted = Labels.wrap(Labels.unwrap(before) | Labels.unwrap(added));
        if (signedAt == asOf && Labels.unwrap(wanted) == Labels.unwrap(before)) return;

        if (isController) (current.controller, current.controllerAsOf) = (wanted, signedAt);
        else (current.delegates, current.delegatesAsOf) = (wanted, signedAt);
        _restrictions[patient][series] = current;
        emit SeriesRestricted(patient, series, added, _union(current), signedAt, signer);
    }

    function _remove(
        PatientId patient,
        SeriesId series,
        Labels removed,
        uint40 signedAt,
        address signer,
        IPatientRegistry.Head memory head
    ) private {
        bool isController = head.controller == signer;
        Restrictions memory current = _restrictions[patient][series];
        uint40 asOf = isController ? current.controllerAsOf : current.delegatesAsOf;
        _requireNewer(patient, series, signedAt, asOf, head.signedFloor);

        if (isController) {
            (current.controller, current.controllerAsOf) = (_without(current.controller, removed), signedAt);
        }
        if (!isController || signedAt > current.delegatesAsOf) {
            (current.delegates, current.delegatesAsOf) = (_without(current.delegates, removed), signedAt);
        }
        _restrictions[patient][series] = current;
        emit SeriesUnrestricted(patient, series, removed, _union(current), signedAt, signer);
    }

    function _requireForm(SeriesId series, Labels labels) private pure {
        _requireSeries(series);
        if (!labels.isValid()) revert SeriesLabelsInvalid(labels);
    }

    function _requireRestriction(
        PatientId patient,
        IPatientRegistry.Head memory head,
        Power power,
        Authorization calldata authorization,
        bytes32 action,
        Labels labels,
        SeriesId series,
        uint40 signedAt
    ) private {
        if (!_isSigned(authorization)) return _requireCallerOf(patient, head, power, authorization);
        bytes32 structHash = keccak256(
            abi.encode(
                _RESTRICTION_TYPEHASH,
                action,
                labels.hashOf(),
                series,
                patient,
                signedAt,
                authorization.deadline
            )
        );
        _requireDecisionOf(patient, head, power, authorization, structHash);
    }

    function _union(Restrictions memory halves) private pure returns (Labels) {
        return Labels.wrap(Labels.unwrap(halves.controller) | Labels.unwrap(halves.delegates));
    }

    function _without(Labels labels, Labels removed) private pure returns (Labels) {
        return Labels.wrap(Labels.unwrap(labels) & ~Labels.unwrap(removed));
    }
}
