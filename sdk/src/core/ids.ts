import { AnamnesisError } from "../errors/index.ts";
import type { Hex } from "./bytes.ts";

declare const brand: unique symbol;
type Id<Name extends string> = Hex & { readonly [brand]: Name };

/** A patient's random pseudonym: `keccak256(chainId, registry, registrant, salt)`. */
export type PatientId = Id<"PatientId">;
/** A provider, whatever keys it holds today: `keccak256(chainId, registry, first key, salt)`. */
export type ProviderId = Id<"ProviderId">;
/** One version of one record; an RFC 9162 leaf hash over everything the envelope holds. */
export type RecordId = Id<"RecordId">;
/** A record and its amendments. */
export type SeriesId = Id<"SeriesId">;
/** One opening of a chart: `keccak256(gate, patient, actor, sessionKeyHash, expiresAt)`. */
export type SessionId = Id<"SessionId">;
/** SHA-256 of the committee's group public key. */
export type KeyId = Id<"KeyId">;
/** SHA-256 of the PublicPart. */
export type CoreId = Id<"CoreId">;

const pattern = /^0x[0-9a-f]{64}$/;

function parser<T extends Hex>(kind: string): (text: string) => T {
  return (text) => {
    const lower = text.toLowerCase();
    if (!pattern.test(lower)) throw new AnamnesisError("INPUT_INVALID_ID", { kind });
    return lower as T;
  };
}

/** Each parser checks the form, lower-cases it and brands it. @throws INPUT_INVALID_ID */
export const patientId = parser<PatientId>("patient");
export const providerId = parser<ProviderId>("provider");
export const recordId = parser<RecordId>("record");
export const seriesId = parser<SeriesId>("series");
export const sessionId = parser<SessionId>("session");
export const keyId = parser<KeyId>("committee key");
export const coreId = parser<CoreId>("record core");

/** The chain's word for "none" where an id is optional. */
export const noId: Hex = `0x${"0".repeat(64)}`;
