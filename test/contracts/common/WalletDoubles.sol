// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Authorization} from "../../../contracts/common/Authorization.sol";
import {PatientId, ProviderId, Purpose} from "../../../contracts/common/Identifiers.sol";
import {IConsentRegistry} from "../../../contracts/consent/IConsentRegistry.sol";

/// @notice Accepts two signatures of three owners, one after the other: 130 bytes.
contract SharedWallet {
    address private immutable _first;
    address private immutable _second;
    address private immutable _third;

    constructor(address[3] memory owners) {
        (_first, _second, _third) = (owners[0], owners[1], owners[2]);
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view virtual returns (bytes4) {
        if (signature.length != 130) return 0xffffffff;
        address one = ECDSA.recover(hash, signature[:65]);
        address other = ECDSA.recover(hash, signature[65:]);
        return one != other && _isOwner(one) && _isOwner(other) ? this.isValidSignature.selector : bytes4(0xffffffff);
    }

    function _isOwner(address account) private view returns (bool) {
        return account == _first || account == _second || account == _third;
    }
}

/// @notice Deploys such wallets where `addressOf` says.
contract WalletFactory {
    event Deployed(address wallet, address caller, uint256 value);

    receive() external payable {}

    function deploy(address[3] calldata owners) external payable {
        SharedWallet wallet = new SharedWallet{salt: 0}(owners);
        emit Deployed(address(wallet), msg.sender, msg.value);
    }

    function deployNothing() external {}

    function fail() external pure {
        revert("no wallet today");
    }

    function addressOf(address[3] calldata owners) external view returns (address) {
        bytes32 code = keccak256(abi.encodePacked(type(SharedWallet).creationCode, abi.encode(owners)));
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), bytes32(0), code)))));
    }
}

/// @notice Accepts whatever it is asked, as a delegate that an EIP-7702 account should not have chosen.
contract GullibleWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }
}

/// @notice Answers as told, and never properly.
contract FaultyWallet {
    enum Fault {
        Reverts,
        OtherMagic,
        ShortAnswer,
        NoAnswer,
        DirtyAnswer,
        Writes
    }

    Fault private immutable _fault;
    uint256 private _written;

    constructor(Fault fault) {
        _fault = fault;
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        if (_fault == Fault.Reverts) revert("not today");
        if (_fault == Fault.OtherMagic) return 0x20c13b0b;
        if (_fault == Fault.Writes) ++_written;
        bytes4 magic = this.isValidSignature.selector;
        uint256 length = 32;
        bytes32 answer = magic;
        if (_fault == Fault.ShortAnswer) length = 4;
        if (_fault == Fault.NoAnswer) length = 0;
        if (_fault == Fault.DirtyAnswer) answer |= bytes32(uint256(1));
        assembly ("memory-safe") {
            mstore(0, answer)
            return(0, length)
        }
    }
}

/// @notice A factory that sends another decision while a signature is being checked, and then deploys through another one.
contract MeddlingFactory {
    bytes public failure;
    bool public didMeddle;

    function meddle(
        address registry,
        bytes calldata decision,
        WalletFactory factory,
        address[3] calldata owners
    ) external {
        (didMeddle, failure) = registry.call(decision);
        factory.deploy(owners);
    }
}

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
