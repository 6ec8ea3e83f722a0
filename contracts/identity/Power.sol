// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

using PowerLibrary for Power global;

/// @notice Who acts for a patient besides the controller. Append only: the numbers are part of the ABI.
enum DelegateKind {
    None,
    Guardian,
    Proxy,
    Executor
}

/// @dev What a decision for a patient needs. Decide: grant, readmit, lift. Narrow: exclude, restrict, dispute. Revoke: end what was
/// granted. Administer: lift the opt-out, erase, rotate. Protect: set the opt-out, cancel an erasure.
enum Power {
    Decide,
    Narrow,
    Revoke,
    Administer,
    Protect
}

library PowerLibrary {
    /// @dev Whether a decision widens access or cannot be undone. A freeze stops these alone; of guardians who decide together, these
    /// need every one, while any one may narrow.
    function widens(Power power) internal pure returns (bool) {
        return power == Power.Decide || power == Power.Administer;
    }
}

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
