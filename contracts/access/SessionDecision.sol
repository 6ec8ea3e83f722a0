// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Labels, PatientId, ProviderId, Purpose, SeriesId} from "../common/Identifiers.sol";
import {Vocabulary} from "../common/Vocabulary.sol";
import {IConsentRegistry, Via} from "../consent/IConsentRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {ProviderStanding} from "../identity/ProviderStanding.sol";

/// @title Who may open a session
abstract contract SessionDecision {
    using ProviderStanding for IProviderRegistry;

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
        (denial, grantTag) = _ask(patient, actor, via, purpose, labels, series);
        if (denial == Denial.None && _isZero(via.organisation) && (_IMPERSONAL >> Purpose.unwrap(purpose)) & 1 == 0) {
            (, IProviderRegistry.ProviderKind kind) = providerRegistry.ask(actor, ProviderId.wrap(0));
            if (kind != IProviderRegistry.ProviderKind.Practitioner) return (Denial.PersonRequired, 0);
        }
    }

    /// @dev `consentRegistry.decide` for reading. Every opening asks it, and encoding the path anew would cost more than all that it is
    /// asked; what is false in it the registry refuses to decode.
    function _ask(
        PatientId patient,
        ProviderId actor,
        Via calldata via,
        Purpose purpose,
        Labels labels,
        SeriesId series
    ) private view returns (Denial denial, bytes32 grantTag) {
        IConsentRegistry registry = consentRegistry;
        bytes4 selector = IConsentRegistry.decide.selector;
        uint256 action = Vocabulary.READ;
        ProviderId[] calldata chain = via.chain;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 4), patient)
            mstore(add(free, 36), actor)
            mstore(add(free, 68), 224)
            mstore(add(free, 100), purpose)
            mstore(add(free, 132), labels)
            mstore(add(free, 164), series)
            mstore(add(free, 196), action)
            // The path: organisation, where its chain lies, by series or not; then the chain.
            calldatacopy(add(free, 228), via, 96)
            mstore(add(free, 260), 96)
            mstore(add(free, 324), chain.length)
            let size := shl(5, chain.length)
            calldatacopy(add(free, 356), chain.offset, size)
            // The right one runs first.
            if iszero(and(gt(returndatasize(), 63), staticcall(gas(), registry, free, add(356, size), 0, 64))) {
                revert(0, 0)
            }
            denial := mload(0)
            grantTag := mload(32)
        }
    }

    function _isZero(ProviderId provider) internal pure returns (bool) {
        return ProviderId.unwrap(provider) == 0;
    }
}
