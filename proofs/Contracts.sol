// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// What the proofs deploy, by `vm.getCode`, so that a changed contract does not mean compiling the properties again.

// solhint-disable no-unused-import
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {AccessGate} from "../contracts/access/AccessGate.sol";
import {SignatureValidator} from "../contracts/common/SignatureValidator.sol";
import {BatchDecisions} from "../contracts/consent/BatchDecisions.sol";
import {ConsentRegistry} from "../contracts/consent/ConsentRegistry.sol";
import {ConsentWords} from "../contracts/consent/ConsentWords.sol";
import {RequestDecisions} from "../contracts/consent/RequestDecisions.sol";
import {ShareDecisions} from "../contracts/consent/ShareDecisions.sol";
import {ChangeDecisions} from "../contracts/identity/ChangeDecisions.sol";
import {GuardianDecisions} from "../contracts/identity/GuardianDecisions.sol";
import {PatientRegistry} from "../contracts/identity/PatientRegistry.sol";
import {ProviderRegistry} from "../contracts/identity/ProviderRegistry.sol";
import {TrusteeDecisions} from "../contracts/identity/TrusteeDecisions.sol";
import {RecordRegistry} from "../contracts/records/RecordRegistry.sol";
// solhint-enable no-unused-import
