import type { Call, Scenario } from "../scenario.ts";
import { termsFor } from "./consents.ts";
import type { Verb } from "./verb.ts";

function decide(scenario: Scenario, verb: "exclude" | "readmit" | "mute"): Call {
  const { alice, insurer } = scenario.people;
  return scenario.call(alice, "consentRegistry", verb, [alice.patient, insurer.provider, scenario.direct(alice)]);
}

function requestConsent(scenario: Scenario): Call {
  const { clinic } = scenario.people;
  const args = [termsFor(scenario, "clinic"), scenario.direct(clinic)];
  return scenario.call(clinic, "consentRegistry", "requestConsent", args);
}

/** What is decided about a provider, and what a provider asks. */
export const providerVerbs: readonly Verb[] = [
  { id: "exclude", what: "shut a provider out", call: (s) => decide(s, "exclude") },
  {
    id: "readmit",
    what: "let a provider back in",
    before: (s) => [() => decide(s, "exclude")],
    call: (s) => decide(s, "readmit"),
  },
  { id: "mute", what: "refuse the requests of a provider", call: (s) => decide(s, "mute") },
  { id: "request-consent", what: "ask for consent", call: requestConsent },
];
