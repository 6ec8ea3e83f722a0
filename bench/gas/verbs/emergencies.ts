import { id } from "ethers";
import { defaultLimits } from "../../../node/src/deploy/parameters.ts";
import { emergencyReasons } from "../../../sdk/src/core/reasons.ts";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { emergencyCoSignatureData } from "../../../sdk/src/typed-data/index.ts";
import type { Call, ProviderActor, Scenario } from "../scenario.ts";
import type { Verb } from "./verb.ts";

const labels = ["medications", "laboratory"] as const;
const sessionKeyHash = id("session keys") as `0x${string}`;
const [reason] = emergencyReasons;

/** What the emergency officer decides takes effect after a delay: the scene is set that much later. */
async function permit(scenario: Scenario, { provider }: ProviderActor): Promise<Call> {
  const { registrar } = scenario.people;
  const call = scenario.call(registrar, "providerRegistry", "grantEmergency", [provider]);
  await scenario.send(scenario.call(registrar, "accessManager", "schedule", [call.to, call.data, 0]));
  scenario.clock += defaultLimits.emergencyDelay;
  return call;
}

/** A colleague of Dr Baker's, who may confirm emergencies. */
async function admitColleague(scenario: Scenario): Promise<ProviderActor> {
  const colleague = await scenario.admit("Dr Max Cole", "practitioner", scenario.people.newcomer);
  await scenario.send(await permit(scenario, colleague));
  return colleague;
}

async function open(scenario: Scenario): Promise<Call> {
  const { alice, drBaker } = scenario.people;
  const colleague = await admitColleague(scenario);
  const from = scenario.clock - (scenario.clock % 60);
  const until = from + 3_600;
  const { patient } = alice;
  const coSignature = await scenario.signed(colleague, "accessGate", (contract, times) =>
    emergencyCoSignatureData(contract, {
      patient,
      actor: drBaker.provider,
      colleague: drBaker.name,
      coSigner: colleague.provider,
      reason: reason.name,
      labels,
      from,
      until,
      sessionKeyHash,
      ...times,
    }),
  );
  const request = [patient, labelMask(labels), reason.id, sessionKeyHash, from, until];
  return scenario.call(drBaker, "accessGate", "openEmergencySession", [request, coSignature]);
}

/** Breaking the glass. */
export const emergencyVerbs: readonly Verb[] = [
  {
    id: "open-emergency-signed",
    what: "open an emergency session, co-signed",
    before: (s) => [() => permit(s, s.people.drBaker)],
    call: open,
  },
];
