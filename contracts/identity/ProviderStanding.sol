// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {ProviderId} from "../common/Identifiers.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";

/// @title What a decision asks of the providers' registry
/// @dev Answers are taken as they come: every opening asks, and decoding would cost more than the question.
library ProviderStanding {
    /// @dev `providerOfKey`.
    function holderOf(IProviderRegistry registry, address key) internal view returns (ProviderId holder) {
        bytes4 selector = IProviderRegistry.providerOfKey.selector;
        assembly ("memory-safe") {
            mstore(0, selector)
            mstore(4, key)
            // The right one runs first.
            if iszero(and(gt(returndatasize(), 31), staticcall(gas(), registry, 0, 36, 0, 32))) {
                revert(0, 0)
            }
            holder := mload(0)
        }
    }

    /// @dev The first two answers of `standingOf`; no organisation if that is zero.
    function ask(
        IProviderRegistry registry,
        ProviderId actor,
        ProviderId organisation
    ) internal view returns (Denial denial, IProviderRegistry.ProviderKind kind) {
        bytes4 selector = IProviderRegistry.standingOf.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 4), actor)
            mstore(add(free, 36), organisation)
            // The right one runs first.
            if iszero(and(gt(returndatasize(), 95), staticcall(gas(), registry, free, 68, 0, 64))) {
                revert(0, 0)
            }
            denial := mload(0)
            kind := mload(32)
        }
    }
}
