import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { bufferSource } from "./buffer-source.ts";

/** SHA-256 at once, for ids, keys and other short inputs. */
export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return nobleSha256(bytes) as Uint8Array<ArrayBuffer>;
}

/** SHA-256 through WebCrypto, several times faster on whole documents. */
export async function sha256OfContent(content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bufferSource(content)));
}

/** SHA-256 of content that arrives in pieces. */
export interface HashStream {
  update(piece: Uint8Array): void;
  /** Of all so far; more may follow. */
  peek(): Uint8Array<ArrayBuffer>;
  digest(): Uint8Array<ArrayBuffer>;
}

export function sha256Stream(): HashStream {
  const state = nobleSha256.create();
  return {
    update: (piece) => void state.update(piece),
    peek: () => state.clone().digest() as Uint8Array<ArrayBuffer>,
    digest: () => state.digest() as Uint8Array<ArrayBuffer>,
  };
}

/** HKDF-SHA-256 (RFC 5869) of `key` for the use named by `info`; without `salt`, 32 zero bytes. */
export function hkdfSha256(parameters: {
  readonly key: Uint8Array;
  readonly info: Uint8Array;
  readonly length: number;
  readonly salt?: Uint8Array | undefined;
}): Uint8Array<ArrayBuffer> {
  const { key, salt, info, length } = parameters;
  return hkdf(nobleSha256, key, salt, info, length) as Uint8Array<ArrayBuffer>;
}
