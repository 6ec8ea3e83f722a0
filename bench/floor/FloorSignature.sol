// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev What a signature costs at least: one hash over the domain and the arguments, and one call of the precompile.
abstract contract FloorSignature {
    /// @param position Where the calldata holds the offset of the Authorization.
    function _recover(uint256 position) internal view {
        assembly {
            let authorization := add(4, calldataload(position))
            let signature := add(authorization, 128)
            if calldataload(signature) {
                calldatacopy(0, 0, authorization)
                mstore(0, keccak256(0, authorization))
                mstore(32, byte(0, calldataload(add(signature, 96))))
                calldatacopy(64, add(signature, 32), 64)
                pop(staticcall(gas(), 1, 0, 128, 0, 32))
            }
        }
    }

    /// @dev A library that the contract is linked with: called as there, but empty, since its work is done here.
    function _touch(address linked) internal {
        assembly {
            pop(delegatecall(gas(), linked, 0, 0, 0, 0))
        }
    }

    function _end() internal pure {
        assembly {
            stop()
        }
    }
}
