// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Authorization} from "../common/Authorization.sol";
import {ProviderId} from "../common/Identifiers.sol";
import {IProviderKeyReplacement} from "./IProviderKeyReplacement.sol";
import {ProviderAffiliations} from "./ProviderAffiliations.sol";

/// @title Lost keys, replaced by time alone
/// @dev The part of ProviderRegistry that costs other keys nothing: only those that move are looked up here.
abstract contract ProviderKeys is ProviderAffiliations, AccessManaged {
    bytes32 private constant _RETENTION_TYPEHASH = keccak256(
        "ProviderKeyRetention(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)"
    );

    /// @dev Of a key that moves. Two slots: provider; | 208 .. 255 unused | joins 8 | effectiveAt 40 | other 160 |
    ///
    /// `other`: the key that comes, of one that leaves; the one that leaves, of one that comes.
    struct Move {
        ProviderId provider;
        address other;
        uint40 effectiveAt;
        bool joins;
    }

    /// @inheritdoc IProviderKeyReplacement
    uint40 public immutable keyDelay;

    mapping(address key => Move) private _moves;

    constructor(uint40 delay) {
        keyDelay = delay;
    }

    /// @inheritdoc IProviderKeyReplacement
    function announceKeyReplacement(ProviderId provider, address lost, Authorization calldata key) external restricted {
        _permissiveTime(key);
        ProviderStatus status = _requireRegistered(provider);
        if (status == ProviderStatus.Retired) revert ProviderNotActive(provider, status);
        _requireHolder(provider, lost);
        _release(lost);
        if (ProviderId.unwrap(_holders[key.signer]) != 0) revert ProviderKeyTaken(key.signer);

        uint40 effectiveAt = uint40(block.timestamp) + keyDelay;
        (_holders[lost], _holders[key.signer]) = (_MOVING, _MOVING);
        _moves[lost] = Move(provider, key.signer, effectiveAt, false);
        _moves[key.signer] = Move(provider, lost, effectiveAt, true);
        emit ProviderKeyReplacementAnnounced(provider, lost, key.signer, effectiveAt);

        _requireDecision(key, _keyHash(_KEY_ADDITION_TYPEHASH, provider, key.signer, key));
    }

    /// @inheritdoc IProviderKeyReplacement
    function cancelKeyReplacement(ProviderId provider, address lost, Authorization calldata authorization) external {
        _restrictiveTime(authorization);
        _requireActive(provider);
        _requireHolder(provider, authorization.signer);
        Move memory move = _moves[lost];
        if (!_isLeaving(lost) || !_same(move.provider, provider)) revert ProviderReplacementMissing(provider, lost);

        _release(lost);
        _holders[lost] = provider;
        emit ProviderKeyReplacementCancelled(provider, lost, move.other, authorization.signer);

        _requireDecision(authorization, _keyHash(_RETENTION_TYPEHASH, provider, lost, authorization));
    }

    /// @inheritdoc IProviderKeyReplacement
    function keyReplacementOf(address lost) external view returns (address key, uint40 effectiveAt) {
        Move storage move = _moves[lost];
        if (!move.joins) (key, effectiveAt) = (move.other, move.effectiveAt);
    }

    function _movedHolder(address key) internal view override returns (ProviderId) {
        Move storage move = _moves[key];
        bool isEffective = block.timestamp >= move.effectiveAt;
        return isEffective == move.joins ? move.provider : ProviderId.wrap(0);
    }

    /// @dev Whether a key still speaks for its provider, and will not.
    function _isLeaving(address key) internal view override returns (bool) {
        Move storage move = _moves[key];
        return _same(_holders[key], _MOVING) && !move.joins && block.timestamp < move.effectiveAt;
    }

    /// @dev The key that was to come instead of `lost` is free again.
    function _release(address lost) private {
        if (!_isLeaving(lost)) return;
        address coming = _moves[lost].other;
        _holders[coming] = ProviderId.wrap(0);
        delete _moves[coming];
        delete _moves[lost];
    }
}
