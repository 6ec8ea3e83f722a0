// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {Denial} from "../../contracts/common/Denial.sol";
import {ProviderId} from "../../contracts/common/Identifiers.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {ProviderVerbs} from "./ProviderVerbs.sol";

/// @title Who admits providers, and which keys speak for them
contract ProviderProofs is ProviderVerbs {
    /// @custom:halmos --default-bytes-lengths 0
    function check_retiredStaysRetired(address caller, ProviderId provider) public {
        _assume(_statusOf(provider) == IProviderRegistry.ProviderStatus.Retired);
        _anyVerb(caller);
        assert(_statusOf(provider) == IProviderRegistry.ProviderStatus.Retired);
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

    function check_removedKeySpeaksForNobody(
        address caller,
        ProviderId provider,
        address key,
        Authorization memory authorization
    ) public {
        _assume(_removeKey(caller, provider, key, authorization));
        assert(ProviderId.unwrap(_providers.providerOfKey(key)) == 0);
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
