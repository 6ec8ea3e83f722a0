import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { equalBytes, toHex } from "../core/bytes.ts";
import { AnamnesisError } from "../errors/index.ts";

/** Multicodec of a block of plain bytes. */
export const rawCodec = 0x55;
/** Multicodec of a block of links (and, in trees made elsewhere, bytes). */
export const dagPbCodec = 0x70;
const sha256Code = 0x12;
const sha256Length = 32;

/** Parses the text of a content identifier. @throws STORAGE_INVALID_CID */
export function parseCid(text: string): CID {
  let cid: CID;
  try {
    cid = CID.parse(text);
  } catch (cause) {
    throw new AnamnesisError("STORAGE_INVALID_CID", { length: text.length }, { cause });
  }
  return requireUsableCid(cid);
}

/**
 * Only SHA-256 over raw bytes or dag-pb: an identity "hash" would carry content nobody verified, other hashes are not
 * ours to judge.
 *
 * @throws STORAGE_INVALID_CID
 */
export function requireUsableCid(cid: CID): CID {
  const { code, digest } = cid.multihash;
  if (code !== sha256Code || digest.length !== sha256Length) {
    throw new AnamnesisError("STORAGE_INVALID_CID", { cid: cid.toString(), hash: code });
  }
  if (cid.code !== rawCodec && cid.code !== dagPbCodec) {
    throw new AnamnesisError("STORAGE_INVALID_CID", { cid: cid.toString(), codec: cid.code });
  }
  return cid;
}

/** The CIDv1 of one block. */
export async function cidOfBlock(codec: typeof rawCodec | typeof dagPbCodec, bytes: Uint8Array): Promise<CID> {
  return CID.createV1(codec, await sha256.digest(bytes));
}

/** True when the bytes are those the CID names. */
export async function matchesCid(cid: CID, bytes: Uint8Array): Promise<boolean> {
  return equalBytes((await sha256.digest(bytes)).digest, cid.multihash.digest);
}

/** A key for maps: two CIDs with it name the same bytes, whatever their version or codec. */
export function blockKey(cid: CID): string {
  return toHex(cid.multihash.bytes);
}
