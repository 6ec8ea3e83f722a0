import { id } from "ethers";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import type { Call, Scenario } from "../scenario.ts";
import { period, type Verb } from "./verb.ts";

/** `DelegateKind.Proxy` of the contract. */
const PROXY = 2;

function appoint(scenario: Scenario): Call {
  const { alice, newcomer } = scenario.people;
  const args = [alice.patient, newcomer.address, PROXY, period(scenario.clock).until, scenario.direct(alice)];
  return scenario.call(alice, "patientRegistry", "appointDelegate", args);
}

function dismiss(scenario: Scenario): Call {
  const { alice, newcomer } = scenario.people;
  const args = [alice.patient, newcomer.address, scenario.direct(alice)];
  return scenario.call(alice, "patientRegistry", "dismissDelegate", args);
}

function optOut(scenario: Scenario): Call {
  const { alice } = scenario.people;
  return scenario.call(alice, "patientRegistry", "optOutOfEmergency", [alice.patient, scenario.direct(alice)]);
}

function openSession(scenario: Scenario): Call {
  const { alice, newcomer } = scenario.people;
  const asked = [alice.patient, labelMask(["laboratory"]), id("series"), id("session keys"), scenario.clock + 3_600];
  return scenario.call(newcomer, "accessGate", "openDelegateSession", [asked]);
}

/** Who acts for a patient, and whether emergencies open anything. */
export const delegateVerbs: readonly Verb[] = [
  { id: "appoint-delegate", what: "appoint a proxy", call: appoint },
  { id: "dismiss-delegate", what: "dismiss a proxy", before: (s) => [() => appoint(s)], call: dismiss },
  { id: "opt-out", what: "opt out of emergencies", call: optOut },
  {
    id: "open-session-delegate",
    what: "open a session, as a proxy",
    before: (s) => [() => appoint(s)],
    call: openSession,
  },
];
