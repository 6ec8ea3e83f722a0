// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../../contracts/common/Authorization.sol";
import {IProviderRegistry} from "../../../../contracts/identity/IProviderRegistry.sol";
import {ProviderVerbs} from "./ProviderVerbs.sol";

/// @notice Which keys speak for a provider, and who works for whom.
abstract contract MembershipVerbs is ProviderVerbs {
    function addKey(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 provider = random % _known.length;
        uint256 key = (random >> 8) % _KEYS;
        uint256 holder = _holderOf(random >> 16, provider);
        bool isForged = (random >> 24) % 6 == 0;
        Authorization memory joining = _joining(key, provider, isForged);
        Authorization memory authorization = _at(_addressOf(holder), _now());
        bytes memory data = abi.encodeCall(_providers.addKey, (_known[provider].id, joining, authorization));
        bool landed = _attempt(_addressOf(holder), address(_providers), data);
        bool isFree = _keyring[key].state == KeyState.Free;
        bool isByHolder = _speaksFor(holder, provider);
        if (!isFree) _watch("a key joins once", !landed);
        if (!isByHolder || isForged) _watch("both keys agree", !landed);
        if (!_isActive(provider)) _watch("only the active act", !landed);
        if (isFree && isByHolder && !isForged && _isActive(provider)) _watch("who may join joins", landed);
        if (!landed) return;
        _count("key added");
        _keyring[key] = Key(KeyState.Held, provider, 0, 0);
        _known[provider].keys += 1;
    }

    function removeKey(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 provider = random % _known.length;
        uint256 key = (random >> 8) % 3 == 0 ? (random >> 12) % _KEYS : _holderOf(random >> 12, provider);
        uint256 holder = _holderOf(random >> 16, provider);
        Authorization memory authorization = _at(_addressOf(holder), _now());
        bytes memory data = abi.encodeCall(_providers.removeKey, (_known[provider].id, _addressOf(key), authorization));
        bool landed = _attempt(_addressOf(holder), address(_providers), data);
        bool isOurs = _speaksFor(holder, provider) && _speaksFor(key, provider);
        if (!isOurs) _watch("both keys agree", !landed);
        else _watch("a provider keeps a key", landed == (_known[provider].keys > 1));
        if (!landed) return;
        _count("key removed");
        // The place of a key that is being replaced is taken already.
        if (_keyring[key].state != KeyState.Leaving) _known[provider].keys -= 1;
        _keyring[key].state = KeyState.Spent;
    }

    function replaceKey(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 provider = random % _known.length;
        uint256 lost = (random >> 8) % 4 == 0 ? (random >> 12) % _KEYS : _holderOf(random >> 12, provider);
        uint256 coming = (random >> 16) % _KEYS;
        address caller = _officeOr(random >> 24, _REGISTRAR);
        bytes memory data = abi.encodeCall(
            _providers.announceKeyReplacement,
            (_known[provider].id, _addressOf(lost), _joining(coming, provider, false))
        );
        bool landed = _attempt(caller, address(_providers), data);
        if (caller != _REGISTRAR) _watch("only a registrar admits", !landed);
        if (!_speaksFor(lost, provider)) _watch("a lost key was the provider's", !landed);
        if (_isRetired(provider)) _watch("retired is for ever", !landed);
        // The one that was to come before is free again.
        bool isReplaced = _keyring[lost].state == KeyState.Leaving && _keyring[lost].other == coming;
        if (_keyring[coming].state != KeyState.Free && !isReplaced) _watch("a key joins once", !landed);
        if (!landed) return;
        _count("replacement announced");
        if (_keyring[lost].state == KeyState.Leaving) delete _keyring[_keyring[lost].other];
        uint40 effectiveAt = _now() + _DELAY;
        _keyring[lost] = Key(KeyState.Leaving, provider, coming, effectiveAt);
        _keyring[coming] = Key(KeyState.Coming, provider, lost, effectiveAt);
    }

    function keepKey(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 lost = random % _KEYS;
        for (uint256 i = 0; i < _KEYS && _keyring[lost].state != KeyState.Leaving; ++i) lost = (lost + 1) % _KEYS;
        uint256 provider = _keyring[lost].provider;
        uint256 holder = _holderOf(random >> 16, provider);
        bytes memory data = abi.encodeCall(
            _providers.cancelKeyReplacement,
            (_known[provider].id, _addressOf(lost), _at(_addressOf(holder), _now()))
        );
        bool landed = _attempt(_addressOf(holder), address(_providers), data);
        bool isLeaving = _keyring[lost].state == KeyState.Leaving && block.timestamp < _keyring[lost].effectiveAt;
        bool isDue = isLeaving && _isActive(provider) && _speaksFor(holder, provider);
        _watch("a replacement may be stopped", landed == isDue);
        if (!landed) return;
        _count("replacement cancelled");
        delete _keyring[_keyring[lost].other];
        _keyring[lost] = Key(KeyState.Held, provider, 0, 0);
    }

    function propose(uint256 seed) external {
        (uint256 random, uint256 organisation, uint256 person, uint40 signedAt) = _pair(seed);
        uint256 holder = _holderOf(random >> 16, random % 4 == 0 ? person : organisation);
        bytes memory data = abi.encodeCall(
            _providers.proposeAffiliation,
            (_known[organisation].id, _known[person].id, _at(_addressOf(holder), signedAt))
        );
        bool landed = _attempt(_addressOf(holder), address(_providers), data);
        Affiliation storage affiliation = _affiliations[organisation][person];
        if (!_speaksFor(holder, organisation)) _watch("both sides affiliate", !landed);
        if (!_isActive(organisation)) _watch("only the active act", !landed);
        if (signedAt <= affiliation.asOf) _watch("the later decision stands", !landed);
        if (landed) {
            (affiliation.status, affiliation.asOf) = (IProviderRegistry.AffiliationStatus.Proposed, signedAt);
        }
    }

    function accept(uint256 seed) external {
        (uint256 random, uint256 organisation, uint256 person, uint40 signedAt) = _pair(seed);
        uint256 holder = _holderOf(random >> 16, random % 4 == 0 ? organisation : person);
        bytes memory data = abi.encodeCall(
            _providers.acceptAffiliation,
            (_known[organisation].id, _known[person].id, _at(_addressOf(holder), signedAt))
        );
        bool landed = _attempt(_addressOf(holder), address(_providers), data);
        Affiliation storage affiliation = _affiliations[organisation][person];
        bool isProposed = affiliation.status == IProviderRegistry.AffiliationStatus.Proposed;
        if (!_speaksFor(holder, person) || !isProposed) _watch("both sides affiliate", !landed);
        if (!_isActive(person)) _watch("only the active act", !landed);
        if (signedAt < affiliation.asOf) _watch("the later decision stands", !landed);
        if (!landed) return;
        _count("affiliated");
        (affiliation.status, affiliation.asOf) = (IProviderRegistry.AffiliationStatus.Active, signedAt);
    }

    function end(uint256 seed) external {
        (uint256 random, uint256 organisation, uint256 person, uint40 signedAt) = _pair(seed);
        uint256 holder =
            random % 4 == 0 ? (random >> 16) % _KEYS : _holderOf(random >> 16, random % 2 == 0 ? organisation : person);
        bytes memory data = abi.encodeCall(
            _providers.endAffiliation,
            (_known[organisation].id, _known[person].id, _at(_addressOf(holder), signedAt))
        );
        bool landed = _attempt(_addressOf(holder), address(_providers), data);
        Affiliation storage affiliation = _affiliations[organisation][person];
        bool isBySide = _speaksFor(holder, organisation) || _speaksFor(holder, person);
        if (!isBySide) _watch("both sides affiliate", !landed);
        else if (signedAt < affiliation.asOf) _watch("the later decision stands", !landed);
        else _watch("narrowing always lands", landed);
        if (landed) (affiliation.status, affiliation.asOf) = (IProviderRegistry.AffiliationStatus.Ended, signedAt);
    }

    /// @dev A key that speaks for the provider, if there is one, mostly.
    function _holderOf(uint256 random, uint256 provider) private view returns (uint256 key) {
        key = random % _KEYS;
        if ((random >> 8) % 6 == 0) return key;
        for (uint256 i = 0; i < _KEYS && !_speaksFor(key, provider); ++i) key = (key + 1) % _KEYS;
    }

    function _pair(
        uint256 seed
    ) private returns (uint256 random, uint256 organisation, uint256 person, uint40 signedAt) {
        random = _begin(seed);
        (organisation, person) = ((random >> 232) % 4 == 0 ? 1 : 0, (random >> 236) % 4 == 0 ? 3 : 2);
        signedAt = _now() - ((random >> 240) % 3 == 0 ? uint40((random >> 244) % 8) : 0);
    }
}
