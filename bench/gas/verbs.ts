import { id, sha256, ZeroHash } from "ethers";
import {
  type KeyId,
  noId,
  type PatientId,
  type ProviderId,
  type RecordId,
  type SeriesId,
} from "../../sdk/src/core/ids.ts";
import type { Address } from "../../sdk/src/core/types.ts";
import { actionMask, type Label, labelMask, purposeId } from "../../sdk/src/core/vocabulary.ts";
import {
  committeePublicationData,
  consentGrantData,
  consentRevocationData,
  everythingRevocationData,
  patientRegistrationData,
  providerAdmissionData,
  recordAnchorData,
  recordRetractionData,
  seriesDecisionData,
  seriesRestrictionData,
} from "../../sdk/src/typed-data/index.ts";
import type { Authorization, Call, Scenario } from "./scenario.ts";

/** One measured transaction. `before` sets its scene, in transactions of their own. */
export interface Verb {
  readonly id: string;
  readonly what: string;
  /** Used now and then, mostly by institutions: measured, but without a floor. */
  readonly isOffice?: boolean;
  readonly note?: string;
  readonly before?: (scenario: Scenario) => readonly (() => Promise<Call> | Call)[];
  readonly call: (scenario: Scenario) => Promise<Call> | Call;
}

const DAY = 86_400;
const labels: readonly Label[] = ["medications", "laboratory"];
const record = id("record") as RecordId;
const directPath = [noId, [], false] as const;
const through = (organisation: ProviderId) => [organisation, [], false] as const;

type Way = "direct" | "signed";

/** A whole minute before every block of the scenario, and one a month later. */
const period = (clock: number) => ({ from: clock - (clock % DAY), until: clock - (clock % DAY) + 30 * DAY });

async function grant(
  scenario: Scenario,
  way: Way,
  to: "clinic" | "laboratory" | "drBaker",
  actions: readonly ("read" | "write")[],
): Promise<Call> {
  const { people, clock } = scenario;
  const { alice, relayer } = people;
  const { provider: grantee, name: recipient } = people[to];
  const { from, until } = period(clock);
  const terms = [
    alice.patient,
    grantee,
    purposeId("treatment"),
    labelMask(labels),
    actionMask(actions),
    from,
    until,
    ZeroHash,
  ];
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
  return scenario.call(way === "direct" ? alice : relayer, "consentRegistry", "grant", [terms, authorization]);
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

async function register(scenario: Scenario, way: Way): Promise<Call> {
  const { newcomer, relayer } = scenario.people;
  const salt = id("salt of the newcomer");
  const ownerKeyHash = id("owner key of the newcomer") as Address;
  const predicted = scenario.call(newcomer, "patientRegistry", "patientIdOf", [newcomer.address, salt]);
  const patient = (await scenario.request("eth_call", predicted, "latest")) as PatientId;
  const authorization =
    way === "direct"
      ? scenario.direct(newcomer)
      : await scenario.signed(newcomer, "patientRegistry", (contract, times) =>
          patientRegistrationData(contract, { patient, ownerKeyHash, ...times }),
        );
  return scenario.call(way === "direct" ? newcomer : relayer, "patientRegistry", "register", [
    salt,
    ownerKeyHash,
    authorization,
  ]);
}

async function revokeAll(scenario: Scenario, way: Way): Promise<Call> {
  const { alice, relayer } = scenario.people;
  const { patient } = alice;
  const authorization =
    way === "direct"
      ? scenario.direct(alice)
      : await scenario.signed(alice, "patientRegistry", (contract, times) =>
          everythingRevocationData(contract, { patient, ...times }),
        );
  return scenario.call(way === "direct" ? alice : relayer, "patientRegistry", "revokeAll", [patient, authorization]);
}

async function anchor(scenario: Scenario, way: Way, author: "alice" | "laboratory"): Promise<Call> {
  const { people } = scenario;
  const { patient } = people.alice;
  const purpose = author === "alice" ? "patient-request" : "treatment";
  const authorization =
    way === "direct"
      ? scenario.direct(people[author])
      : await scenario.signed(people[author], "recordRegistry", (contract, times) =>
          recordAnchorData(contract, { patient, recordId: record, labels: ["laboratory"], purpose, via: {}, ...times }),
        );
  const args = [patient, record, labelMask(["laboratory"]), purposeId(purpose), directPath, authorization];
  return scenario.call(way === "direct" ? people[author] : people.relayer, "recordRegistry", "anchor", args);
}

async function retract(scenario: Scenario, way: Way, by: "alice" | "laboratory"): Promise<Call> {
  const { people } = scenario;
  const author = by === "alice" ? people.alice.patient : people.laboratory.provider;
  const authorization =
    way === "direct"
      ? scenario.direct(people[by])
      : await scenario.signed(people[by], "recordRegistry", (contract, times) =>
          recordRetractionData(contract, { recordId: record, author, ...times }),
        );
  return scenario.call(way === "direct" ? people[by] : people.relayer, "recordRegistry", "retract", [
    record,
    author,
    authorization,
  ]);
}

type SeriesVerb = "restrict" | "dispute" | "requestErasure";

async function decideSeries(scenario: Scenario, way: Way, verb: SeriesVerb): Promise<Call> {
  const { alice, relayer } = scenario.people;
  const [patient, series] = [alice.patient, id("series") as SeriesId];
  const authorization =
    way === "direct"
      ? scenario.direct(alice)
      : await scenario.signed(alice, "recordRegistry", (contract, times) =>
          verb === "restrict"
            ? seriesRestrictionData(contract, { decision: verb, patient, series, labels: ["mental-health"], ...times })
            : seriesDecisionData(contract, {
                decision: verb === "dispute" ? verb : "request-erasure",
                patient,
                series,
                ...times,
              }),
        );
  const added = verb === "restrict" ? [labelMask(["mental-health"])] : [];
  const args = [patient, series, ...added, authorization];
  return scenario.call(way === "direct" ? alice : relayer, "recordRegistry", verb, args);
}

type Caller = "drBaker" | "clinic" | "laboratory" | "insurer";

/** `drBaker` and `clinic` ask for drBaker through the clinic, the others for themselves. */
function openSession(scenario: Scenario, caller: Caller): Call {
  const { people, clock } = scenario;
  const isThroughClinic = caller === "drBaker" || caller === "clinic";
  const request = [
    people.alice.patient,
    isThroughClinic ? people.drBaker.provider : people[caller].provider,
    isThroughClinic ? through(people.clinic.provider) : directPath,
    purposeId(caller === "insurer" ? "payment" : "treatment"),
    labelMask(["laboratory"]),
    ZeroHash,
    id("session keys"),
    clock + 3_600,
  ];
  return scenario.call(people[caller], "accessGate", "openSession", [request]);
}

/** A practitioner who asks for herself, with a consent of her own. */
function openOwnSession(scenario: Scenario): Call {
  const { alice, drBaker } = scenario.people;
  const request = [
    alice.patient,
    drBaker.provider,
    directPath,
    purposeId("treatment"),
    labelMask(["laboratory"]),
    ZeroHash,
    id("session keys"),
    scenario.clock + 3_600,
  ];
  return scenario.call(drBaker, "accessGate", "openSession", [request]);
}

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

const consentToDrBaker = (scenario: Scenario) => () => grant(scenario, "direct", "drBaker", ["read"]);
const consentToClinic = (scenario: Scenario) => () => grant(scenario, "direct", "clinic", ["read"]);
const consentToLaboratory = (scenario: Scenario) => () => grant(scenario, "direct", "laboratory", ["read", "write"]);

/** Every verb a patient or a clinician uses, each from a scene where nothing of its own was ever stored unless it says so. */
export const verbs: readonly Verb[] = [
  { id: "register-patient", what: "register a patient", call: (s) => register(s, "direct") },
  { id: "register-patient-signed", what: "register a patient, signed", call: (s) => register(s, "signed") },
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
  {
    id: "revoke-all",
    what: "revoke everything",
    before: (s) => [consentToClinic(s)],
    call: (s) => revokeAll(s, "direct"),
  },
  {
    id: "revoke-all-signed",
    what: "revoke everything, signed",
    before: (s) => [consentToClinic(s)],
    call: (s) => revokeAll(s, "signed"),
  },
  { id: "anchor-own", what: "anchor, the patient's own", call: (s) => anchor(s, "direct", "alice") },
  {
    id: "anchor",
    what: "anchor, by an author with consent",
    before: (s) => [consentToLaboratory(s)],
    call: (s) => anchor(s, "direct", "laboratory"),
  },
  {
    id: "anchor-signed",
    what: "anchor, by an author, signed",
    before: (s) => [consentToLaboratory(s)],
    call: (s) => anchor(s, "signed", "laboratory"),
  },
  {
    id: "restrict",
    what: "restrict a series",
    call: (s) => decideSeries(s, "direct", "restrict"),
  },
  { id: "restrict-signed", what: "restrict a series, signed", call: (s) => decideSeries(s, "signed", "restrict") },
  { id: "dispute", what: "dispute a series", call: (s) => decideSeries(s, "direct", "dispute") },
  { id: "dispute-signed", what: "dispute a series, signed", call: (s) => decideSeries(s, "signed", "dispute") },
  {
    id: "request-erasure",
    what: "ask for the erasure of a series",
    isOffice: true,
    call: (s) => decideSeries(s, "direct", "requestErasure"),
  },
  { id: "retract", what: "retract, by an author", call: (s) => retract(s, "direct", "laboratory") },
  { id: "retract-own", what: "retract, the patient's own", call: (s) => retract(s, "direct", "alice") },
  { id: "retract-signed", what: "retract, by an author, signed", call: (s) => retract(s, "signed", "laboratory") },
  {
    id: "open-session",
    what: "open a session, through an organisation",
    before: (s) => [consentToClinic(s)],
    call: (s) => openSession(s, "drBaker"),
  },
  {
    id: "open-session-stated",
    what: "open a session, stated by the organisation",
    before: (s) => [consentToClinic(s)],
    call: (s) => openSession(s, "clinic"),
  },
  {
    id: "open-session-own",
    what: "open a session, as a practitioner with consent",
    note: "one more call, for the actor's kind",
    before: (s) => [consentToDrBaker(s)],
    call: openOwnSession,
  },
  {
    id: "open-session-denied",
    what: "a session denied, the first of the caller",
    call: (s) => openSession(s, "insurer"),
  },
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
