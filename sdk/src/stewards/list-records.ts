import type { AbortOptions } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";
import { toHex } from "../core/bytes.ts";
import type { CoreId, RecordId } from "../core/ids.ts";
import { sha256 } from "../crypto/index.ts";
import { decodePublicPart, type PublicPart, recordIdOf } from "../envelope/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { askUntil, sessionError, verdictsOf } from "./ask-committee.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import { isWithin, type OpenSession, requestFields } from "./open-session.ts";
import {
  type BlockRef,
  DISPUTED,
  decodeListPayload,
  type ListedEntry,
  type ListPayload,
  RETRACTED,
} from "./payloads.ts";
import { signSessionRequest } from "./session-request.ts";
import { isValid, type StewardVerdict } from "./verdict.ts";
import { MAX_RECORDS } from "./wire.ts";

/** A record that the session covers, as the stewards list it; its id was recomputed here. */
export interface ListedRecord {
  readonly recordId: RecordId;
  readonly publicPart: PublicPart;
  readonly restHash: Hex;
  /** By the word of at least one steward; the chain decides. */
  readonly retracted: boolean;
  /** The patient says that something in it is wrong. */
  readonly disputed: boolean;
  /** Labels the patient added. */
  readonly restrictions: bigint;
}

export interface RecordListing {
  /** The union of what the stewards asked hold, in the order of RecordIds. */
  readonly records: readonly ListedRecord[];
  readonly verdicts: readonly StewardVerdict[];
  /** Stewards that lack records which others listed. */
  readonly shortfalls: readonly { readonly steward: number; readonly missing: number }[];
  /** The lowest head among the answers. */
  readonly head: BlockRef;
}

interface OneListing {
  readonly records: readonly ListedRecord[];
  readonly head: BlockRef;
}

function lied(member: StewardMember, reason: string): AnamnesisError {
  return new AnamnesisError("STEWARD_LIED", { steward: member.index, verb: "list", reason });
}

function listed(session: OpenSession, member: StewardMember, entry: ListedEntry): ListedRecord {
  const publicPart = decodePublicPart(entry.publicPart);
  if (!isWithin(session, publicPart) || (entry.restrictions & ~session.labels) !== 0n)
    throw lied(member, "it lists a record outside the session");
  const recordId = recordIdOf(toHex(sha256(entry.publicPart)) as CoreId, entry.restHash);
  const { restHash, restrictions, status } = entry;
  const marks = { retracted: (status & RETRACTED) !== 0, disputed: (status & DISPUTED) !== 0 };
  return { recordId, publicPart, restHash, ...marks, restrictions };
}

/** All pages of one steward; its pages must be in order and add up to the count it signed. */
async function listingOf(
  client: StewardsClient,
  session: OpenSession,
  member: StewardMember,
  options: AbortOptions,
): Promise<OneListing> {
  const records: ListedRecord[] = [];
  for (let after: RecordId | null = null; ; ) {
    const request = signSessionRequest(
      { ...requestFields(client, session, member), verb: "list", after, limit: MAX_RECORDS },
      session.keys,
    );
    const receiveKey = session.keys.receive.privateKey;
    const question = { member, verb: "list" as const, request, receiveKey, signal: options.signal };
    const page: ListPayload = await askSteward(client, question, decodeListPayload);
    for (const entry of page.records) {
      let record: ListedRecord;
      try {
        record = listed(session, member, entry);
      } catch (cause) {
        throw cause instanceof AnamnesisError && cause.code === "STEWARD_LIED"
          ? cause
          : lied(member, "a malformed record");
      }
      const last = records.at(-1)?.recordId ?? after;
      if (last !== null && record.recordId <= last) throw lied(member, "its listing is out of order");
      records.push(record);
    }
    if (page.next === null) return { records, head: page.head };
    const reached = records.at(-1)?.recordId ?? after;
    if (page.next === after || (reached !== null && page.next < reached))
      throw lied(member, "its listing does not go on");
    after = page.next;
  }
}

/** Unites two entries of one record: whatever one steward knows against it counts. */
function united(known: ListedRecord | undefined, found: ListedRecord): ListedRecord {
  if (known === undefined) return found;
  return {
    ...known,
    retracted: known.retracted || found.retracted,
    disputed: known.disputed || found.disputed,
    restrictions: known.restrictions | found.restrictions,
  };
}

/**
 * What the session covers, by the word of `threshold` stewards united. Each listing is on the trail.
 * @throws SESSION_REFUSED { reason }, STEWARDS_TOO_FEW, OPERATION_ABORTED
 */
export async function listRecords(
  client: StewardsClient,
  parameters: { readonly session: OpenSession } & AbortOptions,
): Promise<RecordListing> {
  const { session, signal } = parameters;
  const { threshold } = client.committee;
  const outcomes = await askUntil(
    client,
    (member, options) => listingOf(client, session, member, options),
    (each) => each.filter(isValid).length >= threshold,
    { signal },
  );
  const verdicts = verdictsOf(outcomes);
  const valid = outcomes.filter(isValid);
  if (valid.length < threshold) throw sessionError(client, verdicts, { sessionId: session.sessionId });

  const all = new Map<RecordId, ListedRecord>();
  for (const { value } of valid) {
    for (const record of value.records) all.set(record.recordId, united(all.get(record.recordId), record));
  }
  const shortfalls = valid
    .map(({ member, value }) => ({ steward: member.index, missing: all.size - value.records.length }))
    .filter(({ missing }) => missing > 0);
  const heads = valid.map(({ value }) => value.head).sort((a, b) => a.number - b.number);
  const records = [...all.values()].sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
  return { records, verdicts, shortfalls, head: heads[0] as BlockRef };
}
