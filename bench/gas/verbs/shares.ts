import { purposeId } from "../../../sdk/src/core/vocabulary.ts";
import type { Call, Scenario } from "../scenario.ts";
import { consentToShare, termsFor } from "./consents.ts";
import type { Verb } from "./verb.ts";

/** The clinic passes on to the laboratory what the patient granted. */
function share(scenario: Scenario): Call {
  const { clinic } = scenario.people;
  const args = [termsFor(scenario, "laboratory"), [clinic.provider], 1, scenario.direct(clinic)];
  return scenario.call(clinic, "consentRegistry", "share", args);
}

function end(scenario: Scenario, verb: "unshare" | "cut" | "uncut"): Call {
  const { alice, clinic, laboratory } = scenario.people;
  const decider = verb === "unshare" ? clinic : alice;
  const path = [alice.patient, [clinic.provider], laboratory.provider, purposeId("treatment")];
  return scenario.call(decider, "consentRegistry", verb, [...path, scenario.direct(decider)]);
}

const shared = (s: Scenario) => [consentToShare(s), () => share(s)];

export const shareVerbs: readonly Verb[] = [
  { id: "share", what: "pass a consent on", before: (s) => [consentToShare(s)], call: share },
  { id: "unshare", what: "take back what was passed on", before: shared, call: (s) => end(s, "unshare") },
  { id: "cut", what: "cut what was passed on, by the patient", before: shared, call: (s) => end(s, "cut") },
  {
    id: "uncut",
    what: "let it grow again",
    before: (s) => [...shared(s), () => end(s, "cut")],
    call: (s) => end(s, "uncut"),
  },
];
