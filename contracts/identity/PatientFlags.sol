// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev The flags of a patient's head word.
library PatientFlags {
    /// @dev m trustees froze it: nothing new is granted.
    uint24 internal constant FROZEN = 1;
    /// @dev No emergency sessions.
    uint24 internal constant OPTED_OUT = 2;
    /// @dev Has guardians and no controller, until claimed.
    uint24 internal constant MINOR = 4;
    /// @dev The recovery officer attested the patient's death, and the controller has not objected.
    uint24 internal constant DECEASED = 8;
    /// @dev The guardians widen access together only.
    uint24 internal constant ALL_OF = 16;
    /// @dev A new controller was announced or a recovery is under way: more words belong to the head until it is settled.
    uint24 internal constant PENDING = 32;
}
