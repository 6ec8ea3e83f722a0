// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentExclusions} from "../../contracts/consent/IConsentExclusions.sol";
import {IConsentGrants} from "../../contracts/consent/IConsentGrants.sol";
import {IConsentRegistry} from "../../contracts/consent/IConsentRegistry.sol";
import {IConsentRequests} from "../../contracts/consent/IConsentRequests.sol";
import {IConsentShares} from "../../contracts/consent/IConsentShares.sol";
import {IPatientRegistry} from "../../contracts/identity/IPatientRegistry.sol";
import {IProviderRegistry} from "../../contracts/identity/IProviderRegistry.sol";
import {FloorConsentGrants} from "./FloorConsentGrants.sol";
import {FloorConsentMatters} from "./FloorConsentMatters.sol";
import {FloorConsentShares} from "./FloorConsentShares.sol";
import {FloorConsentState} from "./FloorConsentState.sol";

/// @dev Floor of ConsentRegistry: the decision here, the verbs inherited.
contract FloorConsentRegistry is FloorConsentGrants, FloorConsentShares, FloorConsentMatters {
    constructor(
        address patients,
        address providers,
        address words,
        address batches,
        address shares,
        address requests
    ) FloorConsentState(patients, providers, words, batches, shares, requests) {}

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        bytes4 verb = msg.sig;
        if (verb == IConsentRegistry.decide.selector) _decide(false);
        if (verb == IConsentRegistry.isPermitted.selector) _decide(true);
        if (verb == IConsentGrants.grant.selector) _grant();
        if (verb == IConsentGrants.revoke.selector) _revoke();
        if (verb == IConsentGrants.grantRecord.selector) _grantRecord();
        if (verb == IConsentGrants.revokeRecord.selector) _revokeRecord();
        if (verb == IConsentGrants.grantMany.selector) _grantMany();
        if (verb == IConsentGrants.revokeMany.selector) _revokeMany();
        if (verb == IConsentShares.share.selector) _share();
        if (verb == IConsentShares.unshare.selector) _unshare();
        if (verb == IConsentShares.cut.selector) _cut();
        if (verb == IConsentShares.uncut.selector) _uncut();
        if (verb == IConsentExclusions.isExcluded.selector) _isExcluded();
        if (verb == IConsentExclusions.exclude.selector) _exclude();
        if (verb == IConsentExclusions.readmit.selector) _readmit();
        if (verb == IConsentRequests.mute.selector) _mute();
        if (verb == IConsentRequests.requestConsent.selector) _requestConsent();
    }

    /// @param isQuestion Whether the answer is to be yes or no, instead of the reason.
    function _decide(bool isQuestion) private view {
        (address patients, address providers) = (_patients, _providers);
        bytes4 headOf = IPatientRegistry.headOf.selector;
        bytes4 standingOf = IProviderRegistry.standingOf.selector;
        assembly {
            let organisation := calldataload(add(4, calldataload(68)))
            mstore(0, headOf)
            mstore(4, calldataload(4))
            pop(staticcall(gas(), patients, 0, 36, 128, 128))
            mstore(0, standingOf)
            mstore(4, calldataload(36))
            mstore(36, organisation)
            pop(staticcall(gas(), providers, 0, 68, 0, 96))
            let denial := mload(0)
            let tag := 0
            if iszero(denial) {
                mstore(0, calldataload(4))
                mstore(32, 5)
                let exclusions := keccak256(0, 64)
                mstore(0, calldataload(36))
                mstore(32, exclusions)
                let excluded := sload(keccak256(0, 64))
                if organisation {
                    mstore(0, organisation)
                    excluded := or(excluded, sload(keccak256(0, 64)))
                }
                if excluded {
                    denial := 16
                }
                mstore(0, calldataload(4))
                if iszero(organisation) {
                    organisation := calldataload(36)
                }
                mstore(32, organisation)
                mstore(64, calldataload(100))
                let key := keccak256(0, 96)
                mstore(0, key)
                mstore(32, 2)
                let slot := sload(keccak256(0, 64))
                mstore(32, and(shr(184, slot), 0xffffffff))
                tag := keccak256(0, 64)
                if and(calldataload(132), not(slot)) {
                    denial := 13
                    tag := 0
                }
                if iszero(slot) {
                    denial := 9
                    tag := 0
                }
            }
            if isQuestion {
                denial := iszero(denial)
            }
            mstore(0, denial)
            mstore(32, tag)
            return(0, 64)
        }
    }
}
