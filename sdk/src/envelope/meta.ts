import { fromHex, utf8 } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { CoreId } from "../core/ids.ts";
import { bytes, map, nullable, text, uint } from "../core/shape.ts";
import { openWithKey, sealWithKey } from "../crypto/index.ts";

/** What describes a record to those who may read it; encrypted, so that no operator sees it. */
export interface RecordMeta {
  /** Blinds the commitment; whoever is to verify the document is given it. */
  readonly nonce: Uint8Array;
  readonly mediaType: string;
  readonly fhirType: string | null;
  readonly title: string;
  /** When it happened clinically, Unix seconds; null where the content does not say. */
  readonly time: number | null;
  /** Length of the content in bytes, before padding. */
  readonly length: number;
}

const INFO = utf8("anamnesis/meta/v1");

const readMeta = map<RecordMeta>({
  nonce: bytes(32),
  mediaType: text(128),
  fhirType: nullable(text(64)),
  title: text(256),
  time: nullable((value, path) =>
    typeof value === "number" && Number.isSafeInteger(value) ? value : uint()(value, path),
  ),
  length: uint(),
});

/** AES-256-GCM under HKDF(DEK, "anamnesis/meta/v1"), AAD CoreId. */
export function sealMeta(dek: Uint8Array, coreId: CoreId, meta: RecordMeta): Promise<Uint8Array> {
  return sealWithKey({ key: dek, info: INFO, aad: fromHex(coreId), plaintext: encodeDagCbor({ ...meta }) });
}

/** @throws CRYPTO_* when the key or any byte is wrong, INPUT_MALFORMED when the content has another form */
export async function openMeta(dek: Uint8Array, coreId: CoreId, sealed: Uint8Array): Promise<RecordMeta> {
  const plaintext = await openWithKey({ key: dek, info: INFO, aad: fromHex(coreId), sealed });
  return decodeDagCbor(plaintext, readMeta, "meta");
}
