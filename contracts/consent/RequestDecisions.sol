// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {PatientId, ProviderId, SeriesId} from "../common/Identifiers.sol";
import {IProviderRegistry} from "../identity/IProviderRegistry.sol";
import {ProviderStanding} from "../identity/ProviderStanding.sol";
import {ConsentBook, ConsentBookLibrary, Decision} from "./ConsentBook.sol";
import {ConsentStructs} from "./ConsentStructs.sol";
import {IConsentRequests} from "./IConsentRequests.sol";
import {IConsentTerms} from "./IConsentTerms.sol";
import {Switches} from "./Switches.sol";

/// @title Providers asking for consent
/// @dev Code that ConsentRegistry runs as its own and is linked with: together they would be too large.
library RequestDecisions {
    using ProviderStanding for IProviderRegistry;

    bytes32 private constant _REQUEST_TYPEHASH = keccak256(
        "ConsentRequest(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,uint40 signedAt,uint40 deadline)"
    );
    ProviderId private constant _EVERYBODY = ProviderId.wrap(0);

    /// @return structHash `ConsentRequest`, if signed.
    function request(
        ConsentBook storage book,
        IProviderRegistry providers,
        IConsentTerms.Terms memory terms,
        Decision memory decision
    ) external returns (bytes32 structHash) {
        (PatientId patient, ProviderId requester) = (terms.patient, terms.grantee);
        _requireActiveKey(providers, requester, decision.signer);
        mapping(ProviderId provider => Switches) storage mutes = book.mutes[patient];
        if (mutes[requester].isOn() || mutes[_EVERYBODY].isOn() || book.isExcluded(patient, requester)) {
            revert IConsentRequests.ConsentRequestMuted(patient, requester);
        }
        bytes32 key = ConsentBookLibrary.consentKeyOf(patient, SeriesId.wrap(0), requester, terms.purpose);
        ConsentBookLibrary.requireNewer(patient, decision.signedAt, book.requestedAt[key], 0);

        book.requestedAt[key] = decision.signedAt;
        _emit(terms, decision);
        if (!decision.isSigned) return 0;
        return ConsentStructs.hashOfTerms(_REQUEST_TYPEHASH, terms, providers.nameHashOf(requester), decision);
    }

    function _emit(IConsentTerms.Terms memory terms, Decision memory decision) private {
        emit IConsentRequests.ConsentRequested(
            terms.patient,
            terms.grantee,
            terms.purpose,
            terms.labels,
            terms.actions,
            terms.notBefore,
            terms.notAfter,
            decision.signedAt,
            decision.signer,
            terms.document
        );
    }

    function _requireActiveKey(IProviderRegistry providers, ProviderId provider, address key) private view {
        ProviderId holder = providers.providerOfKey(key);
        if (ProviderId.unwrap(provider) == 0 || ProviderId.unwrap(holder) != ProviderId.unwrap(provider)) {
            revert IConsentTerms.ConsentSignerNotProvider(provider, key);
        }
        (Denial denial, ) = providers.ask(provider, ProviderId.wrap(0));
        if (denial != Denial.None) revert IConsentRequests.ConsentRequesterNotActive(provider);
    }
}
