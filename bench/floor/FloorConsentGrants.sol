// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConsentWords} from "../../contracts/consent/ConsentWords.sol";
import {IConsentGrants} from "../../contracts/consent/IConsentGrants.sol";
import {FloorConsentState} from "./FloorConsentState.sol";

/// @dev Floor of the verbs of IConsentGrants. A signature makes the very same call of the library of words as there.
abstract contract FloorConsentGrants is FloorConsentState {
    function _grant() internal {
        _grantOne(0, 260);
    }

    function _grantRecord() internal {
        _grantOne(bytes32(msg.data[260:292]), 292);
    }

    function _grantMany() internal {
        uint256 at;
        uint256 end;
        assembly {
            at := add(36, calldataload(4))
            end := add(at, mul(288, calldataload(sub(at, 32))))
        }
        _askHead(at);
        (uint256 signer, uint256 signedAt) = _decisionAt(36);
        _touch(_batches);
        for (; at < end; at += 288) {
            bytes32 series;
            assembly {
                series := calldataload(add(at, 256))
            }
            _writeGrant(at, series, signedAt, signer);
            _askName(at + 32);
        }
        _recover(36);
        _end();
    }

    function _revoke() internal {
        _askHead(4);
        (uint256 signer, uint256 signedAt) = _decisionAt(100);
        _writeRevocation(bytes32(msg.data[4:36]), 0, 36, signedAt, signer);
        if (_isSigned(100)) _hashRevocation(0, 36, 100);
        _recover(100);
        _end();
    }

    function _revokeRecord() internal {
        _askHead(4);
        (uint256 signer, uint256 signedAt) = _decisionAt(132);
        bytes32 series = bytes32(msg.data[36:68]);
        _writeRevocation(bytes32(msg.data[4:36]), series, 68, signedAt, signer);
        if (_isSigned(132)) _hashRevocation(series, 68, 132);
        _recover(132);
        _end();
    }

    function _revokeMany() internal {
        _askHead(4);
        (uint256 signer, uint256 signedAt) = _decisionAt(68);
        _touch(_batches);
        bytes32 patient = bytes32(msg.data[4:36]);
        uint256 at;
        uint256 end;
        assembly {
            at := add(36, calldataload(36))
            end := add(at, mul(96, calldataload(sub(at, 32))))
        }
        for (; at < end; at += 96) {
            bytes32 series;
            assembly {
                series := calldataload(at)
            }
            _writeRevocation(patient, series, at + 32, signedAt, signer);
        }
        _recover(68);
        _end();
    }

    function _grantOne(bytes32 series, uint256 position) private {
        _askName(36);
        _askHead(4);
        (uint256 signer, uint256 signedAt) = _decisionAt(position);
        _writeGrant(4, series, signedAt, signer);
        if (_isSigned(position)) {
            bytes4 hashOfGrant = ConsentWords.hashOfGrant.selector;
            assembly {
                mstore(288, hashOfGrant)
                calldatacopy(292, 4, 256)
                mstore(548, series)
                mstore(580, mload(256))
            }
            _storeDecision(position, 612);
            _callWords(516);
        }
        _recover(position);
        _end();
    }

    function _hashRevocation(bytes32 series, uint256 at, uint256 position) private {
        _askName(at);
        bytes4 hashOfRevocation = ConsentWords.hashOfRevocation.selector;
        assembly {
            mstore(288, hashOfRevocation)
            calldatacopy(292, 4, 32)
            mstore(324, series)
            calldatacopy(356, at, 64)
            mstore(420, mload(256))
        }
        _storeDecision(position, 452);
        _callWords(356);
    }

    function _callWords(uint256 size) private {
        address words = _words;
        assembly {
            pop(delegatecall(gas(), words, 288, size, 0, 32))
        }
    }

    /// @param at Where the calldata holds the terms.
    function _writeGrant(uint256 at, bytes32 series, uint256 signedAt, uint256 signer) private {
        bytes32 topic =
            series == 0 ? IConsentGrants.ConsentGranted.selector : IConsentGrants.RecordConsentGranted.selector;
        assembly {
            calldatacopy(288, at, 96)
            let size := 96
            if series {
                mstore(320, series)
                calldatacopy(352, add(at, 32), 64)
                size := 128
            }
            mstore(0, keccak256(288, size))
            mstore(32, 2)
            let key := keccak256(0, 64)
            let serial := and(add(shr(184, sload(key)), 1), 0xffffffff)
            // labels | actions << 64 | notBefore << 72 | notAfter << 112 | generation << 152 | serial << 184 | asOf << 216
            let slot := or(calldataload(add(at, 96)), shl(64, calldataload(add(at, 128))))
            slot := or(slot, or(shl(72, calldataload(add(at, 160))), shl(112, calldataload(add(at, 192)))))
            sstore(key, or(slot, or(shl(152, mload(192)), or(shl(184, serial), shl(216, signedAt)))))

            calldatacopy(288, add(at, 96), 128)
            if series {
                calldatacopy(288, add(at, 64), 64)
            }
            mstore(416, serial)
            mstore(448, signedAt)
            mstore(480, signer)
            mstore(512, calldataload(add(at, 224)))
            let last := series
            if iszero(series) {
                last := calldataload(add(at, 64))
            }
            log4(288, 256, topic, calldataload(at), calldataload(add(at, 32)), last)
        }
    }

    /// @param at Where the calldata holds the grantee and the purpose.
    function _writeRevocation(bytes32 patient, bytes32 series, uint256 at, uint256 signedAt, uint256 signer) private {
        bytes32 topic =
            series == 0 ? IConsentGrants.ConsentRevoked.selector : IConsentGrants.RecordConsentRevoked.selector;
        assembly {
            mstore(288, patient)
            let size := 96
            if series {
                mstore(320, series)
                size := 128
            }
            calldatacopy(add(224, size), at, 64)
            mstore(0, keccak256(288, size))
            mstore(32, 2)
            let key := keccak256(0, 64)
            let slot := sload(key)
            let serial := and(add(shr(184, slot), 1), 0xffffffff)
            slot := and(slot, 0x000000000000000000ffffffffffffffffffffffffffff00ffffffffffffffff)
            sstore(key, or(slot, or(shl(184, serial), shl(216, signedAt))))

            mstore(288, calldataload(add(at, 32)))
            mstore(320, serial)
            mstore(352, signedAt)
            mstore(384, signer)
            switch series
            case 0 {
                log4(320, 96, topic, patient, calldataload(at), calldataload(add(at, 32)))
            }
            default {
                log4(288, 128, topic, patient, calldataload(at), series)
            }
        }
    }
}
