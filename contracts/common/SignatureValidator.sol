// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ContractSignatures} from "./ContractSignatures.sol";
import {ISignatureValidator} from "./ISignatureValidator.sol";

/// @title Signatures of wallets that are not deployed yet
/// @notice Documented at ISignatureValidator. Holds no storage, and refuses value.
contract SignatureValidator is ISignatureValidator {
    /// @inheritdoc ISignatureValidator
    function isValidSignature(address signer, bytes32 hash, bytes calldata signature) external returns (bool) {
        if (!ContractSignatures.isWrapped(signature)) return false;
        (address factory, bytes memory factoryCalldata, bytes memory innerSignature) = ContractSignatures.unwrap(
            signature
        );
        if (signer.code.length == 0) {
            // Its answer does not matter, and none of it is copied: what counts is that the wallet stands there afterwards.
            bool isCalled;
            assembly ("memory-safe") {
                isCalled := call(gas(), factory, 0, add(factoryCalldata, 32), mload(factoryCalldata), 0, 0)
            }
            if (!isCalled) return false;
        }
        return ContractSignatures.hasOwnCode(signer) && ContractSignatures.accepts(signer, hash, innerSignature);
    }
}
