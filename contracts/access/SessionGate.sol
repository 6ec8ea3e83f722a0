// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Labels, PatientId, ProviderId, Purpose, SeriesId, SessionId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {ProviderStanding} from "../identity/ProviderStanding.sol";
import {IAccessGate} from "./IAccessGate.sol";
import {SessionDecision} from "./SessionDecision.sol";

/// @title What every kind of session has in common
/// @dev The part of AccessGate that knows a session's form and id, and logs refusals.
abstract contract SessionGate is IAccessGate, SessionDecision {
    using ProviderStanding for IProviderRegistry;
    using Vocabulary for Labels;

    /// @inheritdoc IAccessGate
    uint40 public immutable sessionLifetime;
    /// @inheritdoc IAccessGate
    uint32 public immutable denialsPerDay;

    /// @dev One slot: day 40 | count 32.
    struct Denials {
        uint40 day;
        uint32 count;
    }

    mapping(ProviderId caller => Denials denials) private _denials;

    /// @param lifetime Seconds a session may last at most; 12 hours by default.
    /// @param cap Refusals logged for one calling provider in a UTC day; 32 by default.
    constructor(uint40 lifetime, uint32 cap) {
        sessionLifetime = lifetime;
        denialsPerDay = cap;
    }

    /// @inheritdoc IAccessGate
    function denialsToday(ProviderId provider) external view returns (uint256 count) {
        Denials memory denials = _denials[provider];
        return denials.day == _today() ? denials.count : 0;
    }

    /// @inheritdoc IAccessGate
    function sessionIdOf(
        PatientId patient,
        ProviderId actor,
        bytes32 sessionKeyHash,
        uint40 expiresAt
    ) public view returns (SessionId) {
        return SessionId.wrap(keccak256(abi.encode(address(this), patient, actor, sessionKeyHash, expiresAt)));
    }

    /// @dev The caller's provider.
    function _requireProvider() internal view returns (ProviderId caller) {
        caller = providerRegistry.holderOf(msg.sender);
        if (_isZero(caller)) revert SessionStranger(msg.sender);
    }

    /// @dev What every caller must get right, known without asking: a mistake, not a refusal to be logged.
    function _requireKeyAndPeriod(bytes32 sessionKeyHash, uint40 expiresAt) internal view {
        if (sessionKeyHash == 0) revert SessionKeyMissing();
        // No underflow: the first condition ends it.
        unchecked {
            if (expiresAt <= block.timestamp || expiresAt - block.timestamp > sessionLifetime) {
                revert SessionPeriodInvalid(expiresAt);
            }
        }
    }

    function _requireLabels(Labels labels) internal pure {
        if (!labels.isValid()) revert SessionLabelsInvalid(labels);
    }

    /// @dev Counts and logs, so that a refused attempt is not lost to a revert, and nobody can flood a trail.
    function _deny(
        ProviderId caller,
        ProviderId actor,
        Denial denial,
        PatientId patient,
        ProviderId organisation,
        Purpose purpose,
        Labels labels,
        SeriesId series
    ) internal {
        _countDenial(caller);
        emit AccessDenied(patient, actor, denial, organisation, purpose, labels, series);
    }

    function _countDenial(ProviderId caller) private {
        Denials memory denials = _denials[caller];
        uint40 today = _today();
        uint32 count = denials.day == today ? denials.count : 0;
        if (count >= denialsPerDay) revert SessionDenialsExhausted(caller, denialsPerDay);
        _denials[caller] = Denials(today, count + 1);
    }

    function _today() private view returns (uint40) {
        return uint40(block.timestamp / 1 days);
    }
}
