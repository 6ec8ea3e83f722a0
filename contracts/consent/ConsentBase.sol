// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {PatientId, ProviderId} from "../common/Identifiers.sol";
import {IPatientRegistry} from "../identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {PatientAuthority} from "../identity/PatientAuthority.sol";
import {Power} from "../identity/Power.sol";
import {ConsentBook, ConsentBookLibrary, Decision} from "./ConsentBook.sol";
import {ConsentWords, ProviderMatter} from "./ConsentWords.sol";
import {IConsentTerms} from "./IConsentTerms.sol";

/// @title What the parts of ConsentRegistry share
/// @dev Verbs check times, authority and signatures here; what the longer ones do between lies in the libraries that the contract is
/// linked with.
abstract contract ConsentBase is IConsentTerms, PatientAuthority {
    /// @notice The registry that says who a provider is and works for.
    IProviderRegistry public immutable providerRegistry;

    /// @notice How many seconds from now a consent may last at most.
    uint40 public immutable maxDuration;

    ConsentBook internal _book;

    constructor(IProviderRegistry providers, uint40 duration) {
        providerRegistry = providers;
        maxDuration = duration;
    }

    /// @dev Who may decide that, and against what it is measured.
    function _decidedBy(
        PatientId patient,
        uint40 signedAt,
        Power power,
        Authorization calldata authorization
    ) internal view returns (IPatientRegistry.Head memory head, Decision memory decision) {
        head = _headDecidedBy(patient, authorization.signer, signedAt, power);
        decision = _decisionOf(signedAt, head, authorization);
    }

    function _decisionOf(
        uint40 signedAt,
        IPatientRegistry.Head memory head,
        Authorization calldata authorization
    ) internal pure returns (Decision memory) {
        return
            Decision({
                signer: authorization.signer,
                signedAt: signedAt,
                deadline: authorization.deadline,
                signedFloor: head.signedFloor,
                generation: head.generation,
                isSigned: _isSigned(authorization)
            });
    }

    function _nameHashOf(ProviderId provider) internal view returns (bytes32 nameHash) {
        nameHash = providerRegistry.nameHashOf(provider);
        if (nameHash == 0) revert ConsentGranteeUnknown(provider);
    }

    function _requireTerms(Terms memory terms) internal view {
        ConsentBookLibrary.requireTerms(terms, _latestEnd());
    }

    function _latestEnd() internal view returns (uint256) {
        return block.timestamp + maxDuration;
    }

    function _registeredHead(PatientId patient) internal view returns (IPatientRegistry.Head memory head) {
        head = _headOf(patient);
        if (!_isRegistered(head)) revert IPatientRegistry.PatientNotRegistered(patient);
    }

    /// @dev The last step of a verb of a patient. `structHash` is zero unless signed.
    function _settle(
        PatientId patient,
        IPatientRegistry.Head memory head,
        Power power,
        Authorization calldata authorization,
        bytes32 structHash
    ) internal {
        if (structHash != 0) _requireDecisionOf(patient, head, power, authorization, structHash);
        else _requireCallerOf(patient, head, power, authorization);
    }

    /// @dev The same for a verb about somebody, or about requests of everybody if `provider` is zero.
    function _settleMatter(
        ProviderMatter matter,
        Power power,
        PatientId patient,
        ProviderId provider,
        IPatientRegistry.Head memory head,
        Decision memory decision,
        Authorization calldata authorization
    ) internal {
        bytes32 hash;
        if (decision.isSigned) {
            bool isEverybody = _isZero(provider) && matter >= ProviderMatter.Mute;
            bytes32 nameHash = isEverybody ? keccak256("everybody") : _nameHashOf(provider);
            hash = ConsentWords.hashOfMatter(uint8(matter), patient, provider, nameHash, decision);
        }
        _settle(patient, head, power, authorization, hash);
    }

    function _isZero(ProviderId provider) internal pure returns (bool) {
        return ProviderId.unwrap(provider) == 0;
    }
}
