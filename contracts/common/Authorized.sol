// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Authorization} from "./Authorization.sol";
import {ContractSignatures} from "./ContractSignatures.sol";
import {IAuthorized} from "./IAuthorized.sol";
import {ISignatureValidator} from "./ISignatureValidator.sol";

/// @title Decisions, made by calling or by signing
/// @notice Owns the EIP-712 domain (`Anamnesis`, `1`, chain, this contract), the times of a decision, and who signed it.
/// @dev A verb of the contracts that inherit this runs in this order:
///
/// 1. `_permissiveTime` or `_restrictiveTime`: when was it decided?
/// 2. its arguments, and reads of our own registries: may this signer decide? is it newer than the register's watermark?
/// 3. the watermark, on a line of its own, and the event;
/// 4. `_requireDecision`: did this signer decide?
///
/// The signature comes last because a contract's signature is asked of its own code, which must find the watermark raised. A direct
/// call skips the hashing of words. Permissive decisions need `signedAt > asOf`, restrictive ones `signedAt >= asOf`: so what was
/// decided last wins in whatever order it lands, and of one second the restrictive one.
abstract contract Authorized is IAuthorized, EIP712 {
    using ContractSignatures for address;
    using ContractSignatures for bytes;

    uint40 private immutable _lifetime;
    ISignatureValidator private immutable _validator;

    /// @param lifetime Seconds between `signedAt` and `deadline` at most; 7 days by default.
    /// @param validator Makes the calls that signatures of wallets not deployed yet ask for.
    constructor(uint40 lifetime, ISignatureValidator validator) EIP712("Anamnesis", "1") {
        _lifetime = lifetime;
        _validator = validator;
    }

    /// @inheritdoc IAuthorized
    function authorizationLifetime() external view returns (uint40) {
        return _lifetime;
    }

    /// @dev When a decision that widens access, or cannot be undone, was made.
    function _permissiveTime(Authorization calldata authorization) internal view returns (uint40 signedAt) {
        signedAt = authorization.signedAt;
        uint40 deadline = authorization.deadline;
        if (signedAt > block.timestamp) revert AuthorizationNotYetValid(signedAt, block.timestamp);
        if (deadline < block.timestamp) revert AuthorizationExpired(deadline, block.timestamp);
        // No underflow: signedAt <= block.timestamp <= deadline.
        unchecked {
            if (deadline - signedAt > _lifetime) revert AuthorizationDeadlineTooFar(signedAt, deadline, _lifetime);
        }
    }

    /// @dev When a decision that narrows access was made: as above, or now, for a direct call without times.
    function _restrictiveTime(Authorization calldata authorization) internal view returns (uint40) {
        if (authorization.signedAt == 0 && authorization.deadline == 0 && !_isSigned(authorization)) {
            return uint40(block.timestamp);
        }
        return _permissiveTime(authorization);
    }

    /// @dev The last step of a verb whose struct hash costs little. Where it costs more, hash only if `_isSigned`.
    function _requireDecision(Authorization calldata authorization, bytes32 structHash) internal {
        if (_isSigned(authorization)) _requireSignature(authorization, structHash);
        else _requireCaller(authorization);
    }

    function _isSigned(Authorization calldata authorization) internal pure returns (bool) {
        return authorization.signature.length != 0;
    }

    function _requireCaller(Authorization calldata authorization) internal view {
        if (authorization.signer != msg.sender) revert AuthorizationSignerNotCaller(authorization.signer, msg.sender);
    }

    /// @dev `structHash` begins with the type hash of the verb, so a signature for one verb is none for another.
    function _requireSignature(Authorization calldata authorization, bytes32 structHash) internal {
        address signer = authorization.signer;
        if (!_isSignature(signer, _hashTypedDataV4(structHash), authorization.signature)) {
            revert AuthorizationSignatureInvalid(signer);
        }
    }

    /// @dev A key comes first, since most wallets are keys: none fits the address of a contract, and that of an EIP-7702 account is
    /// what must sign for it. Then code is asked, which reaches ours only with watermarks raised.
    function _isSignature(address signer, bytes32 hash, bytes calldata signature) internal returns (bool) {
        if (signature.length == 65) {
            (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(hash, signature);
            if (failure == ECDSA.RecoverError.NoError && recovered == signer) return true;
        }
        if (signer.code.length != 0 && !signer.hasOwnCode()) return false;
        if (signature.isWrapped()) {
            try _validator.isValidSignature(signer, hash, signature) returns (bool isValid) {
                return isValid;
            } catch {
                return false;
            }
        }
        return signer.hasOwnCode() && signer.accepts(hash, signature);
    }
}
