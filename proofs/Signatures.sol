// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../contracts/common/Authorization.sol";
import {World} from "./World.sol";

/// @dev EIP-712 as a wallet does it, from the specification and not from the contracts. Halmos takes `ecrecover` for some function of
/// which nothing is known: what holds for that holds whoever can sign what.
abstract contract Signatures is World {
    function _hasSigned(
        Authorization memory authorization,
        address verifier,
        bytes32 structHash
    ) internal view returns (bool) {
        bytes memory signature = authorization.signature;
        (bytes32 r, bytes32 s, uint8 v) = (0, 0, 0);
        assembly ("memory-safe") {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _domain(verifier), structHash));
        return ecrecover(digest, v, r, s) == authorization.signer;
    }

    function _sOf(Authorization memory authorization) internal pure returns (uint256 s) {
        bytes memory signature = authorization.signature;
        assembly ("memory-safe") {
            s := mload(add(signature, 64))
        }
    }

    function _domain(address verifier) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                    keccak256("Anamnesis"),
                    keccak256("1"),
                    block.chainid,
                    verifier
                )
            );
    }
}
