// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentShares} from "../../contracts/consent/IConsentShares.sol";
import {FloorConsentState} from "./FloorConsentState.sol";

/// @dev Floor of the verbs of IConsentShares, for chains of one: a share of what the patient granted.
abstract contract FloorConsentShares is FloorConsentState {
    function _share() internal {
        _askHead(4);
        (uint256 signer, uint256 signedAt) = _decisionAt(324);
        bytes32 sharer;
        assembly {
            sharer := calldataload(add(36, calldataload(260)))
        }
        _touch(_shares);
        _askName(36);
        _askHolder(signer);
        _askStanding(sharer);
        if (_readOfPair(5, bytes32(msg.data[4:36]), sharer) != 0) _end();
        bytes32 parent = _parentOf(bytes32(msg.data[68:100]), sharer);
        if (_consentAt(parent) == 0) _end();
        _writeShare(_shareSlot(parent, bytes32(msg.data[36:68])), sharer, signedAt, signer);
        _recover(324);
        _end();
    }

    function _unshare() internal {
        _askHead(4);
        (uint256 signer, uint256 signedAt) = _decisionAt(132);
        bytes32 sharer = _sharer();
        _touch(_shares);
        _askHolder(signer);
        bytes32 slot = _shareSlot(_parentOf(bytes32(msg.data[100:132]), sharer), bytes32(msg.data[68:100]));
        bytes32 topic = IConsentShares.ConsentUnshared.selector;
        assembly {
            let word := sload(slot)
            let serial := and(add(shr(184, word), 1), 0xffffffff)
            word := and(word, 0x000000000000000000ffffffffffffffffffffffffffff00ffffffffffffffff)
            sstore(slot, or(word, or(shl(184, serial), shl(216, signedAt))))
            mstore(288, calldataload(100))
            mstore(320, 160)
            mstore(352, serial)
            mstore(384, signedAt)
            mstore(416, signer)
            mstore(448, 1)
            mstore(480, sharer)
            log4(288, 224, topic, calldataload(4), sharer, calldataload(68))
        }
        _recover(132);
        _end();
    }

    function _cut() internal {
        _turnCut(1 << 40, IConsentShares.ShareCut.selector);
    }

    function _uncut() internal {
        _turnCut(0, IConsentShares.ShareUncut.selector);
    }

    function _turnCut(uint256 on, bytes32 topic) private {
        _askHead(4);
        (uint256 signer, uint256 signedAt) = _decisionAt(132);
        bytes32 sharer = _sharer();
        _touch(_shares);
        bytes32 slot = _slotIn(4, _keyOf(_parentOf(bytes32(msg.data[100:132]), sharer), bytes32(msg.data[68:100])));
        assembly {
            sstore(slot, or(shl(128, shr(128, sload(slot))), or(on, signedAt)))
            mstore(288, calldataload(100))
            mstore(320, 128)
            mstore(352, signedAt)
            mstore(384, signer)
            mstore(416, 1)
            mstore(448, sharer)
            log4(288, 192, topic, calldataload(4), sharer, calldataload(68))
        }
        _recover(132);
        _end();
    }

    function _writeShare(bytes32 slot, bytes32 sharer, uint256 signedAt, uint256 signer) private {
        bytes32 topic = IConsentShares.ConsentShared.selector;
        assembly {
            let serial := and(add(shr(184, sload(slot)), 1), 0xffffffff)
            let word := or(calldataload(100), shl(64, calldataload(132)))
            word := or(word, or(shl(72, calldataload(164)), shl(112, calldataload(196))))
            sstore(slot, or(word, or(shl(152, calldataload(292)), or(shl(184, serial), shl(216, signedAt)))))
            calldatacopy(288, 4, 256)
            mstore(544, 416)
            mstore(576, calldataload(292))
            mstore(608, serial)
            mstore(640, signedAt)
            mstore(672, signer)
            mstore(704, 1)
            mstore(736, sharer)
            log4(288, 480, topic, calldataload(4), sharer, calldataload(36))
        }
    }

    /// @dev The only one of the chain, where that is the second argument.
    function _sharer() private pure returns (bytes32 sharer) {
        assembly {
            sharer := calldataload(add(36, calldataload(36)))
        }
    }

    function _parentOf(bytes32 purpose, bytes32 sharer) private pure returns (bytes32 key) {
        assembly {
            mstore(288, calldataload(4))
            mstore(320, sharer)
            mstore(352, purpose)
            key := keccak256(288, 96)
        }
    }

    function _consentAt(bytes32 key) private view returns (uint256 word) {
        bytes32 slot = _slotIn(2, key);
        assembly {
            word := sload(slot)
        }
    }

    function _shareSlot(bytes32 parent, bytes32 grantee) private pure returns (bytes32) {
        return _slotIn(3, _keyOf(parent, grantee));
    }

    function _keyOf(bytes32 parent, bytes32 grantee) private pure returns (bytes32 key) {
        assembly {
            mstore(0, parent)
            mstore(32, grantee)
            key := keccak256(0, 64)
        }
    }

    function _slotIn(uint256 mapping_, bytes32 key) private pure returns (bytes32 slot) {
        assembly {
            mstore(0, key)
            mstore(32, mapping_)
            slot := keccak256(0, 64)
        }
    }
}
