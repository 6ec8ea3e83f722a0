import type { ByteSource } from "../../core/byte-source.ts";
import { concat, equalBytes, fromHex } from "../../core/bytes.ts";
import type { RecordId } from "../../core/ids.ts";
import { readTar, type TarEntry } from "../../core/tar.ts";
import { commitmentOfHash, sha256Stream } from "../../crypto/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type ExportUnlock, openAge } from "./age-file.ts";
import { contentName, type ExportedRecord, type ExportManifest, MANIFEST, readManifest } from "./export-format.ts";
import { readProof } from "./record-proof.ts";

/** Bound on a manifest: ten times what ten thousand records need. */
const MOST_MANIFEST = 256 * 1_048_576;

/** One record of an export: its content ends with an error where it is not the one that its proof commits to. */
export interface ReadExportedRecord {
  readonly exported: ExportedRecord;
  /** In order, once. @throws RECORD_EXPORT_INVALID */
  readonly content: AsyncIterable<Uint8Array>;
}

export interface OpenedExport {
  readonly manifest: ExportManifest;
  /** In the order of their versions; each is to be read before the next is asked for. @throws RECORD_EXPORT_INVALID */
  readonly records: AsyncIterable<ReadExportedRecord>;
}

const invalid = (entry: string, reason: string) => new AnamnesisError("RECORD_EXPORT_INVALID", { entry, reason });

async function whole({ name, length, content }: TarEntry): Promise<Uint8Array> {
  if (length > MOST_MANIFEST) throw invalid(name, "too long");
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return concat(...pieces);
}

/** The content, checked against the proof's commitment when it ends. */
async function* checked({ name, content }: TarEntry, { recordId, proof }: ExportedRecord): AsyncGenerator<Uint8Array> {
  const { part, recordId: proven, nonce } = readProof(proof);
  if (proven !== recordId) throw invalid(name, "the proof is another record's");
  const hash = sha256Stream();
  for await (const piece of content) {
    hash.update(piece);
    yield piece;
  }
  if (!equalBytes(commitmentOfHash(nonce, hash.digest()), fromHex(part.commitment))) {
    throw invalid(name, "its content is not the one that was put on record");
  }
}

/**
 * Opens an export while it is read. Needs no network: that content, description and id of each record belong together is checked here; that the ids are on a
 * chain, `records.verify` tells.
 * @throws RECORD_EXPORT_LOCKED, RECORD_EXPORT_INVALID
 */
export async function openExport(file: ByteSource, unlock: ExportUnlock): Promise<OpenedExport> {
  const entries = readTar(openAge(file, unlock));
  const first = await entries.next();
  if (first.done || first.value.name !== MANIFEST) throw invalid(MANIFEST, "it does not come first");
  const manifest = readManifest(await whole(first.value));
  const expected = new Map(manifest.records.map((exported) => [contentName(exported.recordId), exported]));

  async function* records(): AsyncGenerator<ReadExportedRecord, void, undefined> {
    for await (const entry of entries) {
      const exported = expected.get(entry.name);
      if (exported === undefined) continue;
      expected.delete(entry.name);
      yield { exported, content: checked(entry, exported) };
    }
    for (const name of expected.keys()) throw invalid(name, "missing");
  }
  return { manifest, records: records() };
}

export interface ExportVerification {
  readonly manifest: ExportManifest;
  /** Records whose content, description and id belong together. */
  readonly sound: readonly RecordId[];
  /** Records that are not what was put on record, and why. */
  readonly unsound: ReadonlyMap<RecordId, string>;
}

/** Checks every record of an export, without any network. @throws as {@link openExport} */
export async function verifyExport(file: ByteSource, unlock: ExportUnlock): Promise<ExportVerification> {
  const { manifest, records } = await openExport(file, unlock);
  const sound: RecordId[] = [];
  const unsound = new Map<RecordId, string>();
  for await (const { exported, content } of records) {
    try {
      for await (const _ of content);
      sound.push(exported.recordId);
    } catch (error) {
      if (!(error instanceof AnamnesisError) || error.details["entry"] !== contentName(exported.recordId)) throw error;
      unsound.set(exported.recordId, String(error.details["reason"]));
    }
  }
  return { manifest, sound, unsound };
}
