// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint-disable gas-custom-errors

import {Denial} from "../../../../contracts/common/Denial.sol";
import {Actions, Labels, ProviderId, Purpose} from "../../../../contracts/common/Identifiers.sol";
import {IConsentRegistry, Via} from "../../../../contracts/consent/IConsentRegistry.sol";
import {CircumstanceVerbs} from "./CircumstanceVerbs.sol";

/// @notice What is asked of ConsentRegistry after each verb.
abstract contract ConsentQuestions is CircumstanceVerbs {
    Purpose private constant _TREATMENT = Purpose.wrap(1);
    Actions private constant _READ = Actions.wrap(1);

    function _verbs() internal pure override returns (bytes4[] memory verbs) {
        bytes4[20] memory list = [
            this.grant.selector,
            this.revoke.selector,
            this.sendSignedGrant.selector,
            this.sendSignedRevocation.selector,
            this.revokeMany.selector,
            this.grantMalformed.selector,
            this.share.selector,
            this.unshare.selector,
            this.cut.selector,
            this.uncut.selector,
            this.exclude.selector,
            this.readmit.selector,
            this.suspend.selector,
            this.reinstate.selector,
            this.affiliate.selector,
            this.revokeAll.selector,
            this.appoint.selector,
            this.freeze.selector,
            this.restore.selector,
            this.letTimePass.selector
        ];
        verbs = new bytes4[](list.length);
        for (uint256 i = 0; i < list.length; ++i) verbs[i] = list[i];
    }

    function _tally() internal override {
        for (uint256 i = 0; i < 4; ++i) _count(_permitted(i, i, 1) ? "permitted" : "denied");
        if (_permitted(3, 3, 1)) _count("permitted through three shares");
        if (_permitted(_DOCTOR, 0, 1)) _count("permitted for the clinic");
    }

    /// @dev Through `length` shares, by the organisation that holds the last; the hospital's place is its own.
    function _requireAsModelled(uint256 length) internal view {
        bool isIn = !_isSuspended[length] && !_isExcluded(length);
        (Denial denial, bytes32 tag) = _decide(length, length, length, 1);
        require((denial == Denial.None) == (isIn && _permits(_rightOf(length), 1, 1)), "a path is not as modelled");
        require((tag != 0) == (denial == Denial.None), "a tag without a permission");
    }

    /// @dev `actor` for `organisation` of the chain, or for itself, through all shares that lead there.
    function _permitted(uint256 actor, uint256 organisation, uint64 labels) internal view returns (bool) {
        (Denial denial, ) = _decide(actor, organisation, organisation, labels);
        return denial == Denial.None;
    }

    function _decide(
        uint256 actor,
        uint256 organisation,
        uint256 length,
        uint64 labels
    ) private view returns (Denial, bytes32) {
        Via memory via = _through(actor, organisation, length);
        return _consents.decide(_patient, _ids[actor], via, _TREATMENT, Labels.wrap(labels), _SERIES, _READ);
    }

    function _rightThrough(uint256 length) internal view returns (IConsentRegistry.Right memory right) {
        (, right) = _consents.rightOf(_patient, _ids[length], _through(length, length, length), _TREATMENT, _SERIES);
    }

    /// @dev Nobody reads by this slot, whatever else holds.
    function _requireClosed(uint256 place) internal view {
        uint256 grantee = _granteeOf(place);
        Via memory via = Via(ProviderId.wrap(0), new ProviderId[](0), place >= 4);
        (Denial denial, ) = _consents.decide(
            _patient,
            _ids[grantee],
            via,
            _purposeOf(place),
            Labels.wrap(1),
            _SERIES,
            _READ
        );
        require(denial != Denial.None, "an ended consent permits");
    }

    function _consentAt(uint256 place) internal view returns (IConsentRegistry.Consent memory) {
        return _consents.recordConsentOf(_patient, _seriesOf(place), _ids[_granteeOf(place)], _purposeOf(place));
    }

    function _through(uint256 actor, uint256 organisation, uint256 length) private view returns (Via memory) {
        ProviderId[] memory chain = length == 0 ? new ProviderId[](0) : _chainTo(length - 1);
        return Via(actor == organisation ? ProviderId.wrap(0) : _ids[organisation], chain, false);
    }
}
