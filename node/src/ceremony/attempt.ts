import { type Committee, type Hex, keyIdOf, type SigningContract, toHex } from "@anamnesis/sdk/internal";
import { isSignedAs, publicationData } from "./account-signature.ts";
import { type Asked, type Coordinator, faultsIn, type Participant } from "./coordinator.ts";
import type { CeremonyFault, CeremonyStep, PartPlace } from "./messages.ts";
import { broadcasts, type Confirmation, confirmations, packets } from "./parts.ts";
import { type CeremonyPlan, committeeOf } from "./plan.ts";
import { type Contributor, roundsOf } from "./rounds.ts";

/** What StewardCommittee.publish takes. */
export interface CommitteePublication {
  readonly committee: Committee;
  /** `signatures[i]` is of member i. */
  readonly signatures: readonly Hex[];
  /** Of members of the committee before, by their places there; none for a network's very first. */
  readonly endorsements: readonly { readonly index: number; readonly signature: Hex }[];
}

export interface AttemptParameters {
  readonly coordinator: Coordinator;
  readonly plan: CeremonyPlan;
  readonly planHash: Hex;
  readonly previous: Committee | null;
  readonly contract: SigningContract;
  readonly participants: readonly Participant[];
  readonly number: number;
  readonly dealers: readonly number[];
  /** Each member's word for the plan. */
  readonly vouchers: readonly Uint8Array[];
  readonly onStep?: ((step: CeremonyStep) => void) | undefined;
}

export type AttemptOutcome =
  | { readonly publication: CommitteePublication; readonly faults: readonly [] }
  | { readonly publication: undefined; readonly faults: readonly CeremonyFault[]; readonly isSigning: boolean };

/** Thrown inside an attempt only: it is over, for these reasons. */
class Ended {
  readonly faults: readonly CeremonyFault[];
  readonly isSigning: boolean;
  constructor(faults: readonly CeremonyFault[], isSigning = false) {
    this.faults = faults;
    this.isSigning = isSigning;
  }
}

/** The steps of one attempt in order, each asked of all at once. Asked again, members say the same again. */
export async function runAttempt(parameters: AttemptParameters): Promise<AttemptOutcome> {
  const { coordinator, plan, planHash, previous, participants, number, dealers, onStep } = parameters;
  const rounds = roundsOf(plan, previous, dealers);
  const members = participants.filter(({ member }) => member > 0).sort((a, b) => a.member - b.member);
  const active = participants.filter(({ member, former }) => member > 0 || dealers.includes(former));
  const isContributor = (who: Participant) => rounds.contributors.find(({ provider }) => provider === who.provider);
  const placeOf = (from: number): PartPlace => ({ plan: planHash, attempt: number, from });

  async function askAll(
    step: CeremonyStep,
    who: readonly Participant[],
    partsFor: (who: Participant) => readonly Uint8Array[],
  ): Promise<readonly (Asked & { readonly parts: readonly Uint8Array[] })[]> {
    onStep?.(step);
    const asked = await Promise.all(
      who.map((each) => coordinator.ask(each, { attempt: number, step, parts: partsFor(each), dealers })),
    );
    const faults = faultsIn(asked);
    if (faults.length > 0) throw new Ended(faults, step === "sign");
    return asked.map((each) => ({ ...each, parts: each.reply?.parts ?? [] }));
  }

  /** What each one's answer must hold, or it is at fault. */
  function each<A extends Asked & { readonly parts: readonly Uint8Array[] }, T>(
    asked: readonly A[],
    read: (answer: A) => T | undefined,
    reason: "wrong answer" | "wrong signature" = "wrong answer",
  ): readonly T[] {
    const given = asked.map((answer) => ({ answer, value: read(answer) }));
    const wrong = given.filter(({ value }) => value === undefined);
    if (wrong.length > 0)
      throw new Ended(
        wrong.map(({ answer }) => coordinator.faultOf(answer.who, reason)),
        reason === "wrong signature",
      );
    return given.map(({ value }) => value as T);
  }

  async function broadcastRound(): Promise<readonly Uint8Array[]> {
    const opened = await askAll("open", active, () => parameters.vouchers);
    const given = each(opened, ({ who, parts }) => {
      const own = isContributor(who);
      if (own === undefined) return { number: 0, part: new Uint8Array() };
      const [part] = parts;
      const holds = part && broadcasts.open(part, placeOf(own.number), own.signingKey);
      return holds && { number: own.number, part };
    });
    return rounds.contributors.map(
      (contributor) => given.find((one) => one.number === contributor.number)?.part as Uint8Array,
    );
  }

  /** Each member's packets, in the order of those who dealt them. */
  async function dealRound(told: readonly Uint8Array[]): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
    const dealt = await askAll("deal", active, () => told);
    const byMember = new Map<number, { from: Contributor; part: Uint8Array }[]>();
    each(dealt, ({ who, parts }) => {
      const from = isContributor(who);
      if (from === undefined || parts.length === 0) return true;
      const opened = parts.map((part) => packets.open(part, placeOf(from.number), from.signingKey));
      const expected = members.filter(({ provider }) => rounds.isDealtToSelf || provider !== from.provider);
      const isWhole =
        opened.length === expected.length && opened.every((packet, i) => packet?.to === expected[i]?.member);
      if (!isWhole) return undefined;
      for (const [i, { member }] of expected.entries()) {
        byMember.set(member, [...(byMember.get(member) ?? []), { from, part: parts[i] as Uint8Array }]);
      }
      return true;
    });
    const order = rounds.contributors;
    return new Map(
      [...byMember].map(([member, all]) => [
        member,
        all.toSorted((a, b) => order.indexOf(a.from) - order.indexOf(b.from)).map(({ part }) => part),
      ]),
    );
  }

  async function confirmRound(dealt: ReadonlyMap<number, readonly Uint8Array[]>) {
    const confirmed = await askAll("confirm", members, ({ member }) => dealt.get(member) ?? []);
    const given = each(confirmed, ({ who, parts: [part] }) => {
      const body = part && confirmations.open(part, placeOf(who.member), who.signingKey);
      return body && { part, body };
    });
    return { parts: given.map(({ part }) => part), first: (given[0] as { readonly body: Confirmation }).body };
  }

  try {
    const told = await broadcastRound();
    const { parts, first } = await confirmRound(await dealRound(told));
    const committee = committeeOf(plan, { ...first, keyId: keyIdOf(first.groupKey) });
    const statement = publicationData(parameters.contract, committee);
    const signed = await askAll("sign", active, () => parts);
    const given = each(
      signed,
      ({ who, parts: [signature, endorsement] }) => {
        const account = plan.members[who.member - 1]?.account;
        const formerAccount = dealers.includes(who.former) ? previous?.members[who.former - 1]?.account : undefined;
        const mine = toHex(signature ?? new Uint8Array());
        const endorsed = toHex(endorsement ?? new Uint8Array());
        const holds =
          (account === undefined || isSignedAs(account, statement, mine)) &&
          (formerAccount === undefined || isSignedAs(formerAccount, statement, endorsed));
        return holds ? { who, signature: mine, endorsement: formerAccount && endorsed } : undefined;
      },
      "wrong signature",
    );
    const ofMembers = given.filter(({ who }) => who.member > 0).sort((a, b) => a.who.member - b.who.member);
    const endorsements = given
      .flatMap(({ who, endorsement }) =>
        endorsement === undefined ? [] : [{ index: who.former - 1, signature: endorsement }],
      )
      .sort((a, b) => a.index - b.index);
    const signatures = ofMembers.map(({ signature }) => signature);
    return { publication: { committee, signatures, endorsements }, faults: [] };
  } catch (ended) {
    if (!(ended instanceof Ended)) throw ended;
    return { publication: undefined, faults: ended.faults, isSigning: ended.isSigning };
  }
}
