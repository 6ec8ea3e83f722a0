// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../../contracts/consent/IConsentRegistry.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {IRecordRegistry} from "../../contracts/records/IRecordRegistry.sol";
import {ISeriesDecisions} from "../../contracts/records/ISeriesDecisions.sol";
import {ISeriesErasures} from "../../contracts/records/ISeriesErasures.sol";
import {FloorSeries} from "./FloorSeries.sol";

/// @dev Floor of RecordRegistry; storage as there: anchors at slot 5, retractions at slot 6; what is decided about a series is inherited.
contract FloorRecordRegistry is FloorSeries {
    address private immutable _providers;
    address private immutable _consents;

    constructor(address patients, address providers, address consents) FloorSeries(patients) {
        (_providers, _consents) = (providers, consents);
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        if (msg.sig == IRecordRegistry.anchor.selector) _anchor();
        if (msg.sig == IRecordRegistry.retract.selector) _retract();
        if (msg.sig == ISeriesDecisions.restrict.selector) _restrict();
        if (msg.sig == ISeriesDecisions.dispute.selector) _dispute();
        if (msg.sig == ISeriesDecisions.unrestrict.selector) _unrestrict();
        if (msg.sig == ISeriesDecisions.withdrawDispute.selector) _withdrawDispute();
        if (msg.sig == ISeriesErasures.requestErasure.selector) _requestErasure();
        if (msg.sig == ISeriesErasures.cancelErasure.selector) _cancelErasure();
    }

    function _anchor() private {
        bytes32 author = _controls(bytes32(msg.data[4:36]), 164) ? bytes32(msg.data[4:36]) : _decided();
        bytes32 topic = IRecordRegistry.RecordAnchored.selector;
        assembly {
            mstore(0, calldataload(36))
            mstore(32, calldataload(4))
            mstore(64, calldataload(68))
            mstore(96, author)
            mstore(0, keccak256(0, 128))
            mstore(32, 5)
            sstore(keccak256(0, 64), number())
            log4(64, 32, topic, calldataload(36), calldataload(4), author)
        }
        _recover(164);
        assembly {
            stop()
        }
    }

    function _retract() private {
        bytes32 author = bytes32(msg.data[36:68]);
        if (_providerOfSigner(68) != author) _controls(author, 68);
        bytes32 topic = IRecordRegistry.RecordRetracted.selector;
        assembly {
            mstore(0, author)
            mstore(32, 6)
            mstore(32, keccak256(0, 64))
            mstore(0, calldataload(4))
            let slot := keccak256(0, 64)
            sstore(slot, or(sload(slot), 1))
            log3(0, 0, topic, calldataload(4), author)
        }
        _recover(68);
        assembly {
            stop()
        }
    }

    function _providerOfSigner(uint256 authorizationAt) private view returns (bytes32 provider) {
        address providers = _providers;
        bytes4 selector = IProviderRegistry.providerOfKey.selector;
        assembly {
            mstore(0, selector)
            mstore(4, calldataload(add(4, calldataload(authorizationAt))))
            pop(staticcall(gas(), providers, 0, 36, 0, 32))
            provider := mload(0)
        }
    }

    function _decided() private view returns (bytes32 author) {
        author = _providerOfSigner(164);
        (address consents, address providers) = (_consents, _providers);
        bytes4 decide = IConsentRegistry.decide.selector;
        bytes4 standingOf = IProviderRegistry.standingOf.selector;
        assembly {
            let via := add(4, calldataload(132))
            let size := add(128, shl(5, calldataload(add(via, 96))))
            mstore(0, decide)
            mstore(4, calldataload(4))
            mstore(36, author)
            mstore(68, 224)
            mstore(100, calldataload(100))
            mstore(132, calldataload(68))
            mstore(164, 0)
            mstore(196, 2)
            calldatacopy(228, via, size)
            pop(staticcall(gas(), consents, 0, add(228, size), 0, 64))
            mstore(0, standingOf)
            mstore(4, author)
            mstore(36, 0)
            pop(staticcall(gas(), providers, 0, 68, 0, 96))
        }
    }
}
