import { id } from "ethers";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import { everythingRevocationData, patientRegistrationData } from "../../../sdk/src/typed-data/index.ts";
import type { Call, Scenario } from "../scenario.ts";
import { consentToClinic } from "./consents.ts";
import type { Verb, Way } from "./verb.ts";

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

export const patientVerbs: readonly Verb[] = [
  { id: "register-patient", what: "register a patient", call: (s) => register(s, "direct") },
  { id: "register-patient-signed", what: "register a patient, signed", call: (s) => register(s, "signed") },
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
];
