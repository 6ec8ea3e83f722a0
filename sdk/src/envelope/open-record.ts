import { equalBytes, fromHex, toHex } from "../core/bytes.ts";
import type { RecordId } from "../core/ids.ts";
import { commitmentOfHash, floeDecrypt, hpkeOpen, sha256OfContent } from "../crypto/index.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import { OWN_INFO } from "./draft.ts";
import { type Envelope, identifyEnvelope, type OwnSlot } from "./envelope.ts";
import { bodyAad, coreIdOf, seriesIdOf } from "./ids.ts";
import { openMeta, type RecordMeta } from "./meta.ts";

export interface OpenedContent {
  readonly content: Uint8Array;
  readonly meta: RecordMeta;
}

/**
 * The patient's way to the record's key, without any steward, by the envelope's own slot or one that was sealed later.
 * @throws RECORD_NOT_SEALED_TO_YOU
 */
export async function openOwnSlot(
  envelope: Envelope,
  ownerPrivateKey: Uint8Array,
  own: OwnSlot = envelope.own,
): Promise<Uint8Array> {
  const { publicPart } = envelope;
  const coreId = coreIdOf(publicPart);
  try {
    return await hpkeOpen({
      privateKey: ownerPrivateKey,
      enc: Uint8Array.from(own.enc),
      info: OWN_INFO,
      aad: fromHex(coreId),
      ciphertext: Uint8Array.from(own.ct),
    });
  } catch (cause) {
    throw new AnamnesisError("RECORD_NOT_SEALED_TO_YOU", { recordId: identifyEnvelope(envelope).recordId }, { cause });
  }
}

/** True when all bytes from `start` on are zero: the padding carries nothing. */
function isZeroFrom(bytes: Uint8Array, start: number): boolean {
  for (let i = start; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/**
 * Decrypts and checks a whole body: segments, padding, length and commitment.
 * @throws RECORD_ALTERED naming the record when any byte of body or envelope is not what its author sealed.
 */
export async function openContent(
  envelope: Envelope,
  recordId: RecordId,
  dek: Uint8Array,
  body: Uint8Array,
): Promise<OpenedContent> {
  const { publicPart } = envelope;
  const series = seriesIdOf(publicPart);
  try {
    const meta = await openMeta(dek, coreIdOf(publicPart), envelope.meta);
    const padded = await floeDecrypt({
      key: dek,
      aad: bodyAad(publicPart.system, publicPart.patient, series, publicPart.ver),
      header: publicPart.floe,
      body,
    });
    const content = padded.subarray(0, meta.length);
    const whole =
      padded.length === publicPart.size && content.length === meta.length && isZeroFrom(padded, meta.length);
    if (
      !whole ||
      !equalBytes(commitmentOfHash(meta.nonce, await sha256OfContent(content)), fromHex(publicPart.commitment))
    ) {
      throw new AnamnesisError("RECORD_ALTERED", { recordId });
    }
    return { content, meta };
  } catch (cause) {
    if (isAnamnesisError(cause, "RECORD_ALTERED")) throw cause;
    throw new AnamnesisError("RECORD_ALTERED", { recordId, body: toHex(publicPart.body.cid.bytes) }, { cause });
  }
}
