import type { StateProof } from "../../chain/index.ts";
import { fromHex, type Hex, toHex } from "../../core/bytes.ts";
import type { RecordId } from "../../core/ids.ts";
import { coreIdOf, decodePublicPart, encodePublicPart, type PublicPart, recordIdOf } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { MAX_LOG_PATH, type RecordPlace } from "../../stewards/index.ts";

/** Where a record without an anchor of its own is in its author's log. */
export interface RecordLogProof {
  /** LogRegistry that the log is anchored in. */
  readonly logRegistry: Hex;
  readonly index: number;
  readonly size: number;
  readonly root: Hex;
  readonly path: readonly Hex[];
  /** Where the root was anchored. */
  readonly block: number;
  readonly transaction: Hex;
}

/**
 * What lets anybody who was handed a document check it against the chain; it holds no key. Plain JSON, so that it can
 * travel as a file (`docs/spec/proof.md`).
 */
export interface RecordProof {
  readonly format: "anamnesis-proof/v1";
  readonly chainId: number;
  /** RecordRegistry that anchors the record. */
  readonly recordRegistry: Hex;
  /** DAG-CBOR of the PublicPart. */
  readonly publicPart: Hex;
  readonly restHash: Hex;
  /** Opens the blinded commitment for this one document. */
  readonly nonce: Hex;
  /** Where only the author's log anchors the record. */
  readonly log?: RecordLogProof | undefined;
  /** Shows the anchor, or the head of the log, to whoever trusts a block's hash. */
  readonly state?: StateProof | undefined;
}

export function makeProof(
  place: {
    readonly chainId: number;
    readonly recordRegistry: Hex;
    readonly logRegistry: Hex;
    readonly logPlace: RecordPlace | undefined;
  },
  part: PublicPart,
  restHash: Hex,
  nonce: Uint8Array,
): RecordProof {
  const { chainId, recordRegistry, logRegistry, logPlace } = place;
  return {
    format: "anamnesis-proof/v1",
    ...{ chainId, recordRegistry },
    publicPart: toHex(encodePublicPart(part)),
    restHash,
    nonce: toHex(nonce),
    ...(logPlace && { log: { logRegistry, ...logPlace, path: logPlace.path.map(toHex) } }),
  };
}

export interface ReadProof {
  readonly part: PublicPart;
  readonly recordId: RecordId;
  readonly nonce: Uint8Array;
  readonly place: RecordPlace | undefined;
}

const hex32 = /^0x[0-9a-f]{64}$/;
const isHash = (value: unknown): boolean => typeof value === "string" && hex32.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isHex = (value: unknown): boolean => typeof value === "string" && /^0x([0-9a-f]{2})*$/i.test(value);
const isHexes = (value: unknown): boolean => Array.isArray(value) && value.length <= 64 && value.every(isHex);

function isLogProof({ logRegistry, index, size, root, path, block, transaction }: RecordLogProof): boolean {
  const isPath = Array.isArray(path) && path.length <= MAX_LOG_PATH && path.every(isHash);
  return isPath && isHex(logRegistry) && [index, size, block].every(isCount) && [root, transaction].every(isHash);
}

const isStateProof = ({ header, account, storage }: StateProof): boolean =>
  isHex(header) && isHexes(account) && isHexes(storage);

/** Reads a proof that came from outside and recomputes its RecordId. @throws RECORD_PROOF_INVALID */
export function readProof(proof: RecordProof): ReadProof {
  try {
    const { log, state } = proof;
    const isOfOurs =
      proof.format === "anamnesis-proof/v1" &&
      [proof.restHash, proof.nonce].every(isHash) &&
      isHex(proof.recordRegistry) &&
      (log === undefined || isLogProof(log)) &&
      (state === undefined || isStateProof(state));
    if (!isOfOurs) throw new AnamnesisError("RECORD_PROOF_INVALID");
    const part = decodePublicPart(fromHex(proof.publicPart));
    const place = log && { ...log, path: log.path.map((hash) => fromHex(hash)) };
    return { part, recordId: recordIdOf(coreIdOf(part), proof.restHash), nonce: fromHex(proof.nonce), place };
  } catch (cause) {
    throw new AnamnesisError("RECORD_PROOF_INVALID", {}, { cause });
  }
}
