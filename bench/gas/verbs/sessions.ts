import { id, ZeroHash } from "ethers";
import { noId, type ProviderId } from "../../../sdk/src/core/ids.ts";
import { actionMask, labelMask, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import type { Call, Scenario } from "../scenario.ts";
import { consentToClinic, consentToDrBaker } from "./consents.ts";
import type { Verb } from "./verb.ts";

const directPath = [noId, [], false] as const;
const through = (organisation: ProviderId) => [organisation, [], false] as const;

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

function isPermitted(scenario: Scenario): Call {
  const { alice, clinic, drBaker } = scenario.people;
  const path = [alice.patient, drBaker.provider, through(clinic.provider)];
  const asked = [purposeId("treatment"), labelMask(["laboratory"]), ZeroHash, actionMask(["read"])];
  return scenario.call(drBaker, "consentRegistry", "isPermitted", [...path, ...asked]);
}

function sayOfAccess(scenario: Scenario, verb: "disputeAccess" | "withdrawAccessDispute"): Call {
  const { alice } = scenario.people;
  return scenario.call(alice, "accessGate", verb, [alice.patient, id("session"), scenario.direct(alice)]);
}

export const sessionVerbs: readonly Verb[] = [
  {
    id: "is-permitted",
    what: "check a permission, through an organisation",
    isQuestion: true,
    before: (s) => [consentToClinic(s)],
    call: isPermitted,
  },
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
  { id: "dispute-access", what: "dispute an access", call: (s) => sayOfAccess(s, "disputeAccess") },
  {
    id: "withdraw-access-dispute",
    what: "withdraw the dispute of an access",
    before: (s) => [() => sayOfAccess(s, "disputeAccess")],
    call: (s) => sayOfAccess(s, "withdrawAccessDispute"),
  },
];
