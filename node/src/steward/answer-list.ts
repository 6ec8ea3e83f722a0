import {
  encodeListPayload,
  encodePublicPart,
  type ListedEntry,
  type ListRequest,
  noId,
  type RecordId,
  type SeriesId,
} from "@anamnesis/sdk/internal";
import type { RecordQuery } from "../stores/steward-store.ts";
import type { SessionOpened } from "./chain.ts";
import type { ChainMoment } from "./chain-moment.ts";
import type { StewardContext } from "./context.ts";
import { areLabelsCovered, isAnchored, isCovered, isOurs, statusOf, storedRecord } from "./record-checks.ts";
import { refuse } from "./refuse.ts";
import { type SeriesStates, seriesStates, statesOfSeries } from "./series-states.ts";
import type { CheckedSession } from "./session-checks.ts";

export interface Answered {
  readonly payload: Uint8Array;
  /** What the receipt names. */
  readonly records: readonly RecordId[];
  /** What the patient had decided about their series. */
  readonly states: SeriesStates;
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

  const records = await Promise.all(page.map((recordId) => storedRecord(context, recordId)));
  const states = await seriesStates(moment, patient, records);
  const listed = await Promise.all(
    records.map(async (record): Promise<readonly [RecordId, ListedEntry] | undefined> => {
      if (record === undefined || !isOurs(context, record)) return undefined;
      const state = states.of(record);
      if (!isCovered(session, record, state) || state.erased) return undefined;
      if (!(await isAnchored(context, moment, record))) return undefined;
      const { envelope, restHash, recordId } = record;
      const { restrictions } = state;
      const status = await statusOf(context, moment, record, state);
      return [recordId, { publicPart: encodePublicPart(envelope.publicPart), restHash, status, restrictions }];
    }),
  );
  const entries = listed.filter((entry) => entry !== undefined);
  const next = found.length > page.length ? (page.at(-1) ?? null) : null;
  const head = { number: moment.head.number, hash: moment.head.hash };
  const count = await countOf(context, session, moment, query);
  const payload = { records: entries.map(([, entry]) => entry), count, head, next };
  return { payload: encodeListPayload(payload), records: entries.map(([recordId]) => recordId), states };
}

/** How many records the session covers. Those that the patient closed to it are not counted: that they exist is nobody's business. */
async function countOf(
  context: StewardContext,
  session: SessionOpened,
  moment: ChainMoment,
  query: RecordQuery,
): Promise<number> {
  const tallies = await context.store.tallyOf(query);
  const { series } = await statesOfSeries(
    moment,
    session.patient,
    tallies.map((tally) => tally.series),
  );
  const open = tallies.filter((tally) => {
    const state = series.get(tally.series);
    return state && !state.erased && areLabelsCovered(session, tally.labels | state.restrictions);
  });
  return open.reduce((sum, tally) => sum + tally.count, 0);
}
