// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Denial} from "../common/Denial.sol";
import {Actions, Labels} from "../common/Identifiers.sol";

using ConsentSlotLibrary for ConsentSlot global;

/// @dev The word of one consent, as drawn at `IConsentRegistry.Consent`.
type ConsentSlot is uint256;

library ConsentSlotLibrary {
    uint256 private constant _ACTIONS = 0xff << 64;
    uint256 private constant _SERIAL_AND_AS_OF = type(uint256).max << 184;

    function pack(
        Labels labels_,
        Actions actions_,
        uint40 notBefore_,
        uint40 notAfter_,
        uint32 generation_,
        uint32 serial_,
        uint40 asOf_
    ) internal pure returns (ConsentSlot) {
        return
            ConsentSlot.wrap(
                uint256(Labels.unwrap(labels_)) |
                    (uint256(Actions.unwrap(actions_)) << 64) |
                    (uint256(notBefore_) << 72) |
                    (uint256(notAfter_) << 112) |
                    (uint256(generation_) << 152) |
                    (uint256(serial_) << 184) |
                    (uint256(asOf_) << 216)
            );
    }

    /// @dev The same consent without actions, under a new serial and watermark.
    function revoked(ConsentSlot slot, uint32 serial_, uint40 asOf_) internal pure returns (ConsentSlot) {
        uint256 kept = ConsentSlot.unwrap(slot) & ~(_ACTIONS | _SERIAL_AND_AS_OF);
        return ConsentSlot.wrap(kept | (uint256(serial_) << 184) | (uint256(asOf_) << 216));
    }

    /// @dev A consent of the patient's own: is it there, and not ended?
    function judgeLife(ConsentSlot slot, uint32 generation_) internal pure returns (Denial) {
        if (Labels.unwrap(slot.labels()) == 0) return Denial.NoConsent;
        if (Actions.unwrap(slot.actions()) == 0 || slot.generation() != generation_) return Denial.ConsentRevoked;
        return Denial.None;
    }

    /// @dev True if revoking at `signedAt` would change nothing.
    function isRepeat(ConsentSlot slot, uint40 signedAt) internal pure returns (bool) {
        return signedAt == slot.asOf() && Actions.unwrap(slot.actions()) == 0;
    }

    function labels(ConsentSlot slot) internal pure returns (Labels) {
        return Labels.wrap(uint64(ConsentSlot.unwrap(slot)));
    }

    function actions(ConsentSlot slot) internal pure returns (Actions) {
        return Actions.wrap(uint8(ConsentSlot.unwrap(slot) >> 64));
    }

    function notBefore(ConsentSlot slot) internal pure returns (uint40) {
        return uint40(ConsentSlot.unwrap(slot) >> 72);
    }

    function notAfter(ConsentSlot slot) internal pure returns (uint40) {
        return uint40(ConsentSlot.unwrap(slot) >> 112);
    }

    function generation(ConsentSlot slot) internal pure returns (uint32) {
        return uint32(ConsentSlot.unwrap(slot) >> 152);
    }

    function serial(ConsentSlot slot) internal pure returns (uint32) {
        return uint32(ConsentSlot.unwrap(slot) >> 184);
    }

    /// @dev At most two serials a second exist, so wrapping is out of reach; a check could only make revoking fail.
    function nextSerial(ConsentSlot slot) internal pure returns (uint32) {
        unchecked {
            return slot.serial() + 1;
        }
    }

    function asOf(ConsentSlot slot) internal pure returns (uint40) {
        return uint40(ConsentSlot.unwrap(slot) >> 216);
    }
}
