import { expect } from "chai";
import type { BaseContract } from "ethers";
import type { PatientId, ProviderId } from "../../../sdk/src/core/ids.ts";
import {
  admit,
  at,
  DAY,
  deploy,
  ethers,
  type Fixture,
  fixture,
  LIFETIME,
  networkHelpers,
  nobody,
  now,
  type Provider,
  type Signer,
  saltOf,
} from "../fixture.ts";

import { announceTrustees, land } from "../identity/patients.ts";
import { providers as names, trustees } from "./choices.ts";
import { type Deed, tell } from "./deeds.ts";
import { enact } from "./enact.ts";
import { attempt, type Decision, type Delays, type Ghost, newGhost, type Rule, type Terms } from "./ghost.ts";
import type { Item } from "./ghost-consents.ts";
import { newPerson } from "./ghost-people.ts";

/** Short, so that signatures outlive what a patient waits for. */
export const delays: Delays = { lifetime: LIFETIME, delay: 3_600, window: 2 * 3_600 };

/** `Questions.sol`. */
export interface Questions extends BaseContract {
  getAddress(): Promise<string>;
}

/** The contracts, and whose names stand for what. */
export interface World {
  readonly f: Fixture;
  readonly wallets: Readonly<Record<string, Signer>>;
  readonly providers: Readonly<Record<string, Provider>>;
  readonly patients: Readonly<Record<string, PatientId>>;
  readonly questions: Questions;
  /** What was done already, each with the second of its block. */
  readonly past: readonly { readonly deed: Deed; readonly second: number }[];
}

/** Consents that random steps then end, cut, narrow and give again. */
function beginnings(second: number): readonly Deed[] {
  const from = second - (second % 60);
  const until = from + 30 * DAY;
  const decision = (signer: string): Decision => ({
    signer,
    signedAt: second,
    deadline: second + LIFETIME,
    way: "direct",
  });
  const wide: Terms = {
    labels: ["laboratory", "medications", "mental-health"],
    actions: ["read", "write", "share"],
    from,
    until,
  };
  const reading: Terms = { labels: ["laboratory", "medications"], actions: ["read"], from, until };
  const grant = (item: Omit<Item, "patient">): Deed => ({
    verb: "grant",
    item: { patient: "alice", ...item },
    decision: decision("alice"),
  });
  const share = (chain: readonly string[], grantee: string): Deed => ({
    verb: "share",
    link: { patient: "alice", chain, grantee },
    terms: wide,
    parentSerial: 1,
    decision: decision(chain.at(-1) as string),
  });
  return [
    { verb: "appoint", patient: "alice", delegate: "proxy", kind: "proxy", until, decision: decision("alice") },
    { verb: "appoint", patient: "alice", delegate: "executor", kind: "executor", until, decision: decision("alice") },
    grant({ grantee: "clinic", purpose: "treatment", ...wide }),
    grant({ grantee: "drChen", purpose: "treatment", ...reading }),
    grant({ grantee: "hospital", purpose: "research", ...reading }),
    grant({ grantee: "clinic", purpose: "treatment", series: "series", ...reading }),
    share(["clinic"], "hospital"),
    share(["clinic"], "drChen"),
    share(["clinic", "hospital"], "laboratory"),
    share(["clinic", "hospital", "laboratory"], "drChen"),
  ];
}

async function play(): Promise<World> {
  const f = await fixture(delays);
  const all = await ethers.getSigners();
  const laboratory = await admit(f, "laboratory", "City Laboratory", all[10] as Signer);
  const { clinic, hospital, drBaker, drChen } = f;
  const providers = { clinic, hospital, laboratory, drBaker, drChen };
  const [cleo, second, third, proxy, executor, tom] = all.slice(11, 17) as [...Signer[]] & { 5: Signer };
  const own = { alice: f.alice.wallet, cleo, second, third, proxy, executor };
  const people = { mallory: f.mallory, tom, tina: f.bob.wallet, tess: all[1] as Signer };
  const keys = Object.fromEntries(Object.entries(providers).map(([name, { key }]) => [name, key]));
  await land(f, f.alice.wallet, announceTrustees(f.alice.patient, [people.tom, people.tina, people.tess], 2));
  await networkHelpers.time.increase(DAY);
  const world = {
    f,
    wallets: { ...own, ...people, ...keys } as Record<string, Signer>,
    providers: { ...providers, stranger: { provider: ethers.id("nobody's") as ProviderId, key: f.mallory, name: "" } },
    patients: {
      alice: f.alice.patient,
      cleo: (await f.patients.patientIdOf(cleo as Signer, saltOf((cleo as Signer).address))) as PatientId,
    },
    questions: await deploy<Questions>("Questions", [f.gate, f.consents]),
  };
  const past = [];
  const start = (await now()) + 1;
  for (const [index, deed] of beginnings(start).entries()) {
    const second = await at(start + index);
    expect(await enact({ ...world, past: [] }, deed)).to.equal("accepted");
    past.push({ deed, second });
  }
  return { ...world, past };
}

/** Alice with three trustees, of whom two decide; Cleo, not registered yet; `beginnings`. Dr Baker works for the clinic. */
export const loadPlay = (): Promise<World> => networkHelpers.loadFixture(play);

/** A ghost that knows what `loadPlay` did. */
export async function ghostOf({ f, past }: World, lacks?: Rule): Promise<Ghost> {
  const ghost = newGhost(delays, lacks);
  const [, asOf] = await f.providers.affiliationOf(f.clinic.provider, f.drBaker.provider);
  ghost.now = await now();
  ghost.people.set("alice", { ...newPerson("alice"), trustees, threshold: 2 });
  ghost.affiliations.set("clinic/drBaker", { status: "active", asOf: Number(asOf) });
  for (const name of names) {
    ghost.providers.set(name, { isActive: true, isPractitioner: name === "drBaker" || name === "drChen" });
  }
  for (const { deed, second } of past) attempt(ghost, second, (told) => tell(told, deed));
  return ghost;
}

export const idOf = ({ providers }: World, name: string | undefined): ProviderId =>
  name === undefined ? nobody : (providers[name] as Provider).provider;
