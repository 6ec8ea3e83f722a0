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
