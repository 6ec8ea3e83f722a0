import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Committee,
  type CommitteeKey,
  checkReshare,
  concat,
  type DkgResult,
  dealReshare,
  encodeDagCbor,
  finishReshare,
  fromHex,
  type Hex,
  hkdfSha256,
  type ProviderId,
  type RandomSource,
  startDkg,
  utf8,
} from "@anamnesis/sdk/internal";
import { type FaultReason, faultReasons } from "./messages.ts";
import type { Broadcast } from "./parts.ts";
import type { CeremonyPlan } from "./plan.ts";

/** Who speaks in rounds 1 and 2: the new members, or in a reshare the dealers. */
export interface Contributor {
  readonly number: number;
  readonly provider: ProviderId;
  readonly signingKey: Hex;
}

/** One steward's part in an attempt; a number of 0 is no such part. */
export interface OwnPart {
  /** Among the contributors. */
  readonly contributor: number;
  /** Among the new members. */
  readonly member: number;
  /** 32 bytes that all of this attempt's randomness comes from, and no other's. */
  readonly seed: Uint8Array;
  /** What a dealer redistributes. */
  readonly share: Uint8Array | undefined;
}

/** The two ways to a committee's key. Each is a function of seed and messages, so that an attempt can be resumed from both. */
export interface KeyRounds {
  readonly contributors: readonly Contributor[];
  broadcast(own: OwnPart): Broadcast;
  /** Checks everybody's broadcasts, in the order of contributors; what this one deals. @throws COMMITTEE_CEREMONY_FAILED */
  deal(own: OwnPart, given: readonly Broadcast[]): readonly { readonly to: number; readonly share: Uint8Array }[];
  /** Checks what was dealt to this member. @throws COMMITTEE_CEREMONY_FAILED */
  finish(
    own: OwnPart,
    given: readonly Broadcast[],
    dealt: readonly { readonly from: number; readonly share: Uint8Array }[],
  ): DkgResult;
  /** What anybody can compute; undefined for a new key, of which only members see the outcome. */
  publicKey(given: readonly Broadcast[]): CommitteeKey | undefined;
  /** Whether a member takes its own part through the others' hands too. */
  readonly isDealtToSelf: boolean;
}

/** All that an attempt draws, from one seed: a process that was killed draws the same again. */
function streamOf(seed: Uint8Array): RandomSource {
  let drawn = 0;
  const info = utf8("anamnesis/ceremony-attempt/v1");
  return (length) => hkdfSha256({ key: seed, info: concat(info, encodeDagCbor(drawn++)), length });
}

/** Ends an attempt and names who is at fault. */
export function blame(provider: ProviderId, reason: FaultReason): never {
  throw new AnamnesisError("COMMITTEE_CEREMONY_FAILED", { steward: provider, reason });
}

/** Runs one step of the mathematics; whom it names is named by provider. */
function blaming<T>(contributors: readonly Contributor[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isAnamnesisError(error, "CRYPTO_DKG_ABORTED") && !isAnamnesisError(error, "CRYPTO_RESHARE_ABORTED"))
      throw error;
    const { member, reason } = error.details;
    const named = contributors.find(({ number }) => number === member);
    if (named === undefined) throw error;
    return blame(named.provider, faultReasons.find((each) => each === reason) ?? "wrong answer");
  }
}

function foundingRounds({ members, threshold }: CeremonyPlan): KeyRounds {
  const contributors = members.map(({ provider, signingKey }, i) => ({ number: i + 1, provider, signingKey }));
  const numbered = (given: readonly Broadcast[]) => given.map((each, i) => ({ member: i + 1, ...each }));
  const sessionOf = ({ member, seed }: OwnPart) =>
    startDkg({ member, threshold, size: members.length, random: streamOf(seed) });
  return {
    contributors,
    isDealtToSelf: false,
    broadcast: (own) => sessionOf(own).broadcast,
    deal: (own, given) => (own.member === 0 ? [] : blaming(contributors, () => sessionOf(own).deal(numbered(given)))),
    finish: (own, given, dealt) =>
      blaming(contributors, () => {
        const session = sessionOf(own);
        session.deal(numbered(given));
        return session.finish(dealt.map(({ from, share }) => ({ from, to: own.member, share })));
      }),
    publicKey: () => undefined,
  };
}

function resharingRounds(plan: CeremonyPlan, previous: Committee, dealers: readonly number[]): KeyRounds {
  const { threshold } = plan;
  const size = plan.members.length;
  const contributors = dealers.map((number) => {
    const { provider, signingKey } = previous.members[number - 1] as Committee["members"][number];
    return { number, provider, signingKey };
  });
  const epoch = {
    groupKey: fromHex(previous.groupKey),
    threshold: previous.threshold,
    verifyingShares: previous.members.map(({ verifyingShare }) => fromHex(verifyingShare)),
  };
  const transcriptOf = (given: readonly Broadcast[]) => ({
    previous: epoch,
    dealers,
    threshold,
    size,
    broadcasts: given.map(({ commitment }, i) => ({ member: dealers[i] as number, commitment })),
  });
  const dealingOf = ({ contributor, seed, share }: OwnPart) => {
    if (share === undefined) throw new AnamnesisError("STEWARD_SHARE_MISSING", { epoch: previous.epoch });
    const verifyingShare = epoch.verifyingShares[contributor - 1] as Uint8Array;
    return dealReshare({ member: contributor, share, verifyingShare, threshold, size, random: streamOf(seed) });
  };
  return {
    contributors,
    isDealtToSelf: true,
    broadcast: (own) => ({ commitment: dealingOf(own).broadcast.commitment, proof: new Uint8Array() }),
    deal(own, given) {
      blaming(contributors, () => checkReshare(transcriptOf(given)));
      return own.contributor === 0 ? [] : dealingOf(own).shares;
    },
    finish: (own, given, dealt) =>
      blaming(contributors, () => {
        const shares = dealt.map(({ from, share }) => ({ from, to: own.member, share }));
        return finishReshare({ ...transcriptOf(given), member: own.member, shares });
      }),
    publicKey: (given) => blaming(contributors, () => checkReshare(transcriptOf(given))),
  };
}

/** @param dealers Numbers of the committee before that deal, or that only endorse where a new key is made. */
export function roundsOf(plan: CeremonyPlan, previous: Committee | null, dealers: readonly number[]): KeyRounds {
  return plan.kind === "reshare" && previous !== null ? resharingRounds(plan, previous, dealers) : foundingRounds(plan);
}
