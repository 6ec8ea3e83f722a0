// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {ProviderId} from "../../contracts/common/Identifiers.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {World} from "../World.sol";

/// @dev What proofs about providers share.
abstract contract ProviderVerbs is World {
    /// @dev Properties over any verb take decisions made by calling, whoever calls: a signed one has the same effects. But to add a key
    /// takes two to decide, so that decision is signed by both.
    /// Not by the AccessManager itself, which only its own roles move, and which could name another one.
    function _anyVerb(address caller) internal {
        _assume(caller != address(_manager));
        bytes memory data =
            _SVM.createUint(1, "signed") == 1 ? _keyAddition() : _SVM.createCalldata("ProviderRegistry");
        _VM.prank(caller);
        (bool isDone, ) = address(_providers).call(data); // solhint-disable-line avoid-low-level-calls
        _assume(isDone);
    }

    function _keyAddition() private view returns (bytes memory) {
        ProviderId provider = ProviderId.wrap(_SVM.createBytes32("provider"));
        (Authorization memory key, Authorization memory authorization) = (_anybodys("key"), _anybodys("holder"));
        _assumeWallet(key);
        _assumeWallet(authorization);
        return abi.encodeCall(IProviderRegistry.addKey, (provider, key, authorization));
    }

    function _anybodys(string memory name) private pure returns (Authorization memory) {
        address signer = _SVM.createAddress(name);
        return _signed(signer, uint40(_SVM.createUint(40, "signedAt")), uint40(_SVM.createUint(40, "deadline")));
    }
}
