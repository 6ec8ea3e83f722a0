// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {PatientId, SeriesId} from "../common/Identifiers.sol";
import {IPatientDelegates} from "./IPatientDelegates.sol";
import {IPatientRecovery} from "./IPatientRecovery.sol";
import {PatientBookLibrary} from "./PatientBookLibrary.sol";
import {PatientHead} from "./PatientHead.sol";

using PatientBookLibrary for PatientBook global;

/// @dev One slot: | 240 .. 255 unused | asOf 40 | effectiveAt 40 | next 160 |
struct ControllerChange {
    address next;
    uint40 effectiveAt;
    uint40 asOf;
}

/// @dev Two slots: next; | 80 .. 255 unused | asOf 40 | effectiveAt 40 |
struct OwnerKeyChange {
    bytes32 next;
    uint40 effectiveAt;
    uint40 asOf;
}

/// @dev Two slots: | 248 .. 255 unused | vetoedAt 40 | effectiveAt 40 | controller 160 | state 8 |; ownerKeyHash
struct RecoveryUnderWay {
    IPatientRecovery.RecoveryState state;
    address controller;
    uint40 effectiveAt;
    uint40 vetoedAt;
    bytes32 ownerKeyHash;
}

/// @dev One slot: | 232 .. 255 unused | recoveredAt 40 | headerVersion 32 | headerAsOf 40 | optOutAsOf 40 | diedAt 40 | frozenUntil 40 |
struct Circumstances {
    uint40 frozenUntil;
    uint40 diedAt;
    uint40 optOutAsOf;
    uint40 headerAsOf;
    uint32 headerVersion;
    uint40 recoveredAt;
}

/// @dev One slot: | 224 .. 255 unused | asOf 40 | effectiveAt 40 | nextThreshold 8 | threshold 8 | round 32 | highest 32 | next 32 | version 32 |
struct TrusteeSets {
    uint32 version;
    uint32 next;
    uint32 highest;
    uint32 round;
    uint8 threshold;
    uint8 nextThreshold;
    uint40 effectiveAt;
    uint40 asOf;
}

/// @dev One slot: | 56 .. 255 unused | since 40 | approvers 16, one bit for each member of the set |
struct Approvals {
    uint16 approvers;
    uint40 since;
}

/// @dev One slot: | 200 .. 255 unused | majorityAt 40 | wallet 160 |
struct Minority {
    address wallet;
    uint40 majorityAt;
}

/// @dev Two slots: | 200 .. 255 unused | effectiveAt 40 | lost 160 |; | 200 .. 255 unused | stoppedAt 40 | next 160 |
struct GuardianChange {
    address lost;
    uint40 effectiveAt;
    address next;
    uint40 stoppedAt;
}

/// @dev Who decides, when it was signed, and how long things take (`patientDelay`, `patientWindow`). Never stored.
struct Decision {
    address signer;
    uint40 signedAt;
    uint40 delay;
    uint40 window;
}

/// @dev All that PatientRegistry stores, so that its libraries can be handed it. Sets of trustees are kept by version: one that never took
/// effect, or is over, approves nothing.
struct PatientBook {
    mapping(PatientId patient => PatientHead) heads;
    mapping(PatientId patient => bytes32) ownerKeyHashes;
    mapping(PatientId patient => ControllerChange) controllers;
    mapping(PatientId patient => OwnerKeyChange) ownerKeys;
    mapping(PatientId patient => RecoveryUnderWay) recoveries;
    mapping(PatientId patient => Circumstances) circumstances;
    mapping(PatientId patient => bytes32) headerHashes;
    mapping(PatientId patient => address[]) guardians;
    mapping(PatientId patient => Minority) minorities;
    mapping(PatientId patient => mapping(address delegate => IPatientDelegates.Delegate)) delegates;
    mapping(PatientId patient => TrusteeSets) sets;
    mapping(PatientId patient => mapping(uint32 version => address[])) members;
    mapping(bytes32 proposalHash => Approvals) approvals;
    mapping(PatientId patient => GuardianChange) guardianChanges;
    mapping(PatientId patient => mapping(SeriesId series => Checkpoints.Trace208 times)) erasuresCancelled;
}
