// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {ProviderId} from "../common/Identifiers.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";

/// @title What a decision asks of `IProviderRegistry.standingOf`
library ProviderStanding {
    /// @dev The first two answers, as they come: every opening asks, and decoding would cost more than the question. No organisation if
    /// that is zero.
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
