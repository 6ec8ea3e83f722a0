import {
  type CeremonyRequest,
  openReplyTo,
  openRequest,
  type PartPlace,
  signReplyTo,
  signRequest,
} from "../../node/src/ceremony/messages.ts";
import { type Broadcast, broadcasts, confirmations, packets, sealShare } from "../../node/src/ceremony/parts.ts";
import { type CeremonyPlan, planHashOf } from "../../node/src/ceremony/plan.ts";
import { concat, equalBytes, type Hex, randomBytes } from "../../sdk/src/core/bytes.ts";
import { dealReshare, verifyingShareOf } from "../../sdk/src/crypto/index.ts";
import { AnamnesisError } from "../../sdk/src/errors/index.ts";
import type { Tamper } from "./ceremony-world.ts";
import type { SimulatedSteward } from "./simulated-steward.ts";

/** What members of a committee to be may do wrong. */
export const memberLies = [
  "silent",
  "wrong share",
  "wrong commitment",
  "wrong proof",
  "two broadcasts",
  "other attempt",
  "false accusation",
  "wrong signature",
  "other transcript",
] as const;
/** What dealers may do wrong. */
export const dealerLies = [
  "not its share",
  "silent",
  "silent at the end",
  "wrong share",
  "wrong commitment",
  "two broadcasts",
  "other epoch",
  "other attempt",
  "wrong signature",
] as const;
export type Lie = (typeof memberLies)[number] | (typeof dealerLies)[number];

export interface Liar {
  readonly steward: SimulatedSteward;
  lie: Lie | undefined;
  /** Its number among those who speak. */
  readonly number: number;
  /** Who it accuses, if it accuses somebody. */
  readonly victim: SimulatedSteward;
  /** A share of an epoch that is over. */
  readonly oldShare: Uint8Array | undefined;
}

const scalar = (): Uint8Array => concat(randomBytes(31), new Uint8Array([1]));
const point = (): Uint8Array => verifyingShareOf(scalar());

/** One who lies over the network; inside, its process is honest and is kept from seeing what was said in its name. */
export function lying(plan: CeremonyPlan, liars: readonly Liar[], stewards: readonly SimulatedSteward[]): Tamper {
  const truth = new Map<string, { readonly told: Uint8Array; readonly forged: Uint8Array }>();
  const opened = new Map<string, number>();
  const planHash = planHashOf(plan);

  function broadcastOf(liar: Liar, place: PartPlace, honest: Broadcast, times: number): Uint8Array | undefined {
    const { signing } = liar.steward.folder;
    const { commitment, proof } = honest;
    const forge = (changed: Broadcast, at = place) => broadcasts.sign(at, changed, signing);
    switch (liar.lie) {
      case "wrong commitment":
        return forge({ commitment: [...commitment.slice(0, -1), point()], proof });
      case "wrong proof":
        return forge({ commitment, proof: proof.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) });
      case "not its share":
        return forge({ commitment: [point(), ...commitment.slice(1)], proof });
      case "other epoch": {
        const share = liar.oldShare ?? scalar();
        const terms = { threshold: plan.threshold, size: plan.members.length };
        const dealt = dealReshare({ member: place.from, share, verifyingShare: verifyingShareOf(share), ...terms });
        return forge({ commitment: dealt.broadcast.commitment, proof });
      }
      case "other attempt":
        return forge(honest, { ...place, attempt: place.attempt + 1 });
      case "two broadcasts":
        return times > 1 ? forge({ commitment: [...commitment.slice(0, -1), point()], proof }) : undefined;
      default:
        return undefined;
    }
  }

  /** The request as it would be had the liar told the truth, for its own process. */
  function honestRequest(request: CeremonyRequest, liar: Liar): Uint8Array {
    const key = `${liar.number}/${request.attempt}`;
    const known = truth.get(key);
    const parts = request.parts.map((part) => (known && equalBytes(part, known.forged) ? known.told : part));
    const sender = stewards.find(({ card }) => card.signingKey === request.from) as SimulatedSteward;
    return signRequest({ ...request, parts }, sender.folder.signing);
  }

  async function forgedParts(liar: Liar, request: CeremonyRequest, parts: readonly Uint8Array[]) {
    const place = { plan: planHash, attempt: request.attempt, from: liar.number };
    const { signing } = liar.steward.folder;
    const [first] = parts;
    if (first === undefined) return parts;
    if (request.step === "open") {
      const key = `${liar.number}/${request.attempt}`;
      opened.set(key, (opened.get(key) ?? 0) + 1);
      const forged = broadcastOf(liar, place, broadcasts.reopen(first), opened.get(key) as number);
      if (forged === undefined) return parts;
      truth.set(key, { told: first, forged });
      return [forged];
    }
    if (request.step === "deal" && liar.lie === "wrong share") {
      const { to } = packets.reopen(first);
      const sealKey = plan.members[to - 1]?.sealKey as Hex;
      return [packets.sign(place, await sealShare(place, to, sealKey, scalar()), signing), ...parts.slice(1)];
    }
    if (request.step === "confirm" && liar.lie === "other transcript") {
      const { verifyingShares, ...rest } = confirmations.reopen(first);
      return [confirmations.sign(place, { ...rest, verifyingShares: [point(), ...verifyingShares.slice(1)] }, signing)];
    }
    if (request.step === "sign" && liar.lie === "wrong signature") {
      return parts.map((part) => part.map((byte, i) => (i === 20 ? byte ^ 1 : byte)));
    }
    return parts;
  }

  return async (address, message, deliver) => {
    const liar = liars.find(({ steward }) => steward.provider === address.provider);
    const request = openRequest(message);
    const { step } = request;
    if (liar?.lie === undefined || step === "settle" || step === "abort") return deliver(message);
    const silent = () => new AnamnesisError("STEWARD_UNREACHABLE", { steward: address.provider });
    if (liar.lie === "silent" && step !== "join") throw silent();
    if (liar.lie === "silent at the end" && step === "sign") throw silent();
    const { signing } = liar.steward.folder;
    if (liar.lie === "false accusation" && step === "confirm") {
      const { provider, folder } = liar.steward;
      const fault = { provider: liar.victim.provider, by: provider, reason: "wrong share" } as const;
      return signReplyTo(message, { refusal: "ABORTED", fault, parts: [] }, folder.signing);
    }
    const inner = honestRequest(request, liar);
    const reply = openReplyTo(inner, await deliver(inner), address.signingKey);
    // A liar names nobody by mistake.
    if (reply.refusal !== null) throw silent();
    const parts = step === "join" ? reply.parts : await forgedParts(liar, request, reply.parts);
    return signReplyTo(message, { refusal: null, fault: null, parts }, signing);
  };
}
