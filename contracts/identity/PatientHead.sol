// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

using PatientHeadLibrary for PatientHead global;

/// @dev The head word, as drawn at `IPatientRegistry.Head`.
type PatientHead is uint256;

library PatientHeadLibrary {
    function controller(PatientHead head) internal pure returns (address) {
        return address(uint160(PatientHead.unwrap(head)));
    }

    function signedFloor(PatientHead head) internal pure returns (uint40) {
        return uint40(PatientHead.unwrap(head) >> 160);
    }

    function generation(PatientHead head) internal pure returns (uint32) {
        return uint32(PatientHead.unwrap(head) >> 200);
    }

    function flags(PatientHead head) internal pure returns (uint24) {
        return uint24(PatientHead.unwrap(head) >> 232);
    }

    function has(PatientHead head, uint24 flag) internal pure returns (bool) {
        return head.flags() & flag != 0;
    }

    function withFlags(PatientHead head, uint24 added) internal pure returns (PatientHead) {
        return PatientHead.wrap(PatientHead.unwrap(head) | (uint256(added) << 232));
    }

    function withoutFlags(PatientHead head, uint24 removed) internal pure returns (PatientHead) {
        return PatientHead.wrap(PatientHead.unwrap(head) & ~(uint256(removed) << 232));
    }

    /// @dev Another controller, who decides nothing dated up to `floor`.
    function withController(PatientHead head, address next, uint40 floor) internal pure returns (PatientHead) {
        if (floor < head.signedFloor()) floor = head.signedFloor();
        uint256 kept = (PatientHead.unwrap(head) >> 200) << 200;
        return PatientHead.wrap(kept | uint160(next) | (uint256(floor) << 160));
    }

    /// @dev Wraps after 2^32 generations, which nobody can pay for: a check would only be a way for revoking to fail.
    function withNextGeneration(PatientHead head, uint40 floor) internal pure returns (PatientHead) {
        unchecked {
            return
                PatientHead.wrap(
                    uint160(head.controller()) |
                        (uint256(floor) << 160) |
                        (uint256(uint32(head.generation() + 1)) << 200) |
                        (uint256(head.flags()) << 232)
                );
        }
    }
}
