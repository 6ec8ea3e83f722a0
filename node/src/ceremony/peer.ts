import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import { type Hex, toHex } from "@anamnesis/sdk/internal";
import { ceremonyVoucherData, signAs } from "./account-signature.ts";
import { requireOnChain } from "./chain.ts";
import {
  type CeremonyFault,
  type CeremonyRefusal,
  type CeremonyReply,
  type CeremonyRequest,
  ceremonyRefusals,
  type FaultReason,
  openRequest,
  signReplyTo,
} from "./messages.ts";
import { type CeremonyMember, type CeremonyPlan, planHashOf, requirePlan } from "./plan.ts";
import { type CeremonySelf, seatOf, signingKeyOf } from "./seat.ts";
import { type Settled, settleCeremonies } from "./settle.ts";
import { encodeStanding } from "./standing.ts";
import { abortedState, type CeremonyState, loadState, saveState } from "./state.ts";
import { stepConfirm, stepDeal } from "./step-deal.ts";
import { stepOpen } from "./step-open.ts";
import { stepSign } from "./step-sign.ts";
import { type Outcome, refuse, type Turn } from "./turn.ts";

/** One steward's side of ceremonies. It never calls anybody: a coordinator, who need not be trusted, carries the messages. */
export interface CeremonyPeer {
  /** What others put into a plan for this steward; `account` is the first of its accounts. */
  card(endpoint: string): Promise<CeremonyMember>;
  /**
   * The operator's decision to take part, made on this machine. Checks the plan against the chain, keeps it, and vouches
   * for this steward's keys. Idempotent. @throws CEREMONY_PLAN_INVALID, STEWARD_CHAIN_UNAVAILABLE
   */
  approve(plan: CeremonyPlan): Promise<Hex>;
  /** Answers one message with a signed one, whatever was sent: strangers all hear the same. */
  handle(message: Uint8Array): Promise<Uint8Array>;
  /** Takes what the chain published into use, and destroys the shares it replaced; to be called at start and now and then. */
  settle(): Promise<Settled>;
}

type Answer = Pick<CeremonyReply, "refusal" | "fault" | "parts">;

const refused = (refusal: CeremonyRefusal, fault: CeremonyFault | null = null): Answer => ({
  refusal,
  fault,
  parts: [],
});

async function stepAbort({ self, state, request }: Turn): Promise<Outcome> {
  const { attempt } = state;
  if (attempt === null || attempt.number !== request.attempt || attempt.fault !== null) return { parts: [] };
  if (attempt.isSigned) refuse("SIGNED");
  const fault = { provider: self.provider, by: self.provider, reason: "withdrawn" } as const;
  return { state: abortedState(state, fault), parts: [] };
}

function step(turn: Turn): Promise<Outcome> {
  if (turn.state.settled !== null) refuse("SETTLED");
  switch (turn.request.step) {
    case "open":
      return stepOpen(turn);
    case "deal":
      return stepDeal(turn);
    case "confirm":
      return stepConfirm(turn);
    case "sign":
      return stepSign(turn);
    case "abort":
      return stepAbort(turn);
    default:
      return refuse("OUT_OF_ORDER");
  }
}

/** The error that ended a step, as the others hear it; a fault of our own is nobody's doing. */
function answerTo(error: unknown, self: CeremonySelf): Answer {
  if (isAnamnesisError(error, "COMMITTEE_CEREMONY_FAILED")) {
    const { steward, reason } = error.details;
    const fault = { provider: steward as Hex as CeremonyFault["provider"], by: self.provider };
    return refused("ABORTED", { ...fault, reason: reason as FaultReason });
  }
  const { reason } = isAnamnesisError(error, "CEREMONY_REFUSED") ? error.details : {};
  return refused(ceremonyRefusals.find((each) => each === reason) ?? "UNAVAILABLE");
}

/** A steward's side of ceremonies, over its folder. Requests are handled one after the other. */
export function createCeremonyPeer(
  self: CeremonySelf & { readonly onFault?: ((error: unknown) => void) | undefined },
): CeremonyPeer {
  const { folder, chain, onFault } = self;
  const { secrets } = folder;
  const signingKey = signingKeyOf(self);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };

  const card = async (endpoint: string): Promise<CeremonyMember> => ({
    provider: self.provider,
    account: ((await self.accounts[0]?.getAddress()) ?? "0x").toLowerCase() as Hex,
    signingKey,
    sealKey: toHex(folder.sealing.publicKey),
    endpoint,
  });

  async function approve(given: CeremonyPlan): Promise<Hex> {
    const plan = requirePlan(given);
    const planHash = planHashOf(plan);
    if ((await loadState(secrets, planHash)) !== undefined) return planHash;
    const previous = await requireOnChain(plan, chain);
    const { member, former } = seatOf({ plan, previous }, signingKey);
    const seat = plan.members[member - 1];
    const isOurs =
      seat === undefined || (seat.provider === self.provider && seat.sealKey === toHex(folder.sealing.publicKey));
    if ((member === 0 && former === 0) || !isOurs) {
      const reason = "it does not name this steward with its own keys";
      throw new AnamnesisError("CEREMONY_PLAN_INVALID", { plan: planHash, reason });
    }
    const voucher = seat === undefined ? null : await signAs(self.accounts, seat.account, ceremonyVoucherData(plan));
    await saveState(secrets, planHash, { plan, previous, voucher, attempt: null, kept: [], settled: null });
    return planHash;
  }

  /** Whether one of those who take part asks: a stranger cannot so much as end an attempt. */
  const isMember = ({ from }: CeremonyRequest, { plan, previous }: CeremonyState) =>
    [...plan.members, ...(previous?.members ?? [])].some((each) => each.signingKey === from);

  async function answer(message: Uint8Array): Promise<Answer> {
    let request: CeremonyRequest;
    try {
      request = openRequest(message);
    } catch {
      return refused("NOT_APPROVED");
    }
    const state = await loadState(secrets, request.plan);
    if (state === undefined || !isMember(request, state)) return refused("NOT_APPROVED");
    if (request.step === "settle") await settleCeremonies(self);
    if (request.step === "settle" || request.step === "join") {
      const now = (await loadState(secrets, request.plan)) ?? state;
      return { refusal: null, fault: null, parts: [encodeStanding(now)] };
    }
    const turn: Turn = { self, seat: seatOf(state, signingKey), planHash: request.plan, state, request };
    try {
      const outcome = await step(turn);
      // On disk before it is said: what was said once is said again after a crash, and nothing else.
      if (outcome.state) await saveState(secrets, request.plan, outcome.state);
      return { refusal: null, fault: null, parts: outcome.parts };
    } catch (error) {
      const told = answerTo(error, self);
      if (told.fault !== null && state.attempt?.fault === null && !state.attempt.isSigned) {
        await saveState(secrets, request.plan, abortedState(state, told.fault));
      }
      if (told.refusal === "UNAVAILABLE") onFault?.(error);
      return told.fault !== null && state.attempt?.fault ? refused("ABORTED", state.attempt.fault) : told;
    }
  }

  return {
    card,
    approve: (plan) => inTurn(() => approve(plan)),
    handle: (message) => inTurn(async () => signReplyTo(message, await answer(message), folder.signing)),
    settle: () => inTurn(() => settleCeremonies(self)),
  };
}
