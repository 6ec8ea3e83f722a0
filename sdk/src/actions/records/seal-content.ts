import type { AbortOptions } from "../../core/abort.ts";
import { fromHex, type Hex, toHex } from "../../core/bytes.ts";
import { encodeDagCbor } from "../../core/dag-cbor.ts";
import { floeEncryptor, sha256 } from "../../crypto/index.ts";
import {
  type DraftParameters,
  draftRecord,
  floeKeyOf,
  type SealedRecord,
  type SealParameters,
  sealEnvelope,
  sealRecord,
  streamBody,
} from "../../envelope/index.ts";
import { type Client, requireCapability } from "../client.ts";
import type { ContentPieces, PreparedContent } from "./record-content.ts";
import { uploadInParts } from "./upload-in-parts.ts";

export interface SealContentParameters extends DraftParameters, SealParameters, AbortOptions {
  readonly content: PreparedContent["content"];
  /** Under which an interrupted upload goes on. */
  readonly uploadName?: string | undefined;
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}

/** What describes the record beside its content: an upload that goes on must say the same. */
function digestOf({ patient, author, labels, meta, amends }: SealContentParameters): Hex {
  const { mediaType, fhirType, title, time } = meta;
  const ids = [fromHex(patient), fromHex(author), amends ? fromHex(amends.recordId) : null];
  return toHex(sha256(encodeDagCbor([...ids, labels, mediaType, fhirType, title, time])));
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** All in one go: what was stored is removed again where it does not end as a record. */
async function sealStream(
  client: Client,
  parameters: SealContentParameters,
  { pieces, length: total }: ContentPieces,
): Promise<SealedRecord> {
  const { signal, onProgress } = parameters;
  const storage = requireCapability(client, "storage");
  const draft = draftRecord(parameters);
  const encryptor = await floeEncryptor(floeKeyOf(draft));
  const { body, tally } = streamBody({ encryptor, content: pieces });
  const stored = await storage.put(body, {
    signal,
    onProgress: ({ phase }) => phase === "storing" && onProgress?.(tally.length, total),
  });
  const place = { cid: stored.cid, offset: 0, length: stored.size };
  const { length, size } = tally;
  try {
    const about = { body: place, floe: encryptor.header, size, length, contentHash: tally.hash() };
    return await sealEnvelope(draft, about, parameters);
  } catch (error) {
    await storage.remove(stored.cid).catch(() => undefined);
    throw error;
  }
}

/** Encrypts content, stores it, and seals its envelope: in memory, while it arrives, or over several runs of the program. */
export async function sealContent(client: Client, parameters: SealContentParameters): Promise<SealedRecord> {
  const { content, uploadName, onProgress, signal } = parameters;
  const storage = requireCapability(client, "storage");
  if (uploadName !== undefined) {
    const { pieces, length } =
      content instanceof Uint8Array ? { pieces: one(content), length: content.length } : content;
    return uploadInParts(client, {
      ...parameters,
      name: uploadName,
      what: digestOf(parameters),
      content: pieces,
      onProgress: (done) => onProgress?.(done, length),
    });
  }
  if (!(content instanceof Uint8Array)) return sealStream(client, parameters, content);
  const sealed = await sealRecord({
    ...parameters,
    content,
    storeBody: async (body) => (await storage.put(body, { signal })).cid,
  });
  onProgress?.(content.length, content.length);
  return sealed;
}
