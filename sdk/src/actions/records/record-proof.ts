import { fromHex, type Hex, toHex } from "../../core/bytes.ts";
import type { RecordId } from "../../core/ids.ts";
import { coreIdOf, decodePublicPart, encodePublicPart, type PublicPart, recordIdOf } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";

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
}

export function makeProof(
  place: { readonly chainId: number; readonly recordRegistry: Hex },
  part: PublicPart,
  restHash: Hex,
  nonce: Uint8Array,
): RecordProof {
  return {
    format: "anamnesis-proof/v1",
    chainId: place.chainId,
    recordRegistry: place.recordRegistry,
    publicPart: toHex(encodePublicPart(part)),
    restHash,
    nonce: toHex(nonce),
  };
}

export interface ReadProof {
  readonly part: PublicPart;
  readonly recordId: RecordId;
  readonly nonce: Uint8Array;
}

const hex32 = /^0x[0-9a-f]{64}$/;

/** Reads a proof that came from outside and recomputes its RecordId. @throws RECORD_PROOF_INVALID */
export function readProof(proof: RecordProof): ReadProof {
  const isOfOurs = proof?.format === "anamnesis-proof/v1" && hex32.test(proof.restHash) && hex32.test(proof.nonce);
  if (!isOfOurs) throw new AnamnesisError("RECORD_PROOF_INVALID");
  try {
    const part = decodePublicPart(fromHex(proof.publicPart));
    return { part, recordId: recordIdOf(coreIdOf(part), proof.restHash), nonce: fromHex(proof.nonce) };
  } catch (cause) {
    throw new AnamnesisError("RECORD_PROOF_INVALID", {}, { cause });
  }
}
