// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Actions, Labels, Purpose} from "./Identifiers.sol";

/// @title The bits, numbers and words that a patient signs
/// @notice Answers which masks are valid, and how EIP-712 encodes the words they stand for: `hash…` of a mask is the encoding of a
/// `string[]` holding the words of its bits in ascending order, `hash…` of a purpose that of a `string`.
/// @dev The words are those of `docs/spec/vocabulary.md` and `sdk/src/core/vocabulary.ts`, byte for byte; a parity test compares all
/// three. A word never changes once it was signed: that would turn a mask into another sentence.
library Vocabulary {
    /// @dev Bits 0–39, clinical categories.
    uint64 internal constant CATEGORIES = 0x0000_00ff_ffff_ffff;
    /// @dev Bits 48–63, sensitivities. Bits 40–47 are reserved.
    uint64 internal constant SENSITIVITIES = 0xffff_0000_0000_0000;
    uint64 internal constant LABELS = CATEGORIES | SENSITIVITIES;
    /// @dev Kept from a minor's guardians.
    uint64 internal constant ADOLESCENT = 1 << 58;
    /// @dev Kept from emergencies, too.
    uint64 internal constant HIDDEN = 1 << 62;

    uint8 internal constant READ = 1;
    uint8 internal constant WRITE = 2;
    uint8 internal constant SHARE = 4;
    uint8 internal constant ACTIONS = READ | WRITE | SHARE;

    uint8 internal constant TREATMENT = 1;
    /// @dev Never granted: an emergency is opened by clinicians and reviewed, not consented to ahead.
    uint8 internal constant EMERGENCY = 2;
    uint8 internal constant PAYMENT = 3;
    uint8 internal constant OPERATIONS = 4;
    uint8 internal constant RESEARCH = 5;
    uint8 internal constant CLINICAL_TRIAL = 6;
    uint8 internal constant PUBLIC_HEALTH = 7;
    uint8 internal constant PATIENT_REQUEST = 8;
    uint8 internal constant FAMILY = 9;
    uint8 internal constant COORDINATION = 10;
    uint8 internal constant LEGAL = 11;
    uint8 internal constant QUALITY = 12;
    uint8 internal constant TRAINING = 13;
    uint8 internal constant MARKETING = 14;

    /// @notice At least one label, and no reserved bit.
    function isValid(Labels labels) internal pure returns (bool) {
        uint64 bits = Labels.unwrap(labels);
        return bits != 0 && bits & ~LABELS == 0;
    }

    /// @notice At least one action, and no unknown bit.
    function isValid(Actions actions) internal pure returns (bool) {
        uint8 bits = Actions.unwrap(actions);
        return bits != 0 && bits <= ACTIONS;
    }

    /// @notice A purpose of the table, emergency included.
    function isValid(Purpose purpose) internal pure returns (bool) {
        uint8 id = Purpose.unwrap(purpose);
        return id != 0 && id <= MARKETING;
    }

    /// @notice A purpose that a patient may consent to: any but emergency.
    function isGrantable(Purpose purpose) internal pure returns (bool) {
        return isValid(purpose) && Purpose.unwrap(purpose) != EMERGENCY;
    }

    /// @notice True if a consent for `granted` reaches a record labelled `asked`; a record without labels is reached by none.
    function covers(Labels granted, Labels asked) internal pure returns (bool) {
        return Labels.unwrap(asked) != 0 && Labels.unwrap(asked) & ~Labels.unwrap(granted) == 0;
    }

    /// @notice True if `granted` holds every action of `asked`; no action at all is never granted.
    function covers(Actions granted, Actions asked) internal pure returns (bool) {
        return Actions.unwrap(asked) != 0 && Actions.unwrap(asked) & ~Actions.unwrap(granted) == 0;
    }

    /// @notice EIP-712 encoding of the words of a purpose, as a `string`; zero for an unknown one.
    function hashOf(Purpose purpose) internal pure returns (bytes32) {
        uint8 id = Purpose.unwrap(purpose);
        if (id == TREATMENT) return keccak256("treatment");
        if (id == EMERGENCY) return keccak256("emergency");
        if (id == PAYMENT) return keccak256("payment");
        if (id == OPERATIONS) return keccak256("running the hospital or practice");
        if (id == RESEARCH) return keccak256("research");
        if (id == CLINICAL_TRIAL) return keccak256("clinical trial");
        if (id == PUBLIC_HEALTH) return keccak256("public health");
        if (id == PATIENT_REQUEST) return keccak256("my own request");
        if (id == FAMILY) return keccak256("family request");
        if (id == COORDINATION) return keccak256("coordinating my care");
        if (id == LEGAL) return keccak256("legal");
        if (id == QUALITY) return keccak256("quality of care");
        if (id == TRAINING) return keccak256("training");
        if (id == MARKETING) return keccak256("marketing");
        return 0;
    }

    /// @notice EIP-712 encoding of the words of a mask of actions, as a `string[]`. Unknown bits are left out: check `isValid`.
    function hashOf(Actions actions) internal pure returns (bytes32) {
        (uint256 start, uint256 end, uint256 bits) = (_freeMemory(), _freeMemory(), Actions.unwrap(actions));
        end = _append(end, bits, keccak256("read"));
        end = _append(end, bits >> 1, keccak256("add"));
        end = _append(end, bits >> 2, keccak256("pass on"));
        return _hash(start, end);
    }

    /// @notice EIP-712 encoding of the words of a mask of labels, as a `string[]`. Reserved bits are left out: check `isValid`.
    function hashOf(Labels labels) internal pure returns (bytes32) {
        (uint256 start, uint256 end, uint256 bits) = (_freeMemory(), _freeMemory(), Labels.unwrap(labels));
        if (bits & 0xff != 0) {
            end = _append(
                end,
                bits,
                keccak256("name and contact details"),
                keccak256("allergies"),
                keccak256("health problems"),
                keccak256("diagnoses from visits"),
                keccak256("prescriptions and medicines"),
                keccak256("medicines handed out"),
                keccak256("vaccinations"),
                keccak256("operations and procedures")
            );
        }
        if (bits & 0xff00 != 0) {
            end = _append(
                end,
                bits >> 8,
                keccak256("vital signs"),
                keccak256("lab results"),
                keccak256("pathology"),
                keccak256("X-rays and scans"),
                keccak256("heart tests"),
                keccak256("examination findings"),
                keccak256("other tests"),
                keccak256("activity and wearables")
            );
        }
        if (bits & 0xff_0000 != 0) {
            end = _append(
                end,
                bits >> 16,
                keccak256("questionnaires"),
                keccak256("lifestyle"),
                keccak256("living situation"),
                keccak256("daily abilities"),
                keccak256("pregnancy and birth"),
                keccak256("genetic tests"),
                keccak256("family history"),
                keccak256("doctors' notes")
            );
        }
        if (bits & 0xff00_0000 != 0) {
            end = _append(
                end,
                bits >> 24,
                keccak256("summaries and discharge letters"),
                keccak256("other documents"),
                keccak256("referrals and orders"),
                keccak256("care plans and goals"),
                keccak256("care team"),
                keccak256("visits"),
                keccak256("appointments"),
                keccak256("devices and implants")
            );
        }
        if (bits & 0xff_0000_0000 != 0) {
            end = _append(
                end,
                bits >> 32,
                keccak256("dental"),
                keccak256("eyes"),
                keccak256("warnings and risks"),
                keccak256("wishes for care"),
                keccak256("insurance"),
                keccak256("bills and claims"),
                keccak256("messages"),
                keccak256("everything else")
            );
        }
        if (bits & 0xff_0000_0000_0000 != 0) {
            end = _append(
                end,
                bits >> 48,
                keccak256("mental health"),
                keccak256("alcohol use"),
                keccak256("drug use"),
                keccak256("HIV"),
                keccak256("sexually transmitted infections"),
                keccak256("sexual and reproductive health"),
                keccak256("violence and abuse"),
                keccak256("inherited conditions")
            );
        }
        if (bits & 0xff00_0000_0000_0000 != 0) {
            end = _append(
                end,
                bits >> 56,
                keccak256("gender and orientation"),
                keccak256("memory and development"),
                keccak256("private from parents"),
                keccak256("psychotherapy notes"),
                keccak256("where I live"),
                keccak256("origin and belief"),
                keccak256("hidden by me"),
                keccak256("not yet checked for private content")
            );
        }
        return _hash(start, end);
    }

    /// @dev Memory behind the free pointer is only written and hashed, never allocated: nothing may allocate in between.
    function _freeMemory() private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := mload(0x40)
        }
    }

    function _hash(uint256 start, uint256 end) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            hash := keccak256(start, sub(end, start))
        }
    }

    /// @dev Writes `word` at `end` and keeps it, by moving `end`, only if the lowest bit is set.
    function _append(uint256 end, uint256 bits, bytes32 word) private pure returns (uint256) {
        assembly ("memory-safe") {
            mstore(end, word)
            end := add(end, shl(5, and(bits, 1)))
        }
        return end;
    }

    /// @dev The same for the lowest eight bits; without branches.
    function _append(
        uint256 end,
        uint256 bits,
        bytes32 word0,
        bytes32 word1,
        bytes32 word2,
        bytes32 word3,
        bytes32 word4,
        bytes32 word5,
        bytes32 word6,
        bytes32 word7
    ) private pure returns (uint256) {
        assembly ("memory-safe") {
            mstore(end, word0)
            end := add(end, and(shl(5, bits), 32))
            mstore(end, word1)
            end := add(end, and(shl(4, bits), 32))
            mstore(end, word2)
            end := add(end, and(shl(3, bits), 32))
            mstore(end, word3)
            end := add(end, and(shl(2, bits), 32))
            mstore(end, word4)
            end := add(end, and(shl(1, bits), 32))
            mstore(end, word5)
            end := add(end, and(bits, 32))
            mstore(end, word6)
            end := add(end, and(shr(1, bits), 32))
            mstore(end, word7)
            end := add(end, and(shr(2, bits), 32))
        }
        return end;
    }
}
