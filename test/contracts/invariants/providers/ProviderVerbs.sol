// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProviderRegistry} from "../../../../contracts/identity/IProviderRegistry.sol";
import {ProviderModel} from "./ProviderModel.sol";

/// @notice What offices decide about providers, and who would like to.
abstract contract ProviderVerbs is ProviderModel {
    function admit(uint256 seed) external {
        uint256 random = _begin(seed);
        address caller = _officeOr(random, _REGISTRAR);
        uint256 key = (random >> 8) % _KEYS;
        bool isPerson = (random >> 16) % 2 == 0;
        bool isForged = (random >> 24) % 6 == 0;
        bytes32 name = _nameOf((random >> 32) % 40);
        bytes32 licence = isPerson ? bytes32((random >> 40) % 20) : bytes32(0);
        bool landed = _attempt(caller, address(_providers), _admission(key, isPerson, name, licence, isForged));
        bool isDue = caller == _REGISTRAR && !isForged;
        if (!isDue) _watch("only a registrar admits", !landed);
        if (_keyring[key].state != KeyState.Free) {
            isDue = false;
            _watch("a key joins once", !landed);
        }
        if (_isNameTaken[name]) {
            isDue = false;
            _watch("a name is unique", !landed);
        }
        if (isPerson && (licence == 0 || _isLicenceTaken[licence])) {
            isDue = false;
            _watch("a licence is unique", !landed);
        }
        if (isDue) _watch("who may join joins", landed);
        if (landed) _noteAdmission(key, isPerson, name, licence);
    }

    function suspend(uint256 seed) external {
        uint256 random = _begin(seed);
        _move(random, _providers.suspend.selector, IProviderRegistry.ProviderStatus.Suspended);
    }

    function reinstate(uint256 seed) external {
        uint256 random = _begin(seed);
        _move(random, _providers.reinstate.selector, IProviderRegistry.ProviderStatus.Active);
    }

    function retire(uint256 seed) external {
        uint256 random = _begin(seed);
        // The first four rarely, since nobody returns.
        if ((random >> 8) % _known.length < 4 && (random >> 24) % 8 != 0) return;
        _move(random, _providers.retire.selector, IProviderRegistry.ProviderStatus.Retired);
    }

    function setAuthorship(uint256 seed) external {
        uint256 random = _begin(seed);
        uint256 provider = (random >> 8) % _known.length;
        address caller = _officeOr(random, _REGISTRAR);
        bool isAuthor = (random >> 16) % 2 == 0;
        bytes memory data =
            isAuthor
                ? abi.encodeCall(_providers.grantAuthorship, (_known[provider].id))
                : abi.encodeCall(_providers.revokeAuthorship, (_known[provider].id));
        bool landed = _attempt(caller, address(_providers), data);
        if (caller != _REGISTRAR) _watch("privileges are an office's", !landed);
        if (isAuthor && _isRetired(provider)) _watch("retired is for ever", !landed);
        if (landed) _known[provider].isAuthor = isAuthor;
    }

    /// By the officer, who must announce it a day ahead; taken away by the registrar at once.
    function setEmergency(uint256 seed) external {
        uint256 random = _begin(seed);
        // Mostly the same doctor: what was announced must be carried out within a week.
        uint256 provider = (random >> 8) % 2 == 0 ? (random >> 12) % _known.length : 2;
        Known storage known = _known[provider];
        uint256 what = (random >> 16) % 4;
        bytes memory data = abi.encodeCall(_providers.grantEmergency, (known.id));
        if (what == 0) {
            bool isTaken = _attempt(
                _REGISTRAR,
                address(_providers),
                abi.encodeCall(_providers.revokeEmergency, (known.id))
            );
            _watch("narrowing always lands", isTaken);
            known.mayBreakGlass = false;
        } else if (what == 1) {
            bytes memory plan = abi.encodeCall(_manager.schedule, (address(_providers), data, 0));
            if (_attempt(_EMERGENCY_OFFICER, address(_manager), plan)) _scheduledFor[provider] = _now() + 1 days;
        } else {
            address caller = _officeOr(random >> 24, _EMERGENCY_OFFICER);
            _judgePrivilege(caller, provider, _attempt(caller, address(_providers), data));
        }
    }

    function letTimePass(uint256 seed) external {
        uint256 random = _randomOf(seed);
        _pass([uint256(60), 1 days, 2 days, 8 days][random % 4]);
    }

    function _begin(uint256 seed) internal returns (uint256 random) {
        random = _randomOf(seed);
        _pass((random >> 248) % 3);
    }

    function _isRetired(uint256 provider) internal view returns (bool) {
        return _known[provider].status == IProviderRegistry.ProviderStatus.Retired;
    }

    /// @dev Mostly who holds the office; else the other office, a provider's key, or a stranger.
    function _officeOr(uint256 random, address office) internal view returns (address) {
        if (random % 4 != 0) return office;
        address other = office == _REGISTRAR ? _EMERGENCY_OFFICER : _REGISTRAR;
        return [other, _addressOf((random >> 3) % _KEYS), _stranger][(random >> 8) % 3];
    }

    /// @dev What was scheduled may be called once its day has passed.
    function _judgePrivilege(address caller, uint256 provider, bool landed) private {
        Known storage known = _known[provider];
        uint40 time = _scheduledFor[provider];
        if (caller != _EMERGENCY_OFFICER) _watch("privileges are an office's", !landed);
        if (time == 0 || block.timestamp < time) _watch("the privilege waits a day", !landed);
        if (!known.isPerson) _watch("only people break glass", !landed);
        if (_isRetired(provider)) _watch("retired is for ever", !landed);
        if (!landed) return;
        _count("privileged");
        (known.mayBreakGlass, _scheduledFor[provider]) = (true, 0);
    }

    function _move(uint256 random, bytes4 verb, IProviderRegistry.ProviderStatus status) private {
        uint256 provider = (random >> 8) % _known.length;
        Known storage known = _known[provider];
        address caller = _officeOr(random, _REGISTRAR);
        bool landed = _attempt(caller, address(_providers), abi.encodeWithSelector(verb, known.id));
        if (caller != _REGISTRAR) _watch("only a registrar admits", !landed);
        else if (_isRetired(provider)) _watch("retired is for ever", !landed);
        else _watch("a registrar moves", landed == (known.status != status));
        if (!landed) return;
        if (status == IProviderRegistry.ProviderStatus.Retired) _count("retired");
        known.status = status;
    }
}
