// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {World} from "../World.sol";

/// @dev What proofs about providers share.
abstract contract ProviderVerbs is World {
    /// @dev Properties over any verb take signatures of 65 bytes only, which halves the paths of each authorization: such a signature may
    /// be anybody's, the caller's included, so its decisions have every effect that a direct call has.
    /// Not by the AccessManager itself, which only its own roles move, and which could name another one.
    function _anyVerb(address caller) internal {
        _assume(caller != address(_manager));
        bytes memory data = _SVM.createCalldata("ProviderRegistry");
        _VM.prank(caller);
        (bool isDone, ) = address(_providers).call(data); // solhint-disable-line avoid-low-level-calls
        _assume(isDone);
    }
}
