// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {IPatientChanges} from "../../../../contracts/identity/IPatientChanges.sol";
import {IPatientRecovery} from "../../../../contracts/identity/IPatientRecovery.sol";
import {IPatientRegistry} from "../../../../contracts/identity/IPatientRegistry.sol";
import {PatientFlags} from "../../../../contracts/identity/PatientFlags.sol";
import {DelegateKind} from "../../../../contracts/identity/Power.sol";
import {TrusteeVerbs} from "./TrusteeVerbs.sol";

/// @notice What holds of a patient's wallets, keys, delegates and trustees. Sections are those of the protocol.
contract PatientInvariants is TrusteeVerbs {
    /// A world in which everything is refused, or a rule is never at stake, shows nothing.
    function testEveryOutcomeHappens() external {
        _drive(600);
        _expectCount("controller changed", 1);
        _expectCount("key changed", 2);
        _expectCount("cancelled", 2);
        _expectCount("recovery proposed", 5);
        _expectCount("recovered", 2);
        _expectCount("recovery cancelled", 1);
        _expectCount("vetoed", 2);
        _expectCount("endorsed", 1);
        _expectCount("frozen", 2);
        _expectCount("thawed", 1);
        _expectAsked("nobody else decides", 40);
        _expectAsked("no change under a freeze", 5);
        _expectAsked("a change is announced", 10);
        _expectAsked("revoking always lands", 10);
        _expectAsked("protecting always lands", 20);
        _expectAsked("a keyring's version rises", 5);
        _expectAsked("only an officer attests", 10);
        _expectAsked("a minor waits for majority", 5);
        _expectAsked("only the attested wallet claims", 5);
        _expectAsked("a guardian's power ends", 5);
        _expectAsked("only trustees approve", 5);
        _expectAsked("a trustee counts once", 1);
        _expectAsked("one trustee changes nothing", 30);
        _expectAsked("two trustees decide", 20);
        _expectAsked("a recovery may be vetoed", 1);
        _expectAsked("one veto", 2);
        _expectAsked("only the officer endorses", 10);
        _requireExpected();
    }

    /// §3, Identity: a change of controller takes effect by time alone.
    function invariant_TheControllerIsWhoWasAnnouncedInTime() external view {
        require(_head().controller == _controller, "another controller");
    }

    /// §3, Identity: only the controller changes controller, keys, delegates, trustees.
    function invariant_NobodyElseDecidesAboutTheRecord() external view {
        _requireKept("nobody else decides");
    }

    /// §3, Order: a change of controller, a recovery, revokeAll and a freeze raise signedFloor; nothing lowers it.
    function invariant_TheFloorOnlyRises() external view {
        require(_head().signedFloor == _floor, "another floor");
    }

    /// §3, Identity: one head word, whose generation counts what ended everything.
    function invariant_TheGenerationCountsWhatEndedEverything() external view {
        require(_head().generation == _generation, "another generation");
    }

    /// §3, Identity: an owner key takes effect after patientDelay, or with a recovery.
    function invariant_TheOwnerKeyIsTheLastInForce() external view {
        require(_patients.ownerKeyHashOf(_patient) == _key, "another owner key");
    }

    /// §3, Identity: effective after patientDelay, 7 days, unless cancelled.
    function invariant_AChangeWaitsSevenDays() external view {
        (uint40 controllerAt, uint40 asOf, ) = _patients.changeOf(_patient, IPatientChanges.Change.Controller);
        require(controllerAt == _nextController.effectiveAt, "another time for the controller");
        require(controllerAt == 0 || controllerAt >= asOf + _DELAY, "a controller too soon");
        (uint40 keyAt, uint40 keyAsOf, ) = _patients.changeOf(_patient, IPatientChanges.Change.OwnerKey);
        require(keyAt == _nextKey.effectiveAt, "another time for the key");
        require(keyAt == 0 || keyAt >= keyAsOf + _DELAY, "a key too soon");
    }

    /// §3, Order: watermarks of the registers of changes.
    function invariant_WatermarksOfChangesNeverFall() external view {
        (, uint40 asOf, ) = _patients.changeOf(_patient, IPatientChanges.Change.Controller);
        (, uint40 keyAsOf, ) = _patients.changeOf(_patient, IPatientChanges.Change.OwnerKey);
        require(asOf >= _nextController.asOf && keyAsOf >= _nextKey.asOf, "a watermark fell");
    }

    /// §3, Identity: frozen, or while a recovery is under way, nothing is announced.
    function invariant_NothingChangesUnderAFreeze() external view {
        _requireKept("no change under a freeze");
    }

    /// §3: what a controller may announce is not refused.
    function invariant_AChangeMayBeAnnounced() external view {
        _requireKept("a change is announced");
    }

    /// §3, Identity: a freeze ends with a recovery, by m trustees, or after 30 days.
    function invariant_AFreezeEndsIn30Days() external view {
        require((_head().flags & PatientFlags.FROZEN != 0) == _isFrozen(), "frozen otherwise");
        require(_patients.recoveryOf(_patient).frozenUntil <= block.timestamp + _WINDOW, "frozen for longer");
    }

    /// §3, Contracts: revocation can never be paused; a controller can always revoke.
    function invariant_AControllerCanAlwaysRevoke() external view {
        _requireKept("revoking always lands");
        (, bool mayDecide, bool mayRevoke, bool mayAdminister) = _patients.powerOf(_patient, _controller, _now());
        require(mayDecide && mayRevoke && mayAdminister, "a powerless controller");
    }

    /// §3, Order: restrictive decisions about oneself are never refused.
    function invariant_ProtectingAlwaysLands() external view {
        _requireKept("protecting always lands");
    }

    /// §3, Identity: authority is judged now; a former controller's is over.
    function invariant_AFormerControllerHasNoPower() external view {
        for (uint256 i = 0; i < 3; ++i) {
            if (_wallets[i] == _controller) continue;
            (, bool mayDecide, bool mayRevoke, bool mayAdminister) = _patients.powerOf(_patient, _wallets[i], _now());
            require(!mayDecide && !mayRevoke && !mayAdminister, "a former controller's power");
        }
    }

    /// §3, Identity: trustees below the threshold change nothing.
    function invariant_OneTrusteeChangesNothing() external view {
        _requireKept("one trustee changes nothing");
        _requireKept("a trustee counts once");
    }

    /// §3, Identity: m trustees decide what they may, and nobody else approves.
    function invariant_TwoTrusteesDecide() external view {
        _requireKept("two trustees decide");
        _requireKept("only trustees approve");
    }

    /// §3, Identity: a recovery waits; controller and key take effect together.
    function invariant_ARecoveryWaits() external view {
        IPatientRecovery.Recovery memory recovery = _patients.recoveryOf(_patient);
        require(recovery.state == _state, "another state");
        require(recovery.effectiveAt == _recovery.effectiveAt, "another time");
    }

    /// §3, Identity: a recovery may be vetoed once; a second within 30 days, co-signed by the officer, may not.
    function invariant_ARecoveryIsVetoedOnce() external view {
        _requireKept("one veto");
        _requireKept("a recovery may be vetoed");
    }

    /// §3, Identity: the recovery officer alone endorses.
    function invariant_OnlyTheOfficerEndorses() external view {
        _requireKept("only the officer endorses");
    }

    /// §4, Keys: the header is replaced with rising version.
    function invariant_AKeyringsVersionRises() external view {
        _requireKept("a keyring's version rises");
        (, uint32 version, ) = _patients.keyHeaderOf(_patient);
        require(version == _headerVersion, "another version");
    }

    /// §3, Identity: emergency opt-out.
    function invariant_TheOptOutIsThePatients() external view {
        require((_head().flags & PatientFlags.OPTED_OUT != 0) == _hasOptedOut, "opted out otherwise");
    }

    /// §3, table of powers: a proxy decides until a date, and administers nothing.
    function invariant_AProxysPowerEndsByDate() external view {
        (, bool mayDecide, bool mayRevoke, bool mayAdminister) = _patients.powerOf(_patient, _PROXY, _now());
        require(mayDecide == _proxyHolds() && mayRevoke == _proxyHolds(), "the proxy");
        require(!mayAdminister, "a proxy administers");
    }

    /// §3, table of powers: an executor revokes only, 30 days after attested death, unless the controller objects.
    function invariant_AnExecutorOnlyRevokesAfter30Days() external view {
        _requireKept("only an officer attests");
        (, bool mayDecide, bool mayRevoke, bool mayAdminister) = _patients.powerOf(_patient, _EXECUTOR, _now());
        require(mayRevoke == _executorHolds(), "the executor");
        require(!mayDecide && !mayAdminister, "an executor decides");
        require(_patients.deathOf(_patient) == _diedAt, "another death");
    }

    /// §3, table of powers: a guardian's power ends at majority by itself.
    function invariant_AGuardiansPowerEnds() external view {
        _requireKept("a guardian's power ends");
        (DelegateKind kind, , bool mayRevoke, ) = _patients.powerOf(_minor, _GUARDIAN, _now());
        require(mayRevoke == _guardianHolds() && (kind == DelegateKind.Guardian) == mayRevoke, "the guardian");
    }

    /// §3, table of powers: then claimed by an attested wallet; until then a minor's id has no controller.
    function invariant_OnlyTheAttestedWalletClaims() external view {
        _requireKept("only the attested wallet claims");
        _requireKept("a minor waits for majority");
        require(_patients.headOf(_minor).controller == (_isClaimed ? _CHILD : address(0)), "a minor's controller");
    }

    function _head() private view returns (IPatientRegistry.Head memory) {
        return _patients.headOf(_patient);
    }

    function _verbs() internal pure override returns (bytes4[] memory verbs) {
        bytes4[16] memory list = [
            this.announceController.selector,
            this.announceOwnerKey.selector,
            this.cancelChange.selector,
            this.revokeAll.selector,
            this.setKeyHeader.selector,
            this.optOut.selector,
            this.appointProxy.selector,
            this.attestDeath.selector,
            this.growUp.selector,
            this.approve.selector,
            this.approve.selector,
            this.decide.selector,
            this.decide.selector,
            this.veto.selector,
            this.endorse.selector,
            this.letTimePass.selector
        ];
        verbs = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) verbs[i] = list[i];
    }

    // What happened is counted by the verbs.
    function _tally() internal override {}

    function _properties() internal pure override returns (bytes4[] memory properties) {
        bytes4[24] memory list = [
            this.invariant_TheControllerIsWhoWasAnnouncedInTime.selector,
            this.invariant_NobodyElseDecidesAboutTheRecord.selector,
            this.invariant_TheFloorOnlyRises.selector,
            this.invariant_TheGenerationCountsWhatEndedEverything.selector,
            this.invariant_TheOwnerKeyIsTheLastInForce.selector,
            this.invariant_AChangeWaitsSevenDays.selector,
            this.invariant_WatermarksOfChangesNeverFall.selector,
            this.invariant_NothingChangesUnderAFreeze.selector,
            this.invariant_AChangeMayBeAnnounced.selector,
            this.invariant_AFreezeEndsIn30Days.selector,
            this.invariant_AControllerCanAlwaysRevoke.selector,
            this.invariant_ProtectingAlwaysLands.selector,
            this.invariant_AFormerControllerHasNoPower.selector,
            this.invariant_OneTrusteeChangesNothing.selector,
            this.invariant_TwoTrusteesDecide.selector,
            this.invariant_ARecoveryWaits.selector,
            this.invariant_ARecoveryIsVetoedOnce.selector,
            this.invariant_OnlyTheOfficerEndorses.selector,
            this.invariant_AKeyringsVersionRises.selector,
            this.invariant_TheOptOutIsThePatients.selector,
            this.invariant_AProxysPowerEndsByDate.selector,
            this.invariant_AnExecutorOnlyRevokesAfter30Days.selector,
            this.invariant_AGuardiansPowerEnds.selector,
            this.invariant_OnlyTheAttestedWalletClaims.selector
        ];
        properties = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) properties[i] = list[i];
    }
}
