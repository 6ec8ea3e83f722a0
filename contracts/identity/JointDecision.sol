// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../common/Authorization.sol";
import {Authorized} from "../common/Authorized.sol";
import {PatientFlags} from "./PatientFlags.sol";
import {Power} from "./Power.sol";

/// @title Decisions that several guardians make together
/// @dev All sign the same struct. `signer` names any one of them, and `signature` is `abi.encode(bytes[])` with one element for each
/// guardian in the order of `guardiansOf`; the element of a guardian who is the caller may be empty.
abstract contract JointDecision is Authorized {
    function _isJoint(uint24 flags, Power power) internal pure returns (bool) {
        return flags & PatientFlags.ALL_OF != 0 && power.widens();
    }

    function _requireDecisionOfEach(
        address[] memory guardians,
        Authorization calldata authorization,
        bytes32 structHash
    ) internal {
        bytes32 hash = _hashTypedDataV4(structHash);
        bytes[] calldata signatures = _list(authorization.signature);
        if (signatures.length != guardians.length) revert AuthorizationSignatureInvalid(authorization.signer);
        for (uint256 i = 0; i < guardians.length; ++i) {
            bytes calldata signature = signatures[i];
            if (signature.length == 0) {
                if (guardians[i] != msg.sender) revert AuthorizationSignerNotCaller(guardians[i], msg.sender);
            } else if (!_isSignature(guardians[i], hash, signature)) {
                revert AuthorizationSignatureInvalid(guardians[i]);
            }
        }
    }

    /// @dev `abi.decode` to calldata, which the language lacks. Wherever a false offset points, what it finds must be signatures.
    function _list(bytes calldata encoded) private pure returns (bytes[] calldata list) {
        assembly ("memory-safe") {
            let place := add(encoded.offset, calldataload(encoded.offset))
            list.offset := add(place, 32)
            list.length := mul(calldataload(place), gt(encoded.length, 63))
        }
    }
}
