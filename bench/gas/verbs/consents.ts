import { ZeroHash } from "ethers";
import { type Action, actionMask, type Label, labelMask, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import { consentGrantData, consentRevocationData } from "../../../sdk/src/typed-data/index.ts";
import type { Authorization, Call, Scenario } from "../scenario.ts";
import { period, type Verb, type Way } from "./verb.ts";

const labels: readonly Label[] = ["medications", "laboratory"];
type Grantee = "clinic" | "laboratory" | "drBaker" | "insurer";

/** The consent of every measured verb: to read, unless more is said. */
export function termsFor({ people, clock }: Scenario, to: Grantee, actions: readonly Action[] = ["read"]) {
  const { from, until } = period(clock);
  const masks = [labelMask(labels), actionMask(actions)];
  return [people.alice.patient, people[to].provider, purposeId("treatment"), ...masks, from, until, ZeroHash];
}

async function grant(scenario: Scenario, way: Way, to: Grantee, actions: readonly Action[]): Promise<Call> {
  const { people, clock } = scenario;
  const { alice, relayer } = people;
  const { provider: grantee, name: recipient } = people[to];
  const { from, until } = period(clock);
  const authorization =
    way === "direct"
      ? scenario.direct(alice)
      : await scenario.signed(alice, "consentRegistry", (contract, times) =>
          consentGrantData(contract, {
            patient: alice.patient,
            grantee,
            recipient,
            purpose: "treatment",
            labels,
            actions,
            from,
            until,
            ...times,
          }),
        );
  return scenario.call(way === "direct" ? alice : relayer, "consentRegistry", "grant", [
    termsFor(scenario, to, actions),
    authorization,
  ]);
}

async function revoke(scenario: Scenario, way: Way): Promise<Call> {
  const { alice, relayer, clinic } = scenario.people;
  const grantee = clinic.provider;
  const authorization: Authorization =
    way === "signed"
      ? await scenario.signed(alice, "consentRegistry", (contract, times) =>
          consentRevocationData(contract, {
            patient: alice.patient,
            grantee,
            recipient: clinic.name,
            purpose: "treatment",
            ...times,
          }),
        )
      : scenario.direct(alice);
  const sender = way === "signed" ? relayer : alice;
  return scenario.call(sender, "consentRegistry", "revoke", [
    alice.patient,
    grantee,
    purposeId("treatment"),
    authorization,
  ]);
}

export const consentToDrBaker = (scenario: Scenario) => () => grant(scenario, "direct", "drBaker", ["read"]);
export const consentToClinic = (scenario: Scenario) => () => grant(scenario, "direct", "clinic", ["read"]);
export const consentToLaboratory = (scenario: Scenario) => () =>
  grant(scenario, "direct", "laboratory", ["read", "write"]);

export const consentToShare = (scenario: Scenario) => () => grant(scenario, "direct", "clinic", ["read", "share"]);

export const consentVerbs: readonly Verb[] = [
  { id: "grant", what: "grant, new", call: (s) => grant(s, "direct", "clinic", ["read"]) },
  { id: "grant-signed", what: "grant, new, signed", call: (s) => grant(s, "signed", "clinic", ["read"]) },
  {
    id: "grant-renewed",
    what: "grant, renewed",
    before: (s) => [consentToClinic(s)],
    call: (s) => grant(s, "direct", "clinic", ["read"]),
  },
  {
    id: "revoke",
    what: "revoke",
    before: (s) => [consentToClinic(s)],
    call: (s) => revoke(s, "direct"),
  },
  {
    id: "revoke-signed",
    what: "revoke, signed",
    before: (s) => [consentToClinic(s)],
    call: (s) => revoke(s, "signed"),
  },
];
