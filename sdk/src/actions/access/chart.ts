import { type AbortOptions, throwIfAborted } from "../../core/abort.ts";
import { asCompleted } from "../../core/as-completed.ts";
import type { Hex } from "../../core/bytes.ts";
import { noId, type RecordId, type SeriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import { type Label, labelMask, labelsOfMask } from "../../core/vocabulary.ts";
import { seriesIdOf } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import {
  type KeyRelease,
  listRecords,
  type OpenSession,
  type RecordListing,
  type ReleasedRecord,
  releaseInTurn,
  type StewardVerdict,
} from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { type OpenedRecord, openRecord } from "../records/opened-record.ts";
import { remarksOn, type Standing, standingsOf } from "../records/standing.ts";
import { type StreamedRecord, type StreamOptions, streamRecord } from "../records/stream-record.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";
import { type DeniedSession, type OpenedSession, type OpenSessionParameters, openSession } from "./open-session.ts";

/** A record that the session covers, before it is opened: titles are encrypted, labels and author are not. */
export interface ChartEntry extends Standing {
  readonly recordId: RecordId;
  readonly series: SeriesId;
  readonly version: number;
  /** The version it amends. */
  readonly prev: RecordId | undefined;
  readonly author: Hex;
  readonly labels: readonly Label[];
  readonly createdAt: number;
  /** Marked by its author as entered in error. */
  readonly retracted: boolean;
  /** The patient says that something in it is wrong. */
  readonly disputed: boolean;
  /** What a reader should know, in words. */
  readonly remarks: readonly string[];
}

export interface ChartListing extends Pick<RecordListing, "verdicts" | "shortfalls"> {
  readonly entries: readonly ChartEntry[];
}

/** One record of several that were asked for: opened, or the reason why not. */
export type ChartReading =
  | { readonly recordId: RecordId; readonly record: OpenedRecord; readonly problem?: undefined }
  | { readonly recordId: RecordId; readonly problem: AnamnesisError; readonly record?: undefined };

export interface ReadManyOptions extends AbortOptions {
  /** Told after each record how many of how many are read. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Records fetched and decrypted at once. */
const READ_AT_ONCE = 8;

/** What a chart needs of the session it is read by, whoever opened it. */
export type ReadableSession = Pick<
  OpenedSession,
  "sessionId" | "patient" | "labels" | "series" | "sessionKeys" | "logIndex" | "transaction"
>;

/** An open chart. Each reading asks the stewards anew, who ask the chain anew: a revocation ends it at the next block. */
export interface Chart<S extends ReadableSession = OpenedSession> {
  readonly allowed: true;
  readonly session: S;
  readonly transaction: Transacted["transaction"];
  /** What the session covers, by the word of enough stewards united. @throws SESSION_REFUSED, STEWARDS_TOO_FEW */
  list(options?: AbortOptions): Promise<ChartListing>;
  /**
   * One record, decrypted and verified.
   * @throws SESSION_REFUSED, RECORD_REFUSED, RECORD_NOT_RELEASED, STEWARDS_TOO_FEW, RECORD_ALTERED,
   * RECORD_BODY_UNAVAILABLE, RECORD_NOT_ANCHORED
   */
  read(recordId: RecordId, options?: AbortOptions): Promise<OpenedRecord>;
  /**
   * One record whose content is given while it arrives, or in parts wherever they are wanted.
   * @throws as `read`, the content's own faults while it is read
   */
  readStream(recordId: RecordId, options?: StreamOptions): Promise<StreamedRecord>;
  /**
   * Many records for few questions to the stewards, each once, in the order in which they are there; one that does not open
   * never hides the others. Whoever stops reading, or aborts, stops what is under way.
   * @throws SESSION_REFUSED, STEWARDS_TOO_FEW, OPERATION_ABORTED
   */
  readMany(recordIds: readonly RecordId[], options?: ReadManyOptions): AsyncIterable<ChartReading>;
  /** What the stewards asked in the last reading did: a liar is named here. */
  verdicts(): readonly StewardVerdict[];
}

/**
 * Opens a patient's chart: the chain decides and leaves a line on the patient's trail either way. A refusal is a value.
 * @throws CLIENT_STEWARDS_MISSING, CLIENT_STORAGE_MISSING when reading, and as `openSession`
 */
export async function openChart(client: Client, parameters: OpenSessionParameters): Promise<Chart | DeniedSession> {
  const session = await openSession(client, parameters);
  return session.allowed ? chartOf(client, session) : session;
}

/** The readable chart of a session that is open already. */
export function chartOf<S extends ReadableSession>(client: Client, session: S): Chart<S> {
  const open: OpenSession = {
    sessionId: session.sessionId,
    tx: session.transaction.hash,
    logIndex: session.logIndex,
    keys: session.sessionKeys,
    patient: session.patient,
    labels: labelMask(session.labels),
    series: session.series ?? noId,
  };
  let verdicts: readonly StewardVerdict[] = [];

  async function* releases(recordIds: readonly RecordId[], options: AbortOptions): AsyncGenerator<KeyRelease> {
    const stewards = await stewardsOf(client, options);
    for await (const release of releaseInTurn(stewards, { session: open, records: recordIds, ...options })) {
      ({ verdicts } = release);
      yield release;
    }
  }

  async function* readings(recordIds: readonly RecordId[], options: AbortOptions) {
    for await (const release of releases(recordIds, options)) {
      const decided = [...release.released.keys(), ...release.failures.keys()];
      for (const recordId of decided) yield () => readReleased(client, release, recordId, options);
    }
  }

  async function* readMany(
    recordIds: readonly RecordId[],
    { signal, onProgress }: ReadManyOptions = {},
  ): AsyncGenerator<ChartReading, void, undefined> {
    throwIfAborted(signal);
    const total = new Set(recordIds).size;
    const enough = new AbortController();
    const either = signal ? AbortSignal.any([signal, enough.signal]) : enough.signal;
    let done = 0;
    try {
      for await (const reading of asCompleted(readings(recordIds, { signal: either }), READ_AT_ONCE)) {
        throwIfAborted(signal);
        yield reading;
        onProgress?.(++done, total);
      }
    } finally {
      enough.abort();
    }
  }

  return {
    allowed: true,
    session,
    transaction: session.transaction,
    readMany,
    verdicts: () => verdicts,
    async list(options = {}) {
      const listing = await listRecords(await stewardsOf(client, options), { session: open, ...options });
      verdicts = listing.verdicts;
      const entries = entriesOf(listing);
      return { entries, verdicts, shortfalls: listing.shortfalls };
    },
    async read(recordId, options = {}) {
      for await (const reading of readMany([recordId], options)) {
        if (reading.record) return reading.record;
        throw reading.problem;
      }
      throw new AnamnesisError("RECORD_UNKNOWN", { recordId });
    },
    async readStream(recordId, options = {}) {
      for await (const release of releases([recordId], { signal: options.signal })) {
        const found = requireReleased(release, recordId);
        return streamRecord(client, found, found.dek, options);
      }
      throw new AnamnesisError("RECORD_UNKNOWN", { recordId });
    },
  };
}

function entriesOf({ records }: Pick<RecordListing, "records">): readonly ChartEntry[] {
  const versions = records.map(({ recordId, publicPart, retracted }) => ({
    ...{ recordId, retracted, series: seriesIdOf(publicPart), prev: publicPart.prev },
  }));
  const standings = standingsOf(versions);
  return records.map(({ recordId, publicPart, retracted, disputed, restrictions }) => {
    const standing = standings.get(recordId) as Standing;
    return {
      ...{ recordId, series: seriesIdOf(publicPart), version: publicPart.ver, prev: publicPart.prev ?? undefined },
      ...{ author: publicPart.author, labels: labelsOfMask(publicPart.labels | restrictions) },
      ...{ createdAt: publicPart.createdAt, retracted, disputed, ...standing },
      remarks: remarksOn({ retracted, disputed, state: standing.state }),
    };
  });
}

function requireReleased({ released, failures }: KeyRelease, recordId: RecordId): ReleasedRecord {
  const found = released.get(recordId);
  if (found) return found;
  throw failures.get(recordId) ?? new AnamnesisError("RECORD_UNKNOWN", { recordId });
}

async function readReleased(
  client: Client,
  release: KeyRelease,
  recordId: RecordId,
  options: AbortOptions,
): Promise<ChartReading> {
  try {
    const found = requireReleased(release, recordId);
    return { recordId, record: await openRecord(client, found, found.dek, options) };
  } catch (error) {
    if (error instanceof AnamnesisError && error.code !== "OPERATION_ABORTED") return { recordId, problem: error };
    throw error;
  }
}
