import {
  type Hex,
  isLabelMask,
  type ReceivedSessionRequest,
  type RefusalCode,
  receiptIdOf,
  sessionKeyHash,
} from "@anamnesis/sdk/internal";
import type { AccessDecision, SessionOpened } from "./chain.ts";
import { agreed, type ChainMoment } from "./chain-moment.ts";
import { secondsOf } from "./clock.ts";
import type { StewardContext } from "./context.ts";
import { refuse } from "./refuse.ts";

/** A permission found standing at one moment. */
export interface CheckedSession {
  readonly session: SessionOpened;
  readonly moment: ChainMoment;
  /** The clock's `elapsed` when the first block was asked for: answers age from here. */
  readonly checkedAt: number;
}

/** By the contract's `Denial`: 3 to 5 and 22 speak of a provider's standing, the others of what allowed the session. */
function refusalOfDenial({ kind }: SessionOpened, denial: number): RefusalCode {
  if ((denial >= 3 && denial <= 5) || denial === 22) return "PROVIDER_NOT_ACTIVE";
  if (kind === "delegate") return "APPOINTMENT_ENDED";
  return kind === "emergency" ? "EMERGENCY_ENDED" : "CONSENT_ENDED";
}

/**
 * The event that opened the session this request is signed for, canonical at the final block. What a stranger could
 * have sent ends here, always the same way.
 * @throws STEWARD_REFUSED { REFUSED }, STEWARD_CHAIN_UNAVAILABLE
 */
export async function sessionOf(
  context: StewardContext,
  moment: ChainMoment,
  { request }: ReceivedSessionRequest,
): Promise<SessionOpened> {
  const place = { tx: request.tx, logIndex: request.logIndex };
  const key = `${place.tx}:${place.logIndex}`;
  const known = context.known.sessions.get(key);
  const session = known ?? agreed(await moment.atFinal((node, block) => node.sessionOpened(place, block)));
  if (session === undefined) refuse("REFUSED");
  context.known.sessions.set(key, session);
  const keyHash = sessionKeyHash({ receive: request.receiveKey, ask: request.askKey });
  if (keyHash !== session.sessionKeyHash) refuse("REFUSED");
  return session;
}

/** Whether a request is for this steward at all; needs no chain. */
export function isAddressedToUs(
  { reference, signingKey }: StewardContext,
  asked: { chainId: number; gate: Hex; steward: Hex },
) {
  return asked.steward === signingKey && asked.chainId === reference.chainId && asked.gate === reference.gate;
}

/** The request's time lies near the steward's clock and the chain's. @throws STEWARD_REFUSED { CLOCK_SKEW } */
export function requireTimely({ clock, limits }: StewardContext, moment: ChainMoment, time: number): void {
  const { skew, headAge } = limits;
  const now = secondsOf(clock);
  const { head } = moment;
  // A head may lag behind the world by its allowed age, never run ahead of it.
  const timely = Math.abs(time - now) <= skew && time >= head.time - skew && time <= head.time + headAge + skew;
  if (!timely) refuse("CLOCK_SKEW");
}

/** @throws STEWARD_REFUSED { EPOCH_NOT_CURRENT } unless request, steward and chain name one epoch. */
export async function requireEpoch(
  context: StewardContext,
  moment: ChainMoment,
  asked: { keyId: Hex; epoch: number },
): Promise<void> {
  const { committee, signingKey } = context;
  const ours = asked.keyId === committee.keyId && asked.epoch === committee.epoch;
  if (!ours) refuse("EPOCH_NOT_CURRENT");
  const states = await moment.atHead((node, block) => node.committee(block));
  const current = states.every(
    (state) =>
      state.keyId === committee.keyId && state.epoch === committee.epoch && state.signingKeys.includes(signingKey),
  );
  if (!current) refuse("EPOCH_NOT_CURRENT");
}

/** @throws STEWARD_REFUSED unless every node permits, at F and at H, by the very grant, appointment or emergency it was opened under. */
async function requirePermission(session: SessionOpened, moment: ChainMoment): Promise<void> {
  const decisions: AccessDecision[] = (
    await Promise.all([
      moment.atFinal((node, block) => node.decide(session, block)),
      moment.atHead((node, block) => node.decide(session, block)),
    ])
  ).flat();
  const denied = decisions.find(({ denial }) => denial !== 0);
  if (denied) refuse(refusalOfDenial(session, denied.denial));
  if (decisions.some(({ grantTag }) => grantTag !== session.grantTag)) refuse("CONSENT_CHANGED");
}

/** Everything that can end while a session is open. @throws STEWARD_REFUSED */
export async function requireStanding(
  context: StewardContext,
  session: SessionOpened,
  moment: ChainMoment,
  { request }: ReceivedSessionRequest,
): Promise<void> {
  requireTimely(context, moment, request.time);
  if (moment.head.time >= session.expiresAt || secondsOf(context.clock) >= session.expiresAt) refuse("SESSION_EXPIRED");
  if (!isLabelMask(session.labels)) refuse("SESSION_LABELS_INVALID");
  await Promise.all([requireEpoch(context, moment, request), requirePermission(session, moment)]);
}

/** One receipt id stands for one request. @throws STEWARD_REFUSED { REQUEST_ID_REUSED } */
export async function requireOwnId(
  context: StewardContext,
  session: SessionOpened,
  received: ReceivedSessionRequest,
): Promise<Hex> {
  const { signingKey, store, inFlight } = context;
  const { requestId } = received.request;
  const receiptId = receiptIdOf({ steward: signingKey, sessionId: session.sessionId, requestId });
  const first = inFlight.get(receiptId) ?? (await store.requestOf(receiptId));
  if (first !== undefined && first !== received.requestHash) refuse("REQUEST_ID_REUSED");
  return receiptId;
}
