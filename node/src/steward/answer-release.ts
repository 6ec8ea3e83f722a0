import { encodeReleasePayload, type ReleasedEntry, type ReleaseRequest } from "@anamnesis/sdk/internal";
import type { Answered } from "./answer-list.ts";
import type { StewardContext } from "./context.ts";
import { openableRecord, storedRecord } from "./record-checks.ts";
import { refuse } from "./refuse.ts";
import { seriesStates } from "./series-states.ts";
import type { CheckedSession } from "./session-checks.ts";

/** Partial decryptions of the records asked for that the session covers, and a reason for each of the others. */
export async function answerRelease(
  context: StewardContext,
  { session, moment }: CheckedSession,
  request: ReleaseRequest,
): Promise<Answered> {
  if (!context.allow.records(session.actor, request.records.length)) refuse("RATE_LIMITED");
  const stored = await Promise.all(request.records.map((recordId) => storedRecord(context, recordId)));
  const states = await seriesStates(moment, session.patient, stored);
  const judged = await Promise.all(stored.map((record) => openableRecord(context, session, moment, record, states)));
  const openable = judged.filter((record) => typeof record !== "string");
  const partial =
    openable.length === 0 ? null : context.partialDecrypt(openable.map(({ envelope }) => envelope.release.U));
  const records = judged.map((record, i): ReleasedEntry => {
    const recordId = request.records[i] as ReleasedEntry["recordId"];
    return typeof record === "string"
      ? { recordId, refusal: record, envelope: null, status: 0 }
      : { recordId, refusal: null, envelope: record.encoded, status: record.status };
  });
  const head = { number: moment.head.number, hash: moment.head.hash };
  return {
    payload: encodeReleasePayload({ records, partial, head }),
    records: openable.map(({ recordId }) => recordId),
    states,
  };
}
