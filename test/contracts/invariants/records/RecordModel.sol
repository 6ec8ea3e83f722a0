// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Actions,
    AuthorId,
    Labels,
    PatientId,
    ProviderId,
    Purpose,
    SeriesId
} from "../../../../contracts/common/Identifiers.sol";
import {IConsentTerms} from "../../../../contracts/consent/IConsentTerms.sol";
import {IProviderRegistry} from "../../../../contracts/identity/IProviderRegistry.sol";
import {DelegateKind} from "../../../../contracts/identity/Power.sol";
import {RecordRegistry} from "../../../../contracts/records/RecordRegistry.sol";
import {Registries} from "../Registries.sol";

/// @notice A patient with a proxy and a trustee, a doctor who writes, another who may not, and two series of the first's.
abstract contract RecordModel is Registries {
    struct Half {
        uint64 labels;
        uint40 asOf;
    }

    struct Dispute {
        bool isOn;
        uint40 asOf;
    }

    struct Erasure {
        uint40 requestedAt;
        uint40 asOf;
        uint40 deferredUntil;
        uint40 deferralAsOf;
        bool isDeleted;
    }

    /// @dev Who sends a decision, in whose name, and whether that person may.
    struct Decider {
        address caller;
        address signer;
        bool isEntitled;
    }

    address internal constant _CONTROLLER = address(0xA11CE);
    address internal constant _PROXY = address(0xB0B);
    address internal constant _TRUSTEE = address(0x71);
    address internal constant _AUTHOR = address(0xD0);
    address internal constant _OTHER = address(0xD1);

    RecordRegistry internal _records;
    PatientId internal _patient;
    PatientId internal _otherPatient;
    ProviderId internal _author;
    SeriesId[2] internal _series;

    /// @dev The controller's, the delegates'.
    Half[2][2] internal _halves;
    Dispute[2] internal _disputes;
    Erasure[2] internal _erasures;
    uint40 internal _floor;
    uint40 internal _proxyFrom;
    uint40 internal _proxyUntil;
    bool internal _mayWrite;
    bool internal _isAuthor = true;
    bool internal _isSuspended;
    mapping(uint256 record => uint256) internal _anchoredIn;
    mapping(uint256 record => uint256) internal _ownAnchoredIn;
    mapping(uint256 record => bool) internal _isRetracted;

    function setUp() public {
        _deploy();
        _records = new RecordRegistry(_patients, _providers, _consents, _DELAY, _LIFETIME, _validator);
        _patient = _register(_CONTROLLER);
        _otherPatient = _register(_stranger);
        _author = _admit(_AUTHOR, IProviderRegistry.ProviderKind.Practitioner);
        _admit(_OTHER, IProviderRegistry.ProviderKind.Practitioner);
        _providers.grantAuthorship(_author);
        for (uint256 i = 0; i < 2; ++i) {
            _series[i] = SeriesId.wrap(sha256(abi.encodePacked("anamnesis/series/v1", _patient, _author, bytes32(i))));
        }
        _pass(60);
        address[] memory trustees = new address[](1);
        trustees[0] = _TRUSTEE;
        _VM.prank(_CONTROLLER);
        _patients.announceTrustees(_patient, trustees, 1, _at(_CONTROLLER, _now()));
        (_proxyFrom, _proxyUntil) = (_now(), _now() + 60 days);
        _VM.prank(_CONTROLLER);
        _patients.appointDelegate(_patient, _PROXY, DelegateKind.Proxy, _proxyUntil, _at(_CONTROLLER, _now()));
        _pass(_DELAY);
        _letWrite(true);
        _pass(200);
    }

    function _begin(uint256 seed) internal returns (uint256 random) {
        random = _randomOf(seed);
        _pass((random >> 248) % 4);
    }

    /// @dev Mostly the controller or the proxy; else a doctor, a stranger, or a stranger in the controller's name.
    function _deciderOf(uint256 random, uint40 signedAt) internal view returns (Decider memory decider) {
        uint256 who = random % 12;
        address caller = _CONTROLLER;
        if (who > 5 && who < 9) caller = _PROXY;
        else if (who == 9) caller = _AUTHOR;
        else if (who > 9) caller = _stranger;
        address signer = who == 11 ? _CONTROLLER : caller;
        bool isProxy = signer == _PROXY && signedAt > _proxyFrom && block.timestamp < _proxyUntil;
        return Decider(caller, signer, who != 11 && (signer == _CONTROLLER || isProxy));
    }

    function _letWrite(bool may) internal {
        IConsentTerms.Terms memory terms = IConsentTerms.Terms({
            patient: _patient,
            grantee: _author,
            purpose: Purpose.wrap(1),
            labels: Labels.wrap(3),
            actions: Actions.wrap(may ? 3 : 1),
            notBefore: _now() - (_now() % 60),
            notAfter: _now() - (_now() % 60) + 1000 days,
            document: 0
        });
        _VM.prank(_CONTROLLER);
        _consents.grant(terms, _at(_CONTROLLER, _now()));
        _mayWrite = may;
    }

    /// @dev Zero where no request is in force.
    function _deletableFrom(uint256 place) internal view returns (uint40 time) {
        Erasure storage erasure = _erasures[place];
        if (erasure.requestedAt == 0) return 0;
        time = erasure.requestedAt + _DELAY;
        if (erasure.deferredUntil > time) time = erasure.deferredUntil;
    }

    function _isDeleted(uint256 place) internal view returns (bool) {
        uint40 time = _deletableFrom(place);
        return time != 0 && block.timestamp >= time;
    }

    function _authorId() internal view returns (AuthorId) {
        return AuthorId.wrap(ProviderId.unwrap(_author));
    }
}
