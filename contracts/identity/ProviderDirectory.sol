// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Authorized} from "../common/Authorized.sol";
import {ProviderId} from "../common/Identifiers.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";

/// @title Providers and their keys
/// @dev The part of ProviderRegistry that holds who a provider is and which keys speak for it.
abstract contract ProviderDirectory is IProviderRegistry, Authorized {
    bytes32 internal constant _KEY_ADDITION_TYPEHASH = keccak256(
        "ProviderKeyAddition(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _KEY_REMOVAL_TYPEHASH = keccak256(
        "ProviderKeyRemoval(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)"
    );

    /// @dev Holder of a key that left its provider: it may never join again, and speaks for nobody.
    ProviderId internal constant _SPENT = ProviderId.wrap(bytes32(uint256(1)));
    /// @dev Holder of a key that leaves, or joins, in a replacement: `_movedHolder` knows whose it is now.
    ProviderId internal constant _MOVING = ProviderId.wrap(bytes32(uint256(2)));

    /// @dev Everything a check reads, in one slot:
    ///
    ///     | 64 .. 255 unused | keys 32 | emergency 8 | author 8 | kind 8 | status 8 |
    struct Standing {
        ProviderStatus status;
        ProviderKind kind;
        bool author;
        bool emergency;
        uint32 keys;
    }

    /// @dev What a provider was admitted as; never changes.
    struct Profile {
        bytes32 nameHash;
        bytes32 skeletonHash;
        bytes32 licence;
    }

    mapping(ProviderId provider => Standing) internal _standings;
    mapping(ProviderId provider => Profile) internal _profiles;
    mapping(address key => ProviderId) internal _holders;

    /// @inheritdoc IProviderRegistry
    function addKey(ProviderId provider, Authorization calldata key, Authorization calldata authorization) external {
        _permissiveTime(key);
        _permissiveTime(authorization);
        _requireActive(provider);
        _requireHolder(provider, authorization.signer);

        _bindKey(provider, key.signer);
        emit ProviderKeyAdded(provider, key.signer);

        _requireDecision(key, _keyHash(_KEY_ADDITION_TYPEHASH, provider, key.signer, key));
        _requireDecision(authorization, _keyHash(_KEY_ADDITION_TYPEHASH, provider, key.signer, authorization));
    }

    /// @inheritdoc IProviderRegistry
    function removeKey(ProviderId provider, address key, Authorization calldata authorization) external {
        _restrictiveTime(authorization);
        _requireHolder(provider, authorization.signer);
        _requireHolder(provider, key);
        if (_standings[provider].keys == 1) revert ProviderLastKey(provider);

        // The place of a key that is being replaced is taken already.
        if (!_isLeaving(key)) _standings[provider].keys -= 1;
        _holders[key] = _SPENT;
        emit ProviderKeyRemoved(provider, key);

        _requireDecision(authorization, _keyHash(_KEY_REMOVAL_TYPEHASH, provider, key, authorization));
    }

    /// @inheritdoc IProviderRegistry
    function providerOf(ProviderId provider) external view returns (Provider memory) {
        Standing memory standing = _standings[provider];
        Profile memory profile = _profiles[provider];
        return
            Provider({
                status: standing.status,
                kind: standing.kind,
                author: standing.author,
                emergency: standing.emergency,
                nameHash: profile.nameHash,
                skeletonHash: profile.skeletonHash,
                licence: profile.licence
            });
    }

    /// @inheritdoc IProviderRegistry
    function nameHashOf(ProviderId provider) external view returns (bytes32) {
        return _profiles[provider].nameHash;
    }

    /// @inheritdoc IProviderRegistry
    function providerOfKey(address key) external view returns (ProviderId) {
        return _holderOf(key);
    }

    /// @inheritdoc IProviderRegistry
    function providerIdOf(address firstKey, bytes32 salt) public view returns (ProviderId) {
        return ProviderId.wrap(keccak256(abi.encode(block.chainid, address(this), firstKey, salt)));
    }

    /// @dev Gives `key` to `provider`, once and for ever.
    function _bindKey(ProviderId provider, address key) internal {
        if (ProviderId.unwrap(_holders[key]) != 0) revert ProviderKeyTaken(key);
        _holders[key] = provider;
        _standings[provider].keys += 1;
    }

    function _holds(ProviderId provider, address key) internal view returns (bool) {
        return ProviderId.unwrap(provider) != 0 && _same(_holderOf(key), provider);
    }

    /// @dev Zero for a key that speaks for nobody now.
    function _holderOf(address key) internal view returns (ProviderId holder) {
        holder = _holders[key];
        if (_same(holder, _SPENT)) return ProviderId.wrap(0);
        if (_same(holder, _MOVING)) return _movedHolder(key);
    }

    function _movedHolder(address key) internal view virtual returns (ProviderId);

    function _isLeaving(address key) internal view virtual returns (bool);

    function _requireHolder(ProviderId provider, address key) internal view {
        if (!_holds(provider, key)) revert ProviderKeyUnknown(provider, key);
    }

    function _requireRegistered(ProviderId provider) internal view returns (ProviderStatus status) {
        status = _standings[provider].status;
        if (status == ProviderStatus.None) revert ProviderNotRegistered(provider);
    }

    function _requireActive(ProviderId provider) internal view {
        ProviderStatus status = _requireRegistered(provider);
        if (status != ProviderStatus.Active) revert ProviderNotActive(provider, status);
    }

    function _same(ProviderId a, ProviderId b) internal pure returns (bool) {
        return ProviderId.unwrap(a) == ProviderId.unwrap(b);
    }

    function _keyHash(
        bytes32 typeHash,
        ProviderId provider,
        address key,
        Authorization calldata authorization
    ) internal view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    typeHash,
                    _profiles[provider].nameHash,
                    key,
                    provider,
                    authorization.signedAt,
                    authorization.deadline
                )
            );
    }
}
