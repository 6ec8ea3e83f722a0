import {
  encodeListPayload,
  encodePublicPart,
  type ListedEntry,
  type ListRequest,
  noId,
  type RecordId,
  type SeriesId,
} from "@anamnesis/sdk/internal";
import type { StewardContext } from "./context.ts";
import { isAnchored, isCovered, isOurs, statusOf, storedRecord } from "./record-checks.ts";
import { refuse } from "./refuse.ts";
import type { CheckedSession } from "./session-checks.ts";

export interface Answered {
  readonly payload: Uint8Array;
  /** What the receipt names. */
  readonly records: readonly RecordId[];
}

/** One page of what the session covers, in the order of RecordIds. */
export async function answerList(
  context: StewardContext,
  { session, moment }: CheckedSession,
  request: ListRequest,
): Promise<Answered> {
  const { patient, labels } = session;
  const query = { patient, labels, ...(session.series === noId ? {} : { series: session.series as SeriesId }) };
  const found = await context.store.recordsOf(query, { after: request.after, limit: request.limit + 1 });
  const page = found.slice(0, request.limit);
  if (!context.allow.records(session.actor, page.length)) refuse("RATE_LIMITED");

  const listed = await Promise.all(
    page.map(async (recordId): Promise<readonly [RecordId, ListedEntry] | undefined> => {
      const record = await storedRecord(context, recordId);
      const whole = record !== undefined && isOurs(context, record) && isCovered(session, record);
      if (!whole || !(await isAnchored(context, moment, record))) return undefined;
      const { envelope, restHash } = record;
      const status = await statusOf(context, moment, record);
      return [recordId, { publicPart: encodePublicPart(envelope.publicPart), restHash, status, restrictions: 0n }];
    }),
  );
  const entries = listed.filter((entry) => entry !== undefined);
  const next = found.length > page.length ? (page.at(-1) ?? null) : null;
  const head = { number: moment.head.number, hash: moment.head.hash };
  const payload = { records: entries.map(([, entry]) => entry), count: await context.store.countOf(query), head, next };
  return { payload: encodeListPayload(payload), records: entries.map(([recordId]) => recordId) };
}
