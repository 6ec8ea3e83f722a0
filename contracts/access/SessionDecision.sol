// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Actions, Labels, PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IConsentRegistry, Via} from "../consent/IConsentRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";

/// @title Who may open a session
abstract contract SessionDecision {
    /// @dev Purposes, by bit, for which an organisation may ask without naming a person.
    uint256 private constant _IMPERSONAL =
        (1 << Vocabulary.PAYMENT) |
            (1 << Vocabulary.OPERATIONS) |
            (1 << Vocabulary.RESEARCH) |
            (1 << Vocabulary.PUBLIC_HEALTH) |
            (1 << Vocabulary.QUALITY);

    /// @notice Says whose key calls.
    IProviderRegistry public immutable providerRegistry;
    /// @notice Decides.
    IConsentRegistry public immutable consentRegistry;

    constructor(IProviderRegistry providers, IConsentRegistry consents) {
        providerRegistry = providers;
        consentRegistry = consents;
    }

    /// @dev The consent's answer, and for reading the rule that a person asks. An affiliate is a person: only a direct actor is looked up.
    function _decide(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series
    ) internal view returns (Denial denial, bytes32 grantTag) {
        (denial, grantTag) = consentRegistry.decide(
            patient,
            actor,
            via,
            purpose,
            labels,
            series,
            Actions.wrap(Vocabulary.READ)
        );
        if (denial == Denial.None && _isZero(via.organisation) && (_IMPERSONAL >> Purpose.unwrap(purpose)) & 1 == 0) {
            (, IProviderRegistry.ProviderKind kind, ) = providerRegistry.standingOf(actor, ProviderId.wrap(0));
            if (kind != IProviderRegistry.ProviderKind.Practitioner) return (Denial.PersonRequired, 0);
        }
    }

    function _isZero(ProviderId provider) internal pure returns (bool) {
        return ProviderId.unwrap(provider) == 0;
    }
}
