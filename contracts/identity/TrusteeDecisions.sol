// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PatientId} from "../common/Identifiers.sol";
import {IPatientRecovery} from "./IPatientRecovery.sol";
import {Approvals, Circumstances, Decision, PatientBook, RecoveryUnderWay, TrusteeSets} from "./PatientBook.sol";
import {PatientBookLibrary} from "./PatientBookLibrary.sol";
import {PatientHead} from "./PatientHead.sol";
import {TrusteeVerbs} from "./TrusteeVerbs.sol";

/// @title Who the trustees are, and what enough of them decide
/// @dev Code that PatientRegistry runs as its own and is linked with: together they would be too large.
library TrusteeDecisions {
    using TrusteeVerbs for PatientBook;

    /// @dev As many as the bits of an approval, and as the loop over a set may cost.
    uint256 private constant _MOST = 16;

    /// @return words EIP-712's encoding of "2 of 3".
    function announce(
        PatientBook storage book,
        PatientId patient,
        address[] calldata trustees,
        uint8 threshold,
        Decision memory decision
    ) external returns (bytes32 words) {
        _requireTrustees(trustees, threshold);
        book.changedBy(patient, decision);
        TrusteeSets memory sets = book.setsNow(patient);
        PatientBookLibrary.requireNewer(patient, decision.signedAt, sets.asOf);

        sets.highest += 1;
        (sets.next, sets.nextThreshold) = (sets.highest, threshold);
        (sets.effectiveAt, sets.asOf) = (uint40(block.timestamp) + decision.delay, decision.signedAt);
        book.sets[patient] = sets;
        book.members[patient][sets.highest] = trustees;
        emit IPatientRecovery.TrusteesAnnounced(
            patient,
            trustees,
            threshold,
            sets.highest,
            sets.effectiveAt,
            decision.signedAt,
            decision.signer
        );
        words = keccak256(bytes.concat(_decimal(threshold), " of ", _decimal(trustees.length)));
    }

    /// @return words EIP-712's encoding of what the verb is called.
    function approve(
        PatientBook storage book,
        PatientId patient,
        IPatientRecovery.Proposal calldata proposal,
        Decision memory decision
    ) external returns (bytes32 words) {
        words = _wordsOf(proposal.verb);
        _requireProposal(proposal);
        PatientHead head = book.registered(patient);
        TrusteeSets memory sets = book.setsNow(patient);
        if (proposal.version != sets.version || proposal.round != sets.round) {
            revert IPatientRecovery.PatientProposalStale(patient, sets.version, sets.round);
        }
        bytes32 proposalHash = keccak256(abi.encode(patient, proposal));
        uint8 count = _count(book, patient, proposalHash, sets.version, decision);
        emit IPatientRecovery.ProposalApproved(
            patient,
            proposalHash,
            proposal.verb,
            proposal.controller,
            proposal.subject,
            decision.signer,
            count
        );
        if (count < sets.threshold) return words;
        book.nextRound(patient);
        book.carryOut(patient, head, proposal, decision);
    }

    function veto(PatientBook storage book, PatientId patient, Decision memory decision) external {
        book.controlledBy(patient, decision);
        RecoveryUnderWay storage recovery = book.recoveries[patient];
        if (!PatientBookLibrary.isUnderWay(recovery)) revert IPatientRecovery.PatientRecoveryMissing(patient);
        if (recovery.state != IPatientRecovery.RecoveryState.Pending) {
            revert IPatientRecovery.PatientRecoveryNotVetoable(patient);
        }
        PatientBookLibrary.requireNotOlder(patient, decision.signedAt, recovery.effectiveAt - decision.delay);

        (recovery.state, recovery.vetoedAt) = (IPatientRecovery.RecoveryState.None, uint40(block.timestamp));
        book.clearPending(patient);
        book.nextRound(patient);
        emit IPatientRecovery.RecoveryVetoed(patient, decision.signedAt, decision.signer);
    }

    function endorse(
        PatientBook storage book,
        PatientId patient,
        address controller,
        bytes32 ownerKeyHash,
        uint40 delay
    ) external {
        RecoveryUnderWay storage recovery = book.recoveries[patient];
        if (
            recovery.state != IPatientRecovery.RecoveryState.Awaiting ||
            block.timestamp >= recovery.effectiveAt ||
            recovery.controller != controller ||
            recovery.ownerKeyHash != ownerKeyHash
        ) revert IPatientRecovery.PatientRecoveryMissing(patient);

        uint40 effectiveAt = uint40(block.timestamp) + delay;
        (recovery.state, recovery.effectiveAt) = (IPatientRecovery.RecoveryState.Endorsed, effectiveAt);
        emit IPatientRecovery.RecoveryEndorsed(patient, controller, ownerKeyHash, effectiveAt);
    }

    function recoveryOf(
        PatientBook storage book,
        PatientId patient
    ) external view returns (IPatientRecovery.Recovery memory answer) {
        RecoveryUnderWay memory recovery = book.recoveries[patient];
        if (PatientBookLibrary.isRecovered(book.recoveries[patient])) {
            answer.recoveredAt = recovery.effectiveAt;
            return answer;
        }
        Circumstances storage circumstances = book.circumstances[patient];
        (answer.recoveredAt, answer.frozenUntil) = (circumstances.recoveredAt, circumstances.frozenUntil);
        answer.vetoedAt = recovery.vetoedAt;
        // Pending and endorsed ones count from `effectiveAt` on, awaiting ones lapse then.
        if (recovery.state == IPatientRecovery.RecoveryState.None || block.timestamp >= recovery.effectiveAt)
            return answer;
        (answer.state, answer.controller) = (recovery.state, recovery.controller);
        (answer.ownerKeyHash, answer.effectiveAt) = (recovery.ownerKeyHash, recovery.effectiveAt);
    }

    function trusteesOf(
        PatientBook storage book,
        PatientId patient
    ) external view returns (IPatientRecovery.Trustees memory) {
        TrusteeSets memory sets = book.setsNow(patient);
        address[] memory members = book.members[patient][sets.version];
        return IPatientRecovery.Trustees(members, sets.threshold, sets.version, sets.round);
    }

    function approvalsOf(
        PatientBook storage book,
        PatientId patient,
        IPatientRecovery.Proposal calldata proposal,
        uint40 window
    ) external view returns (uint8 count, bool isCurrent) {
        TrusteeSets memory sets = book.setsNow(patient);
        Approvals storage approvals = book.approvals[keccak256(abi.encode(patient, proposal))];
        if (block.timestamp < approvals.since + window) count = _bits(approvals.approvers);
        isCurrent = proposal.version == sets.version && proposal.round == sets.round;
    }

    /// @dev Counts the signer in, of a set that has at most sixteen members.
    function _count(
        PatientBook storage book,
        PatientId patient,
        bytes32 proposalHash,
        uint32 version,
        Decision memory decision
    ) private returns (uint8) {
        address[] storage members = book.members[patient][version];
        uint256 size = members.length;
        uint256 place = 0;
        while (place < size && members[place] != decision.signer) ++place;
        if (place == size) revert IPatientRecovery.PatientTrusteeUnknown(patient, decision.signer);
        Approvals memory approvals = book.approvals[proposalHash];
        uint40 time = uint40(block.timestamp);
        if (time >= approvals.since + decision.window) approvals = Approvals(0, time);
        uint16 bit = uint16(1 << place);
        if (approvals.approvers & bit != 0) {
            revert IPatientRecovery.PatientProposalApproved(proposalHash, decision.signer);
        }
        approvals.approvers |= bit;
        book.approvals[proposalHash] = approvals;
        return _bits(approvals.approvers);
    }

    function _requireTrustees(address[] calldata trustees, uint8 threshold) private pure {
        uint256 size = trustees.length;
        bool isValid = size == 0 ? threshold == 0 : threshold != 0 && threshold <= size && size <= _MOST;
        for (uint256 i = 0; isValid && i < size; ++i) {
            isValid = trustees[i] != address(0);
            for (uint256 j = 0; j < i; ++j) isValid = isValid && trustees[i] != trustees[j];
        }
        if (!isValid) revert IPatientRecovery.PatientTrusteesInvalid(size, threshold);
    }

    /// @dev No argument that the verb does not take: an approval must say all there is, and once.
    function _requireProposal(IPatientRecovery.Proposal calldata proposal) private pure {
        IPatientRecovery.TrusteeVerb verb = proposal.verb;
        bool isRecovery = verb == IPatientRecovery.TrusteeVerb.Recover;
        bool hasSubject = isRecovery || verb == IPatientRecovery.TrusteeVerb.CancelErasure;
        if ((proposal.controller != address(0)) != isRecovery || (proposal.subject != 0) != hasSubject) {
            revert IPatientRecovery.PatientProposalInvalid(verb);
        }
    }

    function _wordsOf(IPatientRecovery.TrusteeVerb verb) private pure returns (bytes32) {
        if (verb == IPatientRecovery.TrusteeVerb.Freeze) return keccak256("freeze this health record");
        if (verb == IPatientRecovery.TrusteeVerb.Unfreeze) return keccak256("end the freeze of this health record");
        if (verb == IPatientRecovery.TrusteeVerb.Recover) return keccak256("give this health record to a new wallet");
        if (verb == IPatientRecovery.TrusteeVerb.CancelRecovery) return keccak256("stop giving it to a new wallet");
        if (verb == IPatientRecovery.TrusteeVerb.CancelController) return keccak256("stop the change of wallet");
        if (verb == IPatientRecovery.TrusteeVerb.CancelOwnerKey) return keccak256("stop the change of owner key");
        if (verb == IPatientRecovery.TrusteeVerb.CancelTrustees) return keccak256("stop the change of trustees");
        return keccak256("keep a record that was to be deleted");
    }

    function _bits(uint16 approvers) private pure returns (uint8 count) {
        for (; approvers != 0; approvers &= approvers - 1) ++count;
    }

    /// @dev Below 100.
    function _decimal(uint256 number) private pure returns (bytes memory) {
        bytes1 last = bytes1(uint8(48 + (number % 10)));
        return number < 10 ? abi.encodePacked(last) : abi.encodePacked(bytes1(uint8(48 + number / 10)), last);
    }
}
