// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {Denial} from "../../contracts/common/Denial.sol";
import {ProviderId} from "../../contracts/common/Identifiers.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {ProviderVerbs} from "./ProviderVerbs.sol";

/// @title Who admits providers, and which keys speak for them
contract ProviderProofs is ProviderVerbs {
    function check_onlyRegistrarsAdmit(
        address caller,
        IProviderRegistry.Admission memory admission,
        Authorization memory key
    ) public {
        _assume(caller != _REGISTRAR_KEY);
        assert(!_register(caller, admission, key));
    }

    function check_admissionNeedsTheKeysDecision(
        IProviderRegistry.Admission memory admission,
        address key,
        uint40 signedAt,
        uint40 deadline
    ) public {
        _assume(key != _REGISTRAR_KEY);
        assert(!_register(_REGISTRAR_KEY, admission, _direct(key, signedAt, deadline)));
    }

    function check_admittedProviderHasNoPrivileges(
        IProviderRegistry.Admission memory admission,
        Authorization memory key
    ) public {
        _assume(_register(_REGISTRAR_KEY, admission, key));
        IProviderRegistry.Provider memory provider = _providers.providerOf(
            _providers.providerIdOf(key.signer, admission.salt)
        );
        assert(provider.status == IProviderRegistry.ProviderStatus.Active);
        assert(!provider.author && !provider.emergency);
    }

    /// @custom:halmos --default-bytes-lengths 65
    function check_nameIsAdmittedOnce(
        IProviderRegistry.Admission memory first,
        Authorization memory firstKey,
        IProviderRegistry.Admission memory second,
        Authorization memory secondKey
    ) public {
        _assume(first.skeletonHash == second.skeletonHash);
        _assume(_register(_REGISTRAR_KEY, first, firstKey));
        assert(!_register(_REGISTRAR_KEY, second, secondKey));
    }

    /// @custom:halmos --default-bytes-lengths 65
    function check_licenceIsAdmittedOnce(
        IProviderRegistry.Admission memory first,
        Authorization memory firstKey,
        IProviderRegistry.Admission memory second,
        Authorization memory secondKey
    ) public {
        _assume(first.licence != 0 && first.licence == second.licence);
        _assume(_register(_REGISTRAR_KEY, first, firstKey));
        assert(!_register(_REGISTRAR_KEY, second, secondKey));
    }

    function check_idBindsKeyAndSalt(address a, bytes32 saltA, address b, bytes32 saltB) public view {
        _assume(_same(_providers.providerIdOf(a, saltA), _providers.providerIdOf(b, saltB)));
        assert(a == b && saltA == saltB);
    }

    /// @custom:halmos --default-bytes-lengths 0
    function check_noVerbChangesWhatWasAdmitted(address caller, ProviderId provider) public {
        IProviderRegistry.Provider memory before = _providers.providerOf(provider);
        _assume(before.status != IProviderRegistry.ProviderStatus.None);
        _anyVerb(caller);
        IProviderRegistry.Provider memory later = _providers.providerOf(provider);
        assert(later.nameHash == before.nameHash && later.skeletonHash == before.skeletonHash);
        assert(later.kind == before.kind && later.licence == before.licence);
    }

    /// @custom:halmos --default-bytes-lengths 0
    function check_retiredStaysRetired(address caller, ProviderId provider) public {
        _assume(_statusOf(provider) == IProviderRegistry.ProviderStatus.Retired);
        _anyVerb(caller);
        assert(_statusOf(provider) == IProviderRegistry.ProviderStatus.Retired);
    }

    /// @custom:halmos --default-bytes-lengths 0
    function check_onlyRegistrarsChangeAStatus(address caller, ProviderId provider) public {
        _assume(caller != _REGISTRAR_KEY);
        IProviderRegistry.ProviderStatus before = _statusOf(provider);
        _anyVerb(caller);
        assert(_statusOf(provider) == before);
    }

    /// @custom:halmos --default-bytes-lengths 0
    function check_onlyRegistrarsGiveAuthorship(address caller, ProviderId provider) public {
        _assume(caller != _REGISTRAR_KEY && !_providers.providerOf(provider).author);
        _anyVerb(caller);
        assert(!_providers.providerOf(provider).author);
    }

    /// Not even a registrar, nor an emergency officer who did not announce it a day before.
    /// @custom:halmos --default-bytes-lengths 0
    function check_nobodyGivesEmergencyAtOnce(address caller, ProviderId provider) public {
        _assume(!_providers.providerOf(provider).emergency);
        _anyVerb(caller);
        assert(!_providers.providerOf(provider).emergency);
    }

    function check_suspensionBitesAtOnce(ProviderId provider, ProviderId organisation, bool isActor) public {
        _VM.prank(_REGISTRAR_KEY);
        _providers.suspend(provider);
        _assume(isActor || ProviderId.unwrap(provider) != 0);
        (Denial denial, , ) = isActor
            ? _providers.standingOf(provider, organisation)
            : _providers.standingOf(organisation, provider);
        assert(denial != Denial.None);
    }

    /// @custom:halmos --default-bytes-lengths 0
    function check_keyIsOfOneProvider(address caller, address key) public {
        ProviderId holder = _providers.providerOfKey(key);
        _assume(ProviderId.unwrap(holder) != 0);
        _anyVerb(caller);
        ProviderId later = _providers.providerOfKey(key);
        assert(_same(later, holder) || ProviderId.unwrap(later) == 0);
    }

    function check_keyJoinsByItsOwnDecision(
        address caller,
        ProviderId provider,
        address key,
        uint40 signedAt,
        uint40 deadline,
        Authorization memory authorization
    ) public {
        _assume(caller != key);
        assert(!_addKey(caller, provider, _direct(key, signedAt, deadline), authorization));
    }

    function check_keyJoinsByAHoldersDecision(
        address caller,
        ProviderId provider,
        Authorization memory key,
        Authorization memory authorization
    ) public {
        _assume(!_same(_providers.providerOfKey(authorization.signer), provider));
        assert(!_addKey(caller, provider, key, authorization));
    }

    function check_keyJoinsOnlyIfTheHolderDecided(
        address caller,
        ProviderId provider,
        Authorization memory key,
        address holder,
        uint40 signedAt,
        uint40 deadline
    ) public {
        _assume(caller != holder);
        assert(!_addKey(caller, provider, key, _direct(holder, signedAt, deadline)));
    }

    function check_removedKeySpeaksForNobody(
        address caller,
        ProviderId provider,
        address key,
        Authorization memory authorization
    ) public {
        _assume(_removeKey(caller, provider, key, authorization));
        assert(ProviderId.unwrap(_providers.providerOfKey(key)) == 0);
    }

    /// @custom:halmos --default-bytes-lengths 0
    function check_removedKeyNeverJoinsAgain(address caller, address holder, ProviderId provider, address key) public {
        _assume(_removeKey(holder, provider, key, _byCalling(holder)));
        _anyVerb(caller);
        assert(ProviderId.unwrap(_providers.providerOfKey(key)) == 0);
    }

    function check_onlyHoldersRemoveKeys(
        address caller,
        ProviderId provider,
        address key,
        Authorization memory authorization
    ) public {
        _assume(!_same(_providers.providerOfKey(authorization.signer), provider));
        assert(!_removeKey(caller, provider, key, authorization));
    }

    function check_onlyKeyStays(
        IProviderRegistry.Admission memory admission,
        Authorization memory key,
        Authorization memory removal
    ) public {
        _assume(_register(_REGISTRAR_KEY, admission, key));
        ProviderId provider = _providers.providerIdOf(key.signer, admission.salt);
        assert(!_removeKey(removal.signer, provider, key.signer, removal));
    }

    function _register(
        address caller,
        IProviderRegistry.Admission memory admission,
        Authorization memory key
    ) private returns (bool landed) {
        _assumeWallet(key);
        _VM.prank(caller);
        try _providers.register(admission, key) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _addKey(
        address caller,
        ProviderId provider,
        Authorization memory key,
        Authorization memory authorization
    ) private returns (bool landed) {
        _assumeWallet(key);
        _assumeWallet(authorization);
        _VM.prank(caller);
        try _providers.addKey(provider, key, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _removeKey(
        address caller,
        ProviderId provider,
        address key,
        Authorization memory authorization
    ) private returns (bool landed) {
        _assumeWallet(authorization);
        _VM.prank(caller);
        try _providers.removeKey(provider, key, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _statusOf(ProviderId provider) private view returns (IProviderRegistry.ProviderStatus) {
        return _providers.providerOf(provider).status;
    }
}
