// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EmergencyWords} from "../../contracts/access/EmergencyWords.sol";
import {IEmergencyAccess} from "../../contracts/access/IEmergencyAccess.sol";
import {IConsentExclusions} from "../../contracts/consent/IConsentExclusions.sol";
import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {FloorSignature} from "./FloorSignature.sol";

/// @dev Floor of breaking the glass, for two practitioners whose licences took part in nothing before. Storage as in AccessGate: emergencies
/// at slot 4, the last of a licence at 5, the last for a patient at 6. The request begins at byte 4. The words are asked of the contract
/// that the gate made for them.
abstract contract FloorEmergencies is FloorSignature {
    address internal immutable _patients;
    address internal immutable _providers;
    address internal immutable _consents;
    address private immutable _words;

    constructor(address patients, address providers, address consents, address words) {
        (_patients, _providers, _consents, _words) = (patients, providers, consents, words);
    }

    function _openEmergency() internal {
        bytes32 actor = _ask(
            _providers,
            IProviderRegistry.providerOfKey.selector,
            bytes32(uint256(uint160(msg.sender)))
        );
        uint256 coSigner;
        assembly {
            coSigner := calldataload(add(4, calldataload(196)))
        }
        bytes32 colleague = _ask(_providers, IProviderRegistry.providerOfKey.selector, bytes32(coSigner));
        bytes32 licence = _licenceOf(actor);
        bytes32 otherLicence = _licenceOf(colleague);
        _askMore(actor, colleague);
        if (_lastOf(licence) | _lastOf(otherLicence) != 0) _end();

        bytes32 session = _sessionOf(actor);
        if (uint256(_read(bytes32(uint256(_slotOf(session, 4)) + 3))) != 0) _end();
        _write(_slotOf(licence, 5), session);
        _write(_slotOf(otherLicence, 5), session);
        _write(_slotOf(actor, uint256(_slotOf(bytes32(msg.data[4:36]), 6))), session);
        _store(session, actor, colleague, coSigner);
        _hash(actor, colleague);
        _recover(196);
        assembly {
            mstore(0, session)
            return(0, 32)
        }
    }

    /// @dev Standing and exclusion of both.
    function _askMore(bytes32 actor, bytes32 colleague) private view {
        _ask(_patients, IPatientRegistry.headOf.selector, bytes32(msg.data[4:36]));
        _licenceOf(actor);
        _licenceOf(colleague);
        _askExcluded(actor);
        _askExcluded(colleague);
    }

    function _store(bytes32 session, bytes32 actor, bytes32 colleague, uint256 coSigner) private {
        bytes32 slot = _slotOf(session, 4);
        bytes32 topic = IEmergencyAccess.EmergencyOpened.selector;
        assembly {
            sstore(slot, calldataload(4))
            sstore(add(slot, 1), actor)
            sstore(add(slot, 2), colleague)
            // caller 160 | from 40 | until 40 | reason 8 | review 8
            let times := or(shl(160, calldataload(132)), shl(200, calldataload(164)))
            sstore(add(slot, 3), or(or(caller(), times), shl(240, calldataload(68))))
            sstore(add(slot, 4), or(coSigner, shl(160, calldataload(36))))
            mstore(0, colleague)
            calldatacopy(32, 36, 160)
            log4(0, 192, topic, session, calldataload(4), actor)
        }
    }

    function _hash(bytes32 actor, bytes32 colleague) private view {
        bytes32 name = _ask(_providers, IProviderRegistry.nameHashOf.selector, actor);
        address words = _words;
        bytes4 hashOf = EmergencyWords.hashOf.selector;
        assembly {
            mstore(0, hashOf)
            calldatacopy(4, 4, 192)
            mstore(196, actor)
            mstore(228, name)
            mstore(260, colleague)
            calldatacopy(292, add(36, calldataload(196)), 64)
            pop(staticcall(gas(), words, 0, 356, 0, 32))
        }
    }

    /// @dev The licence is the last of seven words.
    function _licenceOf(bytes32 provider) private view returns (bytes32 licence) {
        address providers = _providers;
        bytes4 providerOf = IProviderRegistry.providerOf.selector;
        assembly {
            mstore(0, providerOf)
            mstore(4, provider)
            pop(staticcall(gas(), providers, 0, 36, 288, 224))
            licence := mload(480)
        }
    }

    function _askExcluded(bytes32 provider) private view {
        address consents = _consents;
        bytes4 isExcluded = IConsentExclusions.isExcluded.selector;
        assembly {
            mstore(0, isExcluded)
            calldatacopy(4, 4, 32)
            mstore(36, provider)
            pop(staticcall(gas(), consents, 0, 68, 0, 32))
        }
    }

    function _ask(address registry, bytes4 selector, bytes32 argument) internal view returns (bytes32 answer) {
        assembly {
            mstore(0, selector)
            mstore(4, argument)
            pop(staticcall(gas(), registry, 0, 36, 128, 128))
            answer := mload(128)
        }
    }

    /// @dev Of the last emergency with that licence, what is in the slot that says when it ends and whether it was reviewed.
    function _lastOf(bytes32 licence) private view returns (bytes32) {
        return _read(bytes32(uint256(_slotOf(_read(_slotOf(licence, 5)), 4)) + 3));
    }

    function _sessionOf(bytes32 actor) private view returns (bytes32 session) {
        assembly {
            mstore(0, address())
            calldatacopy(32, 4, 32)
            mstore(64, actor)
            calldatacopy(96, 100, 32)
            calldatacopy(128, 164, 32)
            session := keccak256(0, 160)
        }
    }

    function _read(bytes32 slot) private view returns (bytes32 word) {
        assembly {
            word := sload(slot)
        }
    }

    function _write(bytes32 slot, bytes32 word) private {
        assembly {
            sstore(slot, word)
        }
    }

    function _slotOf(bytes32 key, uint256 mapping_) private pure returns (bytes32 slot) {
        assembly {
            mstore(0, key)
            mstore(32, mapping_)
            slot := keccak256(0, 64)
        }
    }
}
