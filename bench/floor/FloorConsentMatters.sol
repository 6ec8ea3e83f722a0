// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentExclusions} from "../../contracts/consent/IConsentExclusions.sol";
import {IConsentRequests} from "../../contracts/consent/IConsentRequests.sol";
import {FloorConsentState} from "./FloorConsentState.sol";

/// @dev Floor of what is decided about a provider, and of requests.
abstract contract FloorConsentMatters is FloorConsentState {
    uint256 private constant _EXCLUSIONS = 5;
    uint256 private constant _MUTES = 6;
    uint256 private constant _ON = 1 << 40;

    function _isExcluded() internal view {
        uint256 excluded = _readOfPair(_EXCLUSIONS, bytes32(msg.data[4:36]), bytes32(msg.data[36:68]));
        assembly {
            mstore(0, iszero(iszero(and(excluded, or(_ON, shl(128, _ON))))))
            return(0, 32)
        }
    }

    function _exclude() internal {
        _turnOn(_EXCLUSIONS, IConsentExclusions.ProviderExcluded.selector);
    }

    function _mute() internal {
        _turnOn(_MUTES, IConsentRequests.RequestsMuted.selector);
    }

    function _readmit() internal {
        _askHead(4);
        (uint256 signer, uint256 signedAt) = _decisionAt(68);
        bytes32 slot = _slotOfPair(_EXCLUSIONS, bytes32(msg.data[4:36]), bytes32(msg.data[36:68]));
        bytes32 topic = IConsentExclusions.ProviderReadmitted.selector;
        assembly {
            // Both halves are off now, since nothing later stands in the delegates'.
            if lt(and(shr(128, sload(slot)), 0xffffffffff), signedAt) {
                sstore(slot, or(signedAt, shl(128, signedAt)))
            }
            mstore(0, 0)
            mstore(32, signedAt)
            mstore(64, signer)
            log3(0, 96, topic, calldataload(4), calldataload(36))
        }
        _recover(68);
        _end();
    }

    function _requestConsent() internal {
        _askHead(4);
        (uint256 signer, uint256 signedAt) = _decisionAt(260);
        (bytes32 patient, bytes32 requester) = (bytes32(msg.data[4:36]), bytes32(msg.data[36:68]));
        _touch(_requests);
        _askHolder(signer);
        _askStanding(requester);
        if (_readOfPair(_MUTES, patient, requester) | _readOfPair(_MUTES, patient, 0) != 0) _end();
        if (_readOfPair(_EXCLUSIONS, patient, requester) != 0) _end();
        bytes32 topic = IConsentRequests.ConsentRequested.selector;
        assembly {
            calldatacopy(288, 4, 96)
            mstore(0, keccak256(288, 96))
            mstore(32, 7)
            let slot := keccak256(0, 64)
            sstore(slot, or(and(sload(slot), not(0xffffffffff)), signedAt))
            calldatacopy(288, 100, 128)
            mstore(416, signedAt)
            mstore(448, signer)
            calldatacopy(480, 228, 32)
            log4(288, 224, topic, patient, requester, calldataload(68))
        }
        _recover(260);
        _end();
    }

    /// @dev The lower half of the pair's switches.
    function _turnOn(uint256 mapping_, bytes32 topic) private {
        _askHead(4);
        (uint256 signer, uint256 signedAt) = _decisionAt(68);
        bytes32 slot = _slotOfPair(mapping_, bytes32(msg.data[4:36]), bytes32(msg.data[36:68]));
        assembly {
            sstore(slot, or(shl(128, shr(128, sload(slot))), or(_ON, signedAt)))
            mstore(0, signedAt)
            mstore(32, signer)
            log3(0, 64, topic, calldataload(4), calldataload(36))
        }
        _recover(68);
        _end();
    }
}
