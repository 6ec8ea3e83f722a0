import type { AbortOptions } from "../core/abort.ts";
import { throwIfAborted } from "../core/abort.ts";
import { fromHex } from "../core/bytes.ts";
import type { RecordId } from "../core/ids.ts";
import { openCapsule, type VerifiedPartial, verifyCapsule, verifyPartialBatch } from "../crypto/index.ts";
import { decodeEnvelope, type IdentifiedEnvelope, identifyEnvelope, releaseLabel } from "../envelope/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { askUntil, sessionError, shortfall, verdictsOf } from "./ask-committee.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import { isWithin, type OpenSession, requestFields } from "./open-session.ts";
import { DISPUTED, decodeReleasePayload, RETRACTED, type ReleasedEntry, type ReleasePayload } from "./payloads.ts";
import type { RefusalCode } from "./refusal.ts";
import { signSessionRequest } from "./session-request.ts";
import { isValid, type Outcome, type StewardVerdict } from "./verdict.ts";

/** One record with its key. */
export interface ReleasedRecord extends IdentifiedEnvelope {
  /** The record's key, 32 bytes: forget it after use. */
  readonly dek: Uint8Array;
  readonly retracted: boolean;
  /** The patient says that something in it is wrong. */
  readonly disputed: boolean;
}

export interface KeyRelease {
  readonly released: ReadonlyMap<RecordId, ReleasedRecord>;
  /** Why a record was not opened: RECORD_REFUSED { reason }, RECORD_NOT_RELEASED, RECORD_ALTERED. */
  readonly failures: ReadonlyMap<RecordId, AnamnesisError>;
  /** What each steward asked did so far; a liar is named here and outvoted. */
  readonly verdicts: readonly StewardVerdict[];
}

/** What one steward gave for one record, verified. */
type Part =
  | { readonly identified: IdentifiedEnvelope; readonly partial: VerifiedPartial; readonly status: number }
  | { readonly refusal: RefusalCode };

/** Records a request: one request must be checked, logged and answered within two seconds. */
const CHUNK = 64;

function lied(member: StewardMember, reason: string, recordId?: RecordId): AnamnesisError {
  return new AnamnesisError("STEWARD_LIED", { steward: member.index, verb: "release", reason, recordId });
}

function identified(client: StewardsClient, session: OpenSession, member: StewardMember, entry: ReleasedEntry) {
  const { recordId } = entry;
  if (entry.envelope === null) throw lied(member, "neither an envelope nor a refusal", recordId);
  const found = identifyEnvelope(decodeEnvelope(entry.envelope));
  if (found.recordId !== recordId) throw lied(member, "another record's envelope", recordId);
  const { publicPart, release } = found.envelope;
  const { keyId, groupKey } = client.committee;
  const label = releaseLabel(keyId, found.coreId);
  if (publicPart.keyId !== keyId || !isWithin(session, publicPart)) throw lied(member, "outside the session", recordId);
  if (!verifyCapsule(release, label, fromHex(groupKey))) throw lied(member, "a capsule without proof", recordId);
  return found;
}

/** Verifies everything one steward answered. @throws STEWARD_LIED */
function verified(
  client: StewardsClient,
  session: OpenSession,
  member: StewardMember,
  asked: readonly RecordId[],
  payload: ReleasePayload,
): ReadonlyMap<RecordId, Part> {
  if (payload.records.length !== asked.length || payload.records.some(({ recordId }, i) => recordId !== asked[i])) {
    throw lied(member, "it answers for other records");
  }
  const given = payload.records.filter(({ refusal }) => refusal === null);
  const envelopes = given.map((entry) => identified(client, session, member, entry));
  const points =
    envelopes.length === 0
      ? []
      : payload.partial !== null &&
        verifyPartialBatch({
          verifyingShare: fromHex(member.verifyingShare),
          U: envelopes.map(({ envelope }) => envelope.release.U),
          partial: payload.partial,
        });
  if (points === false) throw lied(member, "its partial decryption does not hold under its published share");

  const parts = new Map<RecordId, Part>();
  for (const { recordId, refusal } of payload.records) if (refusal !== null) parts.set(recordId, { refusal });
  for (const [i, entry] of given.entries()) {
    parts.set(entry.recordId, {
      identified: envelopes[i] as IdentifiedEnvelope,
      partial: { member: member.index + 1, point: points[i] as Uint8Array },
      status: entry.status,
    });
  }
  return parts;
}

type Parts = ReadonlyMap<RecordId, Part>;

async function partsOf(
  client: StewardsClient,
  session: OpenSession,
  member: StewardMember,
  records: readonly RecordId[],
  options: AbortOptions,
): Promise<Parts> {
  const request = signSessionRequest(
    { ...requestFields(client, session, member), verb: "release", records },
    session.keys,
  );
  const receiveKey = session.keys.receive.privateKey;
  const question = { member, verb: "release" as const, request, receiveKey, signal: options.signal };
  return askSteward(client, question, (payload) =>
    verified(client, session, member, records, decodeReleasePayload(payload)),
  );
}

const givenFor = (outcomes: readonly Outcome<Parts>[], recordId: RecordId) =>
  outcomes.filter(isValid).flatMap(({ value }) => {
    const part = value.get(recordId);
    return part !== undefined && "partial" in part ? [part] : [];
  });

/** Opens one record from what the stewards gave, or says why not. */
async function openOne(
  client: StewardsClient,
  outcomes: readonly Outcome<Parts>[],
  recordId: RecordId,
): Promise<ReleasedRecord | AnamnesisError> {
  const { committee } = client;
  const given = givenFor(outcomes, recordId);
  const first = given[0];
  if (first === undefined || given.length < committee.threshold) {
    const refusals = outcomes.filter(isValid).flatMap(({ value }) => {
      const part = value.get(recordId);
      return part !== undefined && "refusal" in part ? [part.refusal] : [];
    });
    const judged = refusals.filter((code) => code !== "RECORD_UNKNOWN");
    const counted = { ...shortfall(client, verdictsOf(outcomes)), recordId, valid: given.length };
    return judged.length > 0
      ? new AnamnesisError("RECORD_REFUSED", { ...counted, reason: judged[0] })
      : new AnamnesisError("RECORD_NOT_RELEASED", { ...counted, unknownTo: refusals.length });
  }
  const { coreId, envelope } = first.identified;
  try {
    const dek = await openCapsule({
      capsule: envelope.release,
      label: releaseLabel(committee.keyId, coreId),
      partials: given.map(({ partial }) => partial),
      threshold: committee.threshold,
    });
    // Whatever one steward knows against it counts.
    const status = given.reduce((known, part) => known | part.status, 0);
    const marks = { retracted: (status & RETRACTED) !== 0, disputed: (status & DISPUTED) !== 0 };
    if (dek.length === 32) return { ...first.identified, dek, ...marks };
    return new AnamnesisError("RECORD_ALTERED", { recordId });
  } catch (cause) {
    // Every partial was verified: what does not open now was sealed wrongly by its author.
    return new AnamnesisError("RECORD_ALTERED", { recordId }, { cause });
  }
}

/** The last word on each steward over several requests: a lie stays one. */
function mergeVerdicts(all: Map<number, StewardVerdict>, found: readonly StewardVerdict[]): void {
  const weight = { valid: 0, unreachable: 1, refused: 2, lied: 3 };
  for (const verdict of found) {
    const known = all.get(verdict.steward);
    if (known === undefined || weight[verdict.verdict] >= weight[known.verdict]) all.set(verdict.steward, verdict);
  }
}

/**
 * Gets the keys of records through the stewards, some of them at a time: asks `threshold` stewards (more, once one fails or is
 * late), verifies each answer against the steward's published share, and combines. A record that cannot be opened is a value
 * in `failures`, a session that cannot is an error.
 * @throws SESSION_REFUSED { reason }, STEWARDS_TOO_FEW with every steward's verdict, OPERATION_ABORTED
 */
export async function* releaseInTurn(
  client: StewardsClient,
  parameters: { readonly session: OpenSession; readonly records: readonly RecordId[] } & AbortOptions,
): AsyncGenerator<KeyRelease, void, undefined> {
  const { session, signal } = parameters;
  const { threshold } = client.committee;
  const records = [...new Set(parameters.records)];
  const verdicts = new Map<number, StewardVerdict>();

  for (let start = 0; start < records.length; start += CHUNK) {
    throwIfAborted(signal);
    const chunk = records.slice(start, start + CHUNK);
    const outcomes = await askUntil(
      client,
      (member, options) => partsOf(client, session, member, chunk, options),
      (each) => chunk.every((recordId) => givenFor(each, recordId).length >= threshold),
      { signal },
    );
    mergeVerdicts(verdicts, verdictsOf(outcomes));
    if (outcomes.filter(isValid).length < threshold) {
      throw sessionError(client, verdictsOf(outcomes), { sessionId: session.sessionId });
    }
    const released = new Map<RecordId, ReleasedRecord>();
    const failures = new Map<RecordId, AnamnesisError>();
    for (const recordId of chunk) {
      const opened = await openOne(client, outcomes, recordId);
      if (opened instanceof AnamnesisError) failures.set(recordId, opened);
      else released.set(recordId, opened);
    }
    yield { released, failures, verdicts: [...verdicts.values()].sort((a, b) => a.steward - b.steward) };
  }
}

/** All that {@link releaseInTurn} gives, at once. @throws as there */
export async function releaseKeys(
  client: StewardsClient,
  parameters: { readonly session: OpenSession; readonly records: readonly RecordId[] } & AbortOptions,
): Promise<KeyRelease> {
  const parts: KeyRelease[] = [];
  for await (const part of releaseInTurn(client, parameters)) parts.push(part);
  return {
    released: new Map(parts.flatMap(({ released }) => [...released])),
    failures: new Map(parts.flatMap(({ failures }) => [...failures])),
    verdicts: parts.at(-1)?.verdicts ?? [],
  };
}
