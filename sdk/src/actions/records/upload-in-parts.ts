import type { CID } from "multiformats/cid";
import { type AbortOptions, throwIfAborted } from "../../core/abort.ts";
import { equalBytes, type Hex } from "../../core/bytes.ts";
import { floeEncryptor, sha256 } from "../../crypto/index.ts";
import {
  type DraftParameters,
  draftRecord,
  floeKeyOf,
  identifyEnvelope,
  type SealedRecord,
  type SealParameters,
  sealEnvelope,
  seriesIdOf,
  streamBody,
} from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { ContentStore } from "../../storage/content-store.ts";
import { treeBuilder } from "../../storage/unixfs.ts";
import { type Client, requireCapability } from "../client.ts";
import { openUploads, type UploadState, type Uploads } from "./upload-state.ts";

/** Segments stored at once: eight megabytes are what an interruption costs at most, and what is held in memory. */
const SEGMENTS_IN_PART = 32;

export interface UploadParameters extends DraftParameters, SealParameters, AbortOptions {
  readonly name: string;
  /** SHA-256 over all but the content. */
  readonly what: Hex;
  /** The content from its beginning, also when it goes on. */
  readonly content: AsyncIterable<Uint8Array>;
  readonly onProgress?: ((done: number) => void) | undefined;
}

async function begun(uploads: Uploads, parameters: UploadParameters): Promise<UploadState> {
  const { name, what, createdAt, signal } = parameters;
  const known = await uploads.get(name, { signal });
  if (known) {
    if (known.what !== what) throw new AnamnesisError("RECORD_UPLOAD_DIFFERS", { reason: "description" });
    return known;
  }
  const draft = draftRecord(parameters);
  const { header } = await floeEncryptor(floeKeyOf(draft));
  const nothing = { parts: [], segments: 0, length: 0, contentHash: sha256(new Uint8Array(0)), isWhole: false };
  return { name, startedAt: createdAt, what, draft, floe: header, ...nothing, pending: [], recordId: null };
}

/** The address of a part, and of every block below it. */
async function blocksOf(segments: readonly Uint8Array[]): Promise<readonly CID[]> {
  const cids: CID[] = [];
  const tree = treeBuilder(async ({ cid }) => void cids.push(cid));
  for (const segment of segments) await tree.push(segment);
  await tree.finish();
  return cids;
}

async function* each(segments: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* segments;
}

/** Encrypts and stores what is not stored yet, part by part; each is on the disk, and noted, before the next begins. */
async function storeRest(
  storage: ContentStore,
  uploads: Uploads,
  start: UploadState,
  { content, onProgress, signal }: UploadParameters,
): Promise<{ readonly state: UploadState; readonly size: number }> {
  // Left by an interruption: encrypted under nonces that nobody has any more.
  if (start.pending.length > 0) await storage.remove(start.pending, { signal });
  let state: UploadState = { ...start, pending: [] };
  const differs = () => new AnamnesisError("RECORD_UPLOAD_DIFFERS", { reason: "content" });
  const encryptor = await floeEncryptor({ ...floeKeyOf(state.draft), header: state.floe });
  const marks = new Map<number, { readonly length: number; readonly contentHash: Uint8Array }>();
  let isSame = start.segments === 0;
  const { body, tally } = streamBody({
    encryptor,
    content,
    skip: start.segments,
    onSegment(count, { length, hash }) {
      throwIfAborted(signal);
      if (count > start.segments) marks.set(count, { length, contentHash: hash() });
      if (count !== start.segments) return;
      isSame = equalBytes(hash(), start.contentHash);
      if (!isSame) throw differs();
      onProgress?.(length);
    },
  });

  let gathered: Uint8Array[] = [];
  const keep = async (): Promise<void> => {
    const segments = state.segments + gathered.length;
    const mark = marks.get(segments);
    if (mark === undefined) throw differs();
    const pending = await blocksOf(gathered);
    await uploads.put({ ...state, pending }, { signal });
    const { cid } = await storage.put(each(gathered), { signal });
    state = { ...state, ...mark, parts: [...state.parts, cid], segments };
    // Whoever stops here keeps what was stored.
    await uploads.put(state);
    for (const count of marks.keys()) if (count <= segments) marks.delete(count);
    gathered = [];
    onProgress?.(state.length);
  };
  for await (const segment of body) {
    if (start.isWhole) throw differs();
    gathered.push(segment);
    if (gathered.length === SEGMENTS_IN_PART) await keep();
  }
  if (gathered.length > 0) await keep();
  if (!isSame || (state.segments === start.segments && !start.isWhole)) throw differs();
  state = { ...state, isWhole: true };
  await uploads.put(state, { signal });
  return { state, size: tally.size };
}

/**
 * Stores a long record's body part by part and seals its envelope, in as many runs as it takes: what was stored stays stored. `content` is read
 * from its beginning each time, and compared: only what was put on record is continued.
 * @throws RECORD_UPLOAD_DIFFERS where description or content are not those it was begun with, RECORD_EMPTY, STORAGE_*, OPERATION_ABORTED,
 * CLIENT_ENVELOPES_MISSING, CLIENT_LOCAL_KEY_MISSING
 */
export async function uploadInParts(client: Client, parameters: UploadParameters): Promise<SealedRecord> {
  const { signal } = parameters;
  const storage = requireCapability(client, "storage");
  const envelopes = requireCapability(client, "envelopes");
  const uploads = openUploads(client);
  const start = await begun(uploads, parameters);
  const sealedBefore = start.recordId && (await envelopes.get(start.recordId, { signal }));
  if (sealedBefore) return { ...identifyEnvelope(sealedBefore), series: seriesIdOf(sealedBefore.publicPart) };

  const { state, size } = await storeRest(storage, uploads, start, parameters);
  const whole = await storage.join(state.parts, { signal });
  const { draft, floe, length, contentHash } = state;
  const body = { cid: whole.cid, offset: 0, length: whole.size };
  const sealed = await sealEnvelope(draft, { body, floe, size, length, contentHash }, parameters);
  await envelopes.put(sealed.envelope, { signal });
  await uploads.put({ ...state, recordId: sealed.recordId }, { signal });
  return sealed;
}

/** Forgets an upload whose record is on the chain: the whole body stays, the parts it was stored in go. */
export async function finishUpload(client: Client, name: string, { signal }: AbortOptions): Promise<void> {
  const uploads = openUploads(client);
  const state = await uploads.get(name, { signal });
  if (!state?.recordId) return;
  const envelope = await requireCapability(client, "envelopes").get(state.recordId, { signal });
  const body = envelope?.publicPart.body.cid;
  const parts = state.parts.filter((part) => body !== undefined && !part.equals(body));
  await requireCapability(client, "storage").remove(parts, { signal });
  await uploads.delete(name, { signal });
}
