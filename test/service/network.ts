import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type Chart,
  type ClientWithActions,
  createKeyring,
  type Keyring,
  memoryEnvelopeStore,
  type PatientId,
  type RecordId,
} from "@anamnesis/sdk";
import type { Wallet } from "ethers";

/** Stands in the record's text, and must stand nowhere else. */
export const canary = "CANARY-potassium-4c1f";

const potassium = {
  resourceType: "Observation",
  status: "final",
  category: [
    { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] },
  ],
  code: { coding: [{ system: "http://loinc.org", code: "2823-3", display: canary }] },
  valueQuantity: { value: 4.1, unit: "mmol/L" },
};

export interface Clinic {
  readonly network: LocalNetwork;
  readonly clinic: LocalProvider;
  readonly doctor: LocalProvider;
  readonly alice: ClientWithActions;
  readonly keyring: Keyring;
  readonly wallet: Wallet;
  readonly patient: PatientId;
  readonly records: readonly RecordId[];
  /** Opens a session for what the patient shares. */
  open(by?: ClientWithActions): Promise<Chart>;
  /** What a steward wrote to its log. */
  logOf(index: number): string;
  /** What a steward counts. */
  metricsOf(index: number): Promise<string>;
}

/** A network of steward processes, a patient with records, and a doctor who may read them. */
export async function openClinic(count = 1): Promise<Clinic> {
  const network = await startLocalNetwork();
  try {
    const clinic = await network.admit({ name: "Hill Street Clinic", kind: "clinic" });
    const doctor = await network.admit({ name: "Dr. Ada Okafor", kind: "practitioner" });
    await network.affiliate(clinic, doctor);
    const keyring = createKeyring();
    const envelopes = memoryEnvelopeStore();
    const wallet = await network.account();
    const alice = await network.connect({ signer: wallet, keyring, envelopes });
    const { patient } = await alice.identity.registerPatient();
    const records: RecordId[] = [];
    for (let i = 0; i < count; i++) {
      records.push((await alice.records.add({ patient, content: { ...potassium, id: `result-${i}` } })).recordId);
    }
    const terms = { patient, grantee: clinic.provider, purpose: "treatment", labels: ["laboratory"] } as const;
    const until = new Date(Math.ceil(Date.now() / 60_000 + 120) * 60_000);
    await alice.consent.grant({ ...terms, actions: ["read"], until });
    return {
      ...{ network, clinic, doctor, alice, keyring, wallet, patient, records },
      async open(by = doctor.client) {
        const labels = ["laboratory"] as const;
        const chart = await by.access.open({ patient, via: clinic.provider, purpose: "treatment", labels });
        if (chart.allowed) return chart;
        throw new Error(chart.words);
      },
      logOf: (index) => readFileSync(join(network.directory, "stewards", String(index + 1), "steward.log"), "utf8"),
      metricsOf: async (index) => (await fetch(`${network.stewards.endpoints[index]}/metrics`)).text(),
    };
  } catch (error) {
    await network.stop();
    throw error;
  }
}

/** Waits for something that must come within half a minute. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 30_000;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error("It did not come.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The number behind a metric's name. */
export function metric(text: string, name: string): number {
  const line = text.split("\n").find((each) => each.startsWith(`${name}{`) || each.startsWith(`${name} `));
  return Number(line?.split(" ").at(-1));
}
