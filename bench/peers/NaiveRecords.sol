// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev The common shape of published health-record contracts, written as they are: words and CIDs as strings, grants and records in
/// arrays, every question a loop. Patients and doctors are accounts.
contract NaiveRecords {
    struct Grant {
        address doctor;
        string purpose;
        string categories;
        uint256 from;
        uint256 until;
        bool isActive;
    }

    struct Record {
        string cid;
        string category;
        address author;
        uint256 time;
    }

    event AccessGranted(address indexed patient, address indexed doctor, string purpose, uint256 until);
    event AccessRevoked(address indexed patient, address indexed doctor, string purpose);
    event RecordAdded(address indexed patient, address indexed author, string cid);

    error AccessMissing(address patient, address doctor);

    mapping(address patient => Grant[]) private _grants;
    mapping(address patient => Record[]) private _records;

    function grantAccess(
        address doctor,
        string calldata purpose,
        string calldata categories,
        uint256 from,
        uint256 until
    ) external {
        Grant[] storage grants = _grants[msg.sender];
        for (uint256 i = 0; i < grants.length; i++) {
            if (grants[i].doctor == doctor && _same(grants[i].purpose, purpose)) {
                grants[i] = Grant(doctor, purpose, categories, from, until, true);
                emit AccessGranted(msg.sender, doctor, purpose, until);
                return;
            }
        }
        grants.push(Grant(doctor, purpose, categories, from, until, true));
        emit AccessGranted(msg.sender, doctor, purpose, until);
    }

    function revokeAccess(address doctor, string calldata purpose) external {
        Grant[] storage grants = _grants[msg.sender];
        for (uint256 i = 0; i < grants.length; i++) {
            if (grants[i].doctor == doctor && _same(grants[i].purpose, purpose)) {
                grants[i].isActive = false;
                emit AccessRevoked(msg.sender, doctor, purpose);
            }
        }
    }

    function addRecord(address patient, string calldata cid, string calldata category) external {
        if (msg.sender != patient && !hasAccess(patient, msg.sender)) revert AccessMissing(patient, msg.sender);
        _records[patient].push(Record(cid, category, msg.sender, block.timestamp));
        emit RecordAdded(patient, msg.sender, cid);
    }

    function hasAccess(address patient, address doctor) public view returns (bool) {
        Grant[] storage grants = _grants[patient];
        for (uint256 i = 0; i < grants.length; i++) {
            bool isNow = block.timestamp >= grants[i].from && block.timestamp < grants[i].until;
            if (grants[i].doctor == doctor && grants[i].isActive && isNow) return true;
        }
        return false;
    }

    function _same(string memory a, string memory b) private pure returns (bool) {
        return keccak256(bytes(a)) == keccak256(bytes(b));
    }
}
