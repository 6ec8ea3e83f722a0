import { isAnamnesisError } from "@anamnesis/sdk/errors";
import type { AbortOptions, Committee, Hex, ProviderId, SigningKeyPair } from "@anamnesis/sdk/internal";
import {
  type CeremonyFault,
  type CeremonyReply,
  type CeremonyRequest,
  type FaultReason,
  openReplyTo,
  signRequest,
} from "./messages.ts";
import type { CeremonyPlan } from "./plan.ts";
import type { CeremonyAddress, CeremonyTransport } from "./transport.ts";

/** One steward that takes part, with its places; 0 is none. */
export interface Participant extends CeremonyAddress {
  readonly member: number;
  readonly former: number;
}

/** Everybody of the plan and of the committee before, each steward once. */
export function participantsOf(plan: CeremonyPlan, previous: Committee | null): readonly Participant[] {
  const members = plan.members.map((each, i) => ({ ...each, member: i + 1, former: 0 }));
  const former = (previous?.members ?? []).map((each, i) => ({ ...each, member: 0, former: i + 1 }));
  const both = former.filter((each) => members.some(({ signingKey }) => signingKey === each.signingKey));
  const formerOf = (signingKey: Hex) => both.find((each) => each.signingKey === signingKey)?.former ?? 0;
  return [
    ...members.map((each) => ({ ...each, former: formerOf(each.signingKey) })),
    ...former.filter((each) => !both.includes(each)),
  ].map(({ provider, signingKey, endpoint, member, former: place }) => ({
    provider,
    signingKey,
    endpoint,
    member,
    former: place,
  }));
}

export interface Asked {
  readonly who: Participant;
  /** Undefined where there is a fault. */
  readonly reply: CeremonyReply | undefined;
  readonly fault: CeremonyFault | undefined;
}

const reasons: Partial<Record<NonNullable<CeremonyReply["refusal"]>, FaultReason>> = {
  NOT_APPROVED: "not approved",
  SHARE_MISSING: "share missing",
};

/** The one who carries the messages of an attempt. Whatever it does, the worst is that nothing comes of it. */
export function createCoordinator(parameters: {
  readonly planHash: Hex;
  /** Of one who takes part; its requests are the only ones answered. */
  readonly signing: SigningKeyPair;
  readonly provider: ProviderId;
  readonly transport: CeremonyTransport;
  readonly signal?: AbortSignal | undefined;
}) {
  const { planHash, signing, provider, transport, signal } = parameters;
  const options: AbortOptions = signal === undefined ? {} : { signal };

  const faultOf = (who: Participant, reason: FaultReason): CeremonyFault => ({
    provider: who.provider,
    by: provider,
    reason,
  });

  async function ask(
    who: Participant,
    request: Pick<CeremonyRequest, "attempt" | "step"> & Partial<Pick<CeremonyRequest, "parts" | "dealers">>,
  ): Promise<Asked> {
    const message = signRequest({ parts: [], dealers: [], ...request, plan: planHash }, signing);
    let reply: CeremonyReply;
    try {
      reply = openReplyTo(message, await transport.request(who, message, options), who.signingKey);
    } catch (error) {
      if (!isAnamnesisError(error) || signal?.aborted) throw error;
      return { who, reply: undefined, fault: faultOf(who, "silent") };
    }
    if (reply.refusal === null) return { who, reply, fault: undefined };
    // Whoever says that an attempt is over says it in its own name.
    const fault =
      reply.refusal === "ABORTED" && reply.fault !== null
        ? { ...reply.fault, by: who.provider }
        : faultOf(who, reasons[reply.refusal] ?? "wrong answer");
    return { who, reply: undefined, fault };
  }

  return { ask, faultOf };
}

export type Coordinator = ReturnType<typeof createCoordinator>;

export const faultsIn = (asked: readonly Asked[]): readonly CeremonyFault[] =>
  asked.map(({ fault }) => fault).filter((fault) => fault !== undefined);
