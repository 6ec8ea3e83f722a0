// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authorization} from "../../contracts/common/Authorization.sol";
import {PatientId, ProviderId} from "../../contracts/common/Identifiers.sol";
import {IConsentTerms} from "../../contracts/consent/IConsentTerms.sol";
import {Signatures} from "../Signatures.sol";
import {ConsentVerbs} from "./ConsentVerbs.sol";

/// @title A signed decision lands only if its signer signed these words
/// @dev Labels, actions, purpose and times of grants are fixed (see GrantProofs); who, whom, when and the signature are not.
contract ConsentSignatureProofs is ConsentVerbs, Signatures {
    bytes32 private constant _GRANT = keccak256(
        "ConsentGrant(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,uint40 signedAt,uint40 deadline)"
    );

    struct Decision {
        address caller;
        PatientId patient;
        ProviderId grantee;
        bytes32 document;
        address signer;
        uint40 signedAt;
        uint40 deadline;
    }

    uint256 private constant _HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    function check_signedGrantBindsItsWords(Decision memory decision) public {
        Authorization memory authorization = _authorization(decision);
        _assume(_grant(decision.caller, _terms(decision), authorization));
        bytes32 structHash = keccak256(
            abi.encode(
                _GRANT,
                _providers.nameHashOf(decision.grantee),
                keccak256("treatment"),
                keccak256(abi.encodePacked(keccak256("name and contact details"), keccak256("lab results"))),
                keccak256(abi.encodePacked(keccak256("read"), keccak256("add"))),
                keccak256("2027-01-15 08:00 UTC"),
                keccak256("2028-02-29 23:59 UTC"),
                decision.grantee,
                decision.patient,
                decision.document,
                decision.signedAt,
                decision.deadline
            )
        );
        assert(_hasSigned(authorization, address(_consents), structHash));
    }

    function check_highSIsRefused(Decision memory decision) public {
        Authorization memory authorization = _authorization(decision);
        _assume(_sOf(authorization) > _HALF_ORDER);
        assert(!_grant(decision.caller, _terms(decision), authorization));
    }

    function _authorization(Decision memory decision) private pure returns (Authorization memory) {
        return _signed(decision.signer, decision.signedAt, decision.deadline);
    }

    function _terms(Decision memory decision) private pure returns (IConsentTerms.Terms memory) {
        return _fixedTerms(decision.patient, decision.grantee, decision.document);
    }
}
