import { id, sha256, ZeroHash } from "ethers";
import type { KeyId, ProviderId } from "../../../sdk/src/core/ids.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import { committeePublicationData, providerAdmissionData } from "../../../sdk/src/typed-data/index.ts";
import type { Call, Scenario } from "../scenario.ts";
import type { Verb } from "./verb.ts";

const office = (scenario: Scenario, verb: string, provider: ProviderId): Call =>
  scenario.call(scenario.people.registrar, "providerRegistry", verb, [provider]);

async function admit(scenario: Scenario): Promise<Call> {
  const { newcomer, registrar } = scenario.people;
  const [name, kind, salt] = ["General Hospital", "hospital", id("salt of the hospital") as Address] as const;
  const predicted = scenario.call(newcomer, "providerRegistry", "providerIdOf", [newcomer.address, salt]);
  const provider = (await scenario.request("eth_call", predicted, "latest")) as ProviderId;
  const authorization = await scenario.signed(newcomer, "providerRegistry", (contract, times) =>
    providerAdmissionData(contract, { name, kind, provider, salt, ...times }),
  );
  const admission = [salt, 1, id(name), id("skeleton of the hospital"), ZeroHash];
  return scenario.call(registrar, "providerRegistry", "register", [admission, authorization]);
}

function affiliate(
  scenario: Scenario,
  verb: "proposeAffiliation" | "acceptAffiliation" | "endAffiliation",
  organisation: "clinic" | "laboratory",
): Call {
  const { people } = scenario;
  const signer = verb === "acceptAffiliation" ? people.drBaker : people[organisation];
  const pair = [people[organisation].provider, people.drBaker.provider];
  return scenario.call(signer, "providerRegistry", verb, [...pair, scenario.direct(signer)]);
}

async function publishCommittee(scenario: Scenario): Promise<Call> {
  const { clinic, laboratory, insurer, registrar } = scenario.people;
  const stewards = [clinic, laboratory, insurer];
  const groupKey = id("group key") as Address;
  const members = stewards.map(({ provider, address, name }) => ({
    provider,
    account: address,
    signingKey: id(`signing key of ${name}`) as Address,
    verifyingShare: id(`share of ${name}`) as Address,
    endpoint: "https://steward.example:8443",
  }));
  const publication = { keyId: sha256(groupKey) as KeyId, groupKey, epoch: 1, threshold: 2, members };
  const signatures = await Promise.all(
    stewards.map(async (steward) => {
      const [, , , signature] = await scenario.signed(steward, "stewardCommittee", (contract) =>
        committeePublicationData(contract, publication),
      );
      return signature;
    }),
  );
  return scenario.call(registrar, "stewardCommittee", "publish", [publication, signatures, []]);
}

/** What institutions and their officers do. */
export const officeVerbs: readonly Verb[] = [
  { id: "admit-provider", what: "admit a provider", isOffice: true, call: admit },
  {
    id: "suspend-provider",
    what: "suspend a provider",
    isOffice: true,
    call: (s) => office(s, "suspend", s.people.clinic.provider),
  },
  {
    id: "grant-authorship",
    what: "let a provider author",
    isOffice: true,
    call: (s) => office(s, "grantAuthorship", s.people.clinic.provider),
  },
  {
    id: "propose-affiliation",
    what: "propose an affiliation",
    isOffice: true,
    call: (s) => affiliate(s, "proposeAffiliation", "laboratory"),
  },
  {
    id: "accept-affiliation",
    what: "accept an affiliation",
    isOffice: true,
    before: (s) => [() => affiliate(s, "proposeAffiliation", "laboratory")],
    call: (s) => affiliate(s, "acceptAffiliation", "laboratory"),
  },
  {
    id: "end-affiliation",
    what: "end an affiliation",
    isOffice: true,
    call: (s) => affiliate(s, "endAffiliation", "clinic"),
  },
  { id: "publish-committee", what: "publish the first committee, of three", isOffice: true, call: publishCommittee },
];
