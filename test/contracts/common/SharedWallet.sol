// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice Accepts two signatures of three owners, one after the other: 130 bytes.
contract SharedWallet {
    address private immutable _first;
    address private immutable _second;
    address private immutable _third;

    constructor(address[3] memory owners) {
        (_first, _second, _third) = (owners[0], owners[1], owners[2]);
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view virtual returns (bytes4) {
        if (signature.length != 130) return 0xffffffff;
        address one = ECDSA.recover(hash, signature[:65]);
        address other = ECDSA.recover(hash, signature[65:]);
        return one != other && _isOwner(one) && _isOwner(other) ? this.isValidSignature.selector : bytes4(0xffffffff);
    }

    function _isOwner(address account) private view returns (bool) {
        return account == _first || account == _second || account == _third;
    }
}
