import { isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Answer,
  type Hex,
  openSessionRequest,
  type ReceivedSessionRequest,
  type SessionRequest,
  sealAnswer,
} from "@anamnesis/sdk/internal";
import { type Answered, answerList } from "./answer-list.ts";
import { answerRelease } from "./answer-release.ts";
import type { SessionOpened } from "./chain.ts";
import type { StewardContext } from "./context.ts";
import { isOfSteward, reasonOf, refuse } from "./refuse.ts";
import { statesOfSeries } from "./series-states.ts";
import { type CheckedSession, isAddressedToUs, requireOwnId, requireStanding, sessionOf } from "./session-checks.ts";
import { writeReceipt } from "./write-receipt.ts";

function answerOf(context: StewardContext, checked: CheckedSession, request: SessionRequest): Promise<Answered> {
  return request.verb === "list" ? answerList(context, checked, request) : answerRelease(context, checked, request);
}

/** Reads the chain and requires the permission to stand. */
async function check(
  context: StewardContext,
  session: SessionOpened,
  received: ReceivedSessionRequest,
): Promise<CheckedSession> {
  const checkedAt = context.clock.elapsed();
  const moment = await context.moment();
  await requireStanding(context, session, moment, received);
  return { session, moment, checkedAt };
}

/** Checks, computes, checks again where that took long, logs; only then is there a payload. @throws STEWARD_REFUSED */
async function permitted(
  context: StewardContext,
  session: SessionOpened,
  received: ReceivedSessionRequest,
  first: CheckedSession,
  receiptId: Hex,
): Promise<{ readonly payload: Uint8Array; readonly checkedAt: number }> {
  const { clock, limits } = context;
  const { payload, records, states } = await answerOf(context, first, received.request);
  const late = clock.elapsed() - first.checkedAt > limits.answerWithin / 2;
  const checked = late ? await check(context, session, received) : first;
  if (late) {
    const now = await statesOfSeries(checked.moment, states.patient, [...states.series.keys()]);
    // The asker repeats the request, and hears what counts now.
    if (!states.equals(now)) refuse("STEWARD_BUSY");
  }
  // A request all of whose records were refused gives nothing, so it leaves no line; a listing always tells something.
  if (records.length > 0 || received.request.verb === "list") {
    await writeReceipt(context, checked, received, receiptId, records);
  }
  return { payload, checkedAt: checked.checkedAt };
}

interface Made {
  readonly answer: Answer;
  readonly checkedAt: number;
}

/** The answer to a session's request, or null where the asker may be a stranger. */
async function makeAnswer(
  context: StewardContext,
  received: ReceivedSessionRequest,
  onFault: (error: unknown) => void,
): Promise<Made | null> {
  const checkedAt = context.clock.elapsed();
  let rightful = false;
  let receiptId: Hex | undefined;
  try {
    const moment = await context.moment();
    const session = await sessionOf(context, moment, received);
    rightful = true;
    const id = await requireOwnId(context, session, received);
    if (!context.allow.request(session.actor)) refuse("RATE_LIMITED");
    await requireStanding(context, session, moment, received);
    if (!context.inFlight.has(id)) {
      context.inFlight.set(id, received.requestHash);
      receiptId = id;
    }
    const made = await permitted(context, session, received, { session, moment, checkedAt }, id);
    return { answer: { refusal: null, payload: made.payload }, checkedAt: made.checkedAt };
  } catch (error) {
    if (!isAnamnesisError(error, "STEWARD_REFUSED")) onFault(error);
    const refusal = reasonOf(error);
    // That our view of the chain is gone says nothing of what was asked.
    if (!rightful && !isOfSteward(refusal)) return null;
    return { answer: { refusal, payload: null }, checkedAt };
  } finally {
    if (receiptId !== undefined) context.inFlight.delete(receiptId);
  }
}

/** Seals an answer; one that would leave too long after its check becomes a refusal. */
async function sealed(
  context: StewardContext,
  received: ReceivedSessionRequest,
  { answer, checkedAt }: Made,
): Promise<Uint8Array> {
  const { receiveKey } = received.request;
  const bytes = await sealAnswer(answer, receiveKey, received.requestHash);
  const stale = answer.payload !== null && context.clock.elapsed() - checkedAt > context.limits.answerWithin;
  return stale ? sealAnswer({ refusal: "STEWARD_BUSY", payload: null }, receiveKey, received.requestHash) : bytes;
}

/**
 * A session's listing or release: PROTOCOL §6.3 and §6.4. Null for whatever a stranger can send. The same request again
 * gets the stored answer until that is two seconds old, then it is checked anew under the same receipt id.
 */
export async function handleSession(
  context: StewardContext,
  verb: "list" | "release",
  encoded: Uint8Array,
  onFault: (error: unknown) => void,
): Promise<Uint8Array | null> {
  let received: ReceivedSessionRequest;
  try {
    received = openSessionRequest(encoded);
  } catch {
    return null;
  }
  if (received.request.verb !== verb || !isAddressedToUs(context, received.request)) return null;

  const { answers, clock, limits } = context;
  const stored = answers.get(received.requestHash);
  if (stored && clock.elapsed() - stored.checkedAt() <= limits.answerWithin) {
    const reply = await stored.reply;
    if (clock.elapsed() - stored.checkedAt() <= limits.answerWithin) return reply;
  }
  let checkedAt = clock.elapsed();
  const reply = makeAnswer(context, received, onFault).then((made) => {
    if (made === null) return null;
    checkedAt = made.checkedAt;
    return sealed(context, received, made);
  });
  answers.set(received.requestHash, { checkedAt: () => checkedAt, reply });
  const answer = await reply;
  // Only what was decided for the rightful session is worth remembering.
  if (answer === null) answers.delete(received.requestHash);
  else setTimeout(() => answers.delete(received.requestHash), limits.answerWithin).unref();
  return answer;
}
