import type { CID } from "multiformats/cid";
import { floeEncrypt, padmeLength, sha256OfContent } from "../crypto/index.ts";
import {
  type DraftParameters,
  draftRecord,
  floeKeyOf,
  type RecordDraft,
  type SealedRecord,
  type SealParameters,
  sealEnvelope,
} from "./draft.ts";

/** Content that is all in memory, encrypted. */
export interface EncryptedContent {
  /** FLOE header. */
  readonly floe: Uint8Array;
  readonly body: Uint8Array;
  readonly size: number;
  readonly length: number;
  readonly contentHash: Uint8Array;
}

/** Pads and encrypts content under a draft's key. */
export async function encryptContent(draft: RecordDraft, content: Uint8Array): Promise<EncryptedContent> {
  const padded = new Uint8Array(padmeLength(content.length));
  padded.set(content);
  const { header, body } = await floeEncrypt({ ...floeKeyOf(draft), plaintext: padded });
  const contentHash = await sha256OfContent(content);
  return { floe: header, body, size: padded.length, length: content.length, contentHash };
}

export interface SealRecordParameters extends DraftParameters, SealParameters {
  readonly content: Uint8Array;
  /** Stores the encrypted body and says where it lies: the id covers the place, so it is known first. */
  readonly storeBody: (body: Uint8Array) => Promise<CID>;
}

/** Encrypts one version of one record under a fresh key and seals that key to the patient and to the committee. */
export async function sealRecord(parameters: SealRecordParameters): Promise<SealedRecord> {
  const draft = draftRecord(parameters);
  const { body, ...encrypted } = await encryptContent(draft, parameters.content);
  const location = { cid: await parameters.storeBody(body), offset: 0, length: body.length };
  return sealEnvelope(draft, { ...encrypted, body: location }, parameters);
}
