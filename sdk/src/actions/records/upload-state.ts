import type { CID } from "multiformats/cid";
import type { AbortOptions } from "../../core/abort.ts";
import { concat, fromHex, type Hex, toHex, utf8 } from "../../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../../core/dag-cbor.ts";
import type { PatientId, RecordId } from "../../core/ids.ts";
import { bytes, bytesUpTo, list, literal, map, nullable, type Reader, text, uint } from "../../core/shape.ts";
import { hkdfSha256, openWithKey, sealWithKey, sha256 } from "../../crypto/index.ts";
import { type KeptUpload, type RecordDraft, readCid } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type Client, requireCapability } from "../client.ts";

/** How far a long upload has come. It holds the record's key, so it is kept sealed. */
export interface UploadState {
  /** The caller's name for it. */
  readonly name: string;
  /** Unix seconds. */
  readonly startedAt: number;
  /** SHA-256 over all but the content: what goes on must be the same record. */
  readonly what: Hex;
  readonly draft: RecordDraft;
  /** FLOE header. */
  readonly floe: Uint8Array;
  /** Bodies of whole segments that lie in the storage, in order. */
  readonly parts: readonly CID[];
  /** Segments in them, bytes of content in those, and the SHA-256 of that content. */
  readonly segments: number;
  readonly length: number;
  readonly contentHash: Uint8Array;
  /** Nothing follows the last part. */
  readonly isWhole: boolean;
  /** Every block of the part that is being stored: what a process that dies leaves behind is among them. */
  readonly pending: readonly CID[];
  /** The record, once its envelope is sealed and kept. */
  readonly recordId: RecordId | null;
}

const hex32: Reader<Hex> = (value, path) => toHex(bytes(32)(value, path));
const id32 = <T extends Hex>(): Reader<T> => hex32 as Reader<T>;
const flag: Reader<boolean> = (value, path) => (value === true ? true : literal(false)(value, path));
const MOST_PARTS = 1_000_000;

const readState = map<UploadState>({
  name: text(256),
  startedAt: uint(),
  what: hex32,
  draft: map<RecordDraft>({
    system: hex32,
    patient: id32<PatientId>(),
    author: hex32,
    seriesSalt: hex32,
    ver: uint(0xffff_ffff),
    prev: nullable(id32<RecordId>()),
    dek: bytes(32),
    nonce: bytes(32),
  }),
  floe: bytesUpTo(256),
  parts: list(readCid, MOST_PARTS),
  segments: uint(),
  length: uint(),
  contentHash: bytes(32),
  isWhole: flag,
  pending: list(readCid, MOST_PARTS),
  recordId: nullable(id32<RecordId>()),
});

function encode(state: UploadState): Uint8Array {
  const { draft, what, recordId } = state;
  return encodeDagCbor({
    ...state,
    what: fromHex(what),
    draft: {
      ...draft,
      system: fromHex(draft.system),
      patient: fromHex(draft.patient),
      author: fromHex(draft.author),
      seriesSalt: fromHex(draft.seriesSalt),
      prev: draft.prev && fromHex(draft.prev),
    },
    recordId: recordId && fromHex(recordId),
  });
}

const SEAL = utf8("anamnesis/upload/v1");
const NAME = utf8("anamnesis/upload-name/v1");

/** The uploads of one device, opened with the key it keeps. */
export interface Uploads {
  get(name: string, options?: AbortOptions): Promise<UploadState | undefined>;
  put(state: UploadState, options?: AbortOptions): Promise<void>;
  delete(name: string, options?: AbortOptions): Promise<void>;
  all(options?: AbortOptions): AsyncIterable<UploadState>;
}

/** @throws CLIENT_ENVELOPES_MISSING, CLIENT_LOCAL_KEY_MISSING */
export function openUploads(client: Client): Uploads {
  const store = requireCapability(client, "envelopes");
  const key = client.localKey ?? client.keyring?.root;
  if (key === undefined) throw new AnamnesisError("CLIENT_LOCAL_KEY_MISSING");
  const named = hkdfSha256({ key, info: NAME, length: 32 });
  /** A name may tell of a person: without the key nobody can test a guess. */
  const idOf = (name: string): Hex => toHex(sha256(concat(named, utf8(name))));
  const open = async ({ id, sealed }: KeptUpload) =>
    decodeDagCbor(await openWithKey({ key, info: SEAL, aad: fromHex(id), sealed }), readState, "upload");
  return {
    async get(name, options) {
      const kept = await store.uploadOf(idOf(name), options);
      return kept && open(kept);
    },
    async put(state, options) {
      const id = idOf(state.name);
      const sealed = await sealWithKey({ key, info: SEAL, aad: fromHex(id), plaintext: encode(state) });
      await store.putUpload({ id, sealed }, options);
    },
    delete: (name, options) => store.deleteUpload(idOf(name), options),
    async *all(options) {
      for await (const kept of store.uploads(options)) yield await open(kept);
    },
  };
}
