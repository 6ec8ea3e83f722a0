import { expect } from "chai";
import type { PatientId, ProviderId } from "../../../sdk/src/core/ids.ts";
import { type Label, labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { denials, ethers, type Fixture, type Provider } from "../fixture.ts";

export interface Question {
  readonly patient?: PatientId;
  readonly actor?: Provider;
  /** The organisation the actor acts for. */
  readonly organisation?: Provider | undefined;
  readonly chain?: readonly Provider[];
  /** By the consent for this series. */
  readonly series?: string | undefined;
  readonly labels?: readonly Label[];
  readonly action?: number;
}

type Name = keyof typeof denials;
const names = Object.fromEntries(Object.entries(denials).map(([name, number]) => [Number(number), name as Name]));

/** Why the actor may not, by name ("none" if it may), and the tag of the path. By default: may drChen read alice's laboratory for treatment? */
export async function ask(f: Fixture, question: Question = {}): Promise<{ reason: Name; tag: string }> {
  const { actor = f.drChen, organisation, chain = [], labels = ["laboratory"] } = question;
  const via = {
    organisation: organisation?.provider ?? (ethers.ZeroHash as ProviderId),
    chain: chain.map(({ provider }) => provider),
    bySeries: question.series !== undefined,
  };
  const series = question.series ?? ethers.ZeroHash;
  const patient = question.patient ?? f.alice.patient;
  const what = [labelMask(labels), series, question.action ?? 1] as const;
  const [denial, tag] = await f.consents.decide(patient, actor.provider, via, 1, ...what);
  const [permitted, sameTag] = await f.consents.isPermitted(patient, actor.provider, via, 1, ...what);
  expect([permitted, sameTag]).to.deep.equal([denial === denials.none, tag]);
  expect(tag === ethers.ZeroHash).to.equal(denial !== denials.none);
  return { reason: names[Number(denial)] as Name, tag };
}

export const reasonOf = async (f: Fixture, question: Question = {}): Promise<Name> => (await ask(f, question)).reason;
