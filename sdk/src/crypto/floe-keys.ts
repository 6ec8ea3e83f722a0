import { concat, utf8 } from "../core/bytes.ts";
import { importAesKey } from "./aes-gcm.ts";
import { bufferSource } from "./buffer-source.ts";
import { bigEndian } from "./encode-integer.ts";
import { encodeFloeParameters, type FloeParameters, floeTagLength } from "./floe-layout.ts";

export interface FloeContext {
  readonly parameters: FloeParameters;
  readonly iv: Uint8Array;
  readonly aad: Uint8Array;
}

/** AES keys kept for random access; one covers 2^20 segments, so more than a few are never in use at once. */
const keptKeys = 4;

function importKdfKey(key: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bufferSource(key), { name: "HMAC", hash: "SHA-384" }, false, ["sign"]);
}

/**
 * HKDF-Expand-SHA-384 for at most 48 bytes, which is one HMAC over `info ‖ 0x01` (RFC 5869, section 2.3). WebCrypto's own
 * HKDF always extracts first, which FLOE does not.
 */
export async function expandSha384(key: CryptoKey, info: Uint8Array, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const block = await crypto.subtle.sign("HMAC", key, concat(info, Uint8Array.of(1)));
  return new Uint8Array(block, 0, length);
}

/** FLOE_KDF: the purpose stands between IV and AAD, behind the encoded parameters. */
function floeKdf(key: CryptoKey, context: FloeContext, purpose: Uint8Array, length: number) {
  const { parameters, iv, aad } = context;
  return expandSha384(key, concat(encodeFloeParameters(parameters), iv, purpose, aad), length);
}

export interface FloeKeys {
  readonly headerTag: Uint8Array<ArrayBuffer>;
  /** DERIVE_KEY: the AES key of a segment, remembered. */
  segmentKey(index: number): Promise<CryptoKey>;
}

export async function deriveFloeKeys(key: Uint8Array, context: FloeContext): Promise<FloeKeys> {
  const root = await importKdfKey(key);
  const headerTag = await floeKdf(root, context, utf8("HEADER_TAG:"), floeTagLength);
  const messageKey = await importKdfKey(await floeKdf(root, context, utf8("MESSAGE_KEY:"), 48));
  const group = 2 ** context.parameters.rotationMask;
  const kept = new Map<number, Promise<CryptoKey>>();

  const derive = async (first: number) => {
    const purpose = concat(utf8("DEK:"), bigEndian(first, 8));
    return importAesKey(await floeKdf(messageKey, context, purpose, 32));
  };

  return {
    headerTag,
    segmentKey(index) {
      const first = index - (index % group);
      const known = kept.get(first);
      if (known) return known;
      const derived = derive(first);
      kept.set(first, derived);
      for (const oldest of kept.keys()) {
        if (kept.size <= keptKeys) break;
        kept.delete(oldest);
      }
      return derived;
    },
  };
}
