// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {Denial} from "../../contracts/common/Denial.sol";
import {ProviderId} from "../../contracts/common/Identifiers.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {ProviderVerbs} from "./ProviderVerbs.sol";

/// @title Who works for whom: by both sides, until either ends it
contract AffiliationProofs is ProviderVerbs {
    struct Pair {
        ProviderId organisation;
        ProviderId practitioner;
    }

    function check_acceptanceNeedsThePractitioner(
        address caller,
        Pair memory pair,
        Authorization memory authorization
    ) public {
        _assume(!_same(_providers.providerOfKey(authorization.signer), pair.practitioner));
        assert(!_accept(caller, pair, authorization));
    }

    function check_proposalAlonePermitsNothing(
        address caller,
        Pair memory pair,
        Authorization memory authorization
    ) public {
        _assume(_propose(caller, pair, authorization));
        (Denial denial, , ) = _providers.standingOf(pair.practitioner, pair.organisation);
        assert(denial != Denial.None);
    }

    function check_endPermitsNothing(address caller, Pair memory pair, Authorization memory authorization) public {
        _assume(ProviderId.unwrap(pair.organisation) != 0);
        _assume(_end(caller, pair, authorization));
        (Denial denial, , ) = _providers.standingOf(pair.practitioner, pair.organisation);
        assert(denial != Denial.None);
    }

    /// `asOf` never lies ahead of the clock: `check_affiliationIsNeverAhead`.
    function check_eitherSideCanAlwaysEnd(address caller, Pair memory pair) public {
        ProviderId holder = _providers.providerOfKey(caller);
        _assume(ProviderId.unwrap(holder) != 0);
        _assume(_same(holder, pair.practitioner) || _same(holder, pair.organisation));
        IProviderRegistry.ProviderKind kind = _providers.providerOf(pair.organisation).kind;
        _assume(kind > IProviderRegistry.ProviderKind.None && kind < IProviderRegistry.ProviderKind.Practitioner);
        _assume(_providers.providerOf(pair.practitioner).kind == IProviderRegistry.ProviderKind.Practitioner);
        _assume(_statusOf(pair) <= IProviderRegistry.AffiliationStatus.Ended && _asOf(pair) <= _now);
        assert(_end(caller, pair, _byCalling(caller)));
    }

    /// @custom:halmos --default-bytes-lengths 0
    function check_affiliationIsNeverAhead(address caller, Pair memory pair) public {
        _assume(_asOf(pair) <= _now);
        _anyVerb(caller);
        assert(_asOf(pair) <= _now);
    }

    function _propose(
        address caller,
        Pair memory pair,
        Authorization memory authorization
    ) private returns (bool landed) {
        _assumeWallet(authorization);
        _VM.prank(caller);
        try _providers.proposeAffiliation(pair.organisation, pair.practitioner, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _accept(
        address caller,
        Pair memory pair,
        Authorization memory authorization
    ) private returns (bool landed) {
        _assumeWallet(authorization);
        _VM.prank(caller);
        try _providers.acceptAffiliation(pair.organisation, pair.practitioner, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _end(address caller, Pair memory pair, Authorization memory authorization) private returns (bool landed) {
        _assumeWallet(authorization);
        _VM.prank(caller);
        try _providers.endAffiliation(pair.organisation, pair.practitioner, authorization) {
            landed = true;
        } catch {} // solhint-disable-line no-empty-blocks
    }

    function _statusOf(Pair memory pair) private view returns (IProviderRegistry.AffiliationStatus status) {
        (status, ) = _providers.affiliationOf(pair.organisation, pair.practitioner);
    }

    function _asOf(Pair memory pair) private view returns (uint40 asOf) {
        (, asOf) = _providers.affiliationOf(pair.organisation, pair.practitioner);
    }
}
