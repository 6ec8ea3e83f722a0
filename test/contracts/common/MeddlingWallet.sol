// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../../contracts/common/Authorization.sol";
import {PatientId, ProviderId, Purpose} from "../../../contracts/common/Identifiers.sol";
import {IConsentRegistry} from "../../../contracts/consent/IConsentRegistry.sol";

/// @notice As a wallet that sends another decision while asked, which a static call forbids.
contract MeddlingWallet {
    IConsentRegistry private immutable _registry;

    constructor(IConsentRegistry registry) {
        _registry = registry;
    }

    function isValidSignature(bytes32, bytes calldata signature) external returns (bytes4) {
        (PatientId patient, ProviderId grantee) = abi.decode(signature, (PatientId, ProviderId));
        _registry.revoke(patient, grantee, Purpose.wrap(1), Authorization(address(this), 0, 0, ""));
        return this.isValidSignature.selector;
    }
}
