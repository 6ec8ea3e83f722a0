// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A patient's random pseudonym: keccak256(chainId, PatientRegistry, registrant, salt).
type PatientId is bytes32;

/// A provider, whatever keys it holds: keccak256(chainId, ProviderRegistry, first key, salt).
type ProviderId is bytes32;

/// One version of one record: an RFC 9162 leaf hash.
type RecordId is bytes32;

/// A record and its amendments.
type SeriesId is bytes32;

/// One opening of a chart: keccak256(gate, patient, actor, sessionKeyHash, expiresAt).
type SessionId is bytes32;

/// Who wrote a record: a ProviderId, or the PatientId for the patient's own records.
type AuthorId is bytes32;

/// SHA-256 of the committee's group public key.
type KeyId is bytes32;

/// Bit mask: bits 0-39 clinical categories, bits 48-63 sensitivities (Vocabulary).
type Labels is uint64;

/// HL7 PurposeOfUse in one byte, 1-14 (Vocabulary).
type Purpose is uint8;

/// Bit mask: READ 1, WRITE 2, SHARE 4 (Vocabulary).
type Actions is uint8;
