// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {FloorSignature} from "./FloorSignature.sol";

/// @dev What the parts of the floor of ConsentRegistry share. Storage as there: consents at slot 2, shares at 3, cuts at 4, exclusions at
/// 5, mutes at 6, requests at 7. Memory: the answer of `headOf` at 128, the last name at 256, scratch from 288.
abstract contract FloorConsentState is FloorSignature {
    address internal immutable _patients;
    address internal immutable _providers;
    address internal immutable _words;
    address internal immutable _batches;
    address internal immutable _shares;
    address internal immutable _requests;

    constructor(address patients, address providers, address words, address batches, address shares, address requests) {
        (_patients, _providers) = (patients, providers);
        (_words, _batches, _shares, _requests) = (words, batches, shares, requests);
    }

    /// @param patientAt Where the calldata holds the patient.
    function _askHead(uint256 patientAt) internal view {
        address patients = _patients;
        bytes4 headOf = IPatientRegistry.headOf.selector;
        assembly {
            mstore(0, headOf)
            mstore(4, calldataload(patientAt))
            pop(staticcall(gas(), patients, 0, 36, 128, 128))
        }
    }

    /// @param providerAt Where the calldata holds the provider.
    function _askName(uint256 providerAt) internal view {
        address providers = _providers;
        bytes4 nameHashOf = IProviderRegistry.nameHashOf.selector;
        assembly {
            mstore(0, nameHashOf)
            mstore(4, calldataload(providerAt))
            pop(staticcall(gas(), providers, 0, 36, 256, 32))
        }
    }

    function _askHolder(uint256 signer) internal view {
        address providers = _providers;
        bytes4 providerOfKey = IProviderRegistry.providerOfKey.selector;
        assembly {
            mstore(0, providerOfKey)
            mstore(4, signer)
            pop(staticcall(gas(), providers, 0, 36, 0, 32))
        }
    }

    function _askStanding(bytes32 provider) internal view {
        address providers = _providers;
        bytes4 standingOf = IProviderRegistry.standingOf.selector;
        assembly {
            mstore(0, standingOf)
            mstore(4, provider)
            mstore(36, 0)
            pop(staticcall(gas(), providers, 0, 68, 0, 96))
        }
    }

    /// @dev The exclusion's, the mute's or the cut's slot is read as it is.
    function _readOfPair(uint256 mapping_, bytes32 patient, bytes32 provider) internal view returns (uint256 word) {
        bytes32 slot = _slotOfPair(mapping_, patient, provider);
        assembly {
            word := sload(slot)
        }
    }

    function _slotOfPair(uint256 mapping_, bytes32 patient, bytes32 provider) internal pure returns (bytes32 slot) {
        assembly {
            mstore(0, patient)
            mstore(32, mapping_)
            mstore(32, keccak256(0, 64))
            mstore(0, provider)
            slot := keccak256(0, 64)
        }
    }

    /// @dev The signer and the second of a decision.
    /// @param position Where the calldata holds the offset of the Authorization.
    function _decisionAt(uint256 position) internal view returns (uint256 signer, uint256 signedAt) {
        assembly {
            let authorization := add(4, calldataload(position))
            signer := calldataload(authorization)
            signedAt := calldataload(add(authorization, 32))
            if iszero(signedAt) {
                signedAt := timestamp()
            }
        }
    }

    function _isSigned(uint256 position) internal pure returns (bool isSigned) {
        assembly {
            isSigned := iszero(iszero(calldataload(add(132, calldataload(position)))))
        }
    }

    /// @dev Six words of a Decision, as the libraries of words take it, from `to` on.
    function _storeDecision(uint256 position, uint256 to) internal pure {
        assembly {
            let authorization := add(4, calldataload(position))
            calldatacopy(to, authorization, 96)
            mstore(add(to, 96), mload(160))
            mstore(add(to, 128), mload(192))
            mstore(add(to, 160), 1)
        }
    }
}
