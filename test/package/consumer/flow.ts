/** What an application does with the installed SDK, the same under Node and in a page. */
import {
  type Capabilities,
  createClient,
  createKeyring,
  type Deployment,
  isAnamnesisError,
  type ProviderId,
  type SignerLike,
  withActions,
} from "@anamnesis/sdk";
import { reachNetwork } from "./network.ts";

/** The README's example. */
export type Share = (
  network: { deployment: Deployment } & Pick<Capabilities, "storage" | "stewards">,
  patientWallet: SignerLike,
  doctorWallet: SignerLike,
  clinic: ProviderId,
  content: { resourceType: string },
) => Promise<void>;

type Place = Awaited<ReturnType<typeof reachNetwork>>;

const laboratoryResult = {
  resourceType: "Observation",
  status: "final",
  category: [
    { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] },
  ],
  code: { coding: [{ system: "http://loinc.org", code: "718-7", display: "Hemoglobin" }], text: "Hemoglobin" },
  subject: { reference: "Patient/1" },
  effectiveDateTime: "2026-03-02T09:30:00Z",
  valueQuantity: { value: 13.4, unit: "g/dL", system: "http://unitsofmeasure.org", code: "g/dL" },
};

export interface Outcome {
  /** Lines the README's example printed. */
  readonly printed: readonly string[];
  readonly labels: readonly string[];
  readonly beforeConsent: string;
  readonly readBack: unknown;
  /** Code of the error when an open chart is read after the revocation. */
  readonly readAfterRevoking: string;
  readonly afterRevoking: string;
  readonly trail: readonly string[];
}

async function runExample(share: Share, { network, patients, doctor, clinic }: Place): Promise<readonly string[]> {
  const [patient] = patients;
  if (patient === undefined) throw new Error("No patient is left.");
  const printed: string[] = [];
  const { log } = console;
  console.log = (line: unknown) => void printed.push(String(line));
  try {
    await share(network, patient, doctor, clinic, laboratoryResult);
  } finally {
    console.log = log;
  }
  return printed;
}

/** Register → denied → grant → add → open → read → revoke → denied, with every value looked at by the caller. */
async function runFlow({ network, patients, doctor: doctorWallet, clinic }: Place): Promise<Omit<Outcome, "printed">> {
  const alice = withActions(await createClient({ ...network, signer: patients[1], keyring: createKeyring() }));
  const doctor = withActions(await createClient({ ...network, signer: doctorWallet }));
  const { patient } = await alice.identity.registerPatient();
  const request = { patient, via: clinic, purpose: "treatment", labels: ["laboratory"] } as const;
  const consent = { patient, grantee: clinic, purpose: "treatment" } as const;

  const before = await doctor.access.open(request);
  const until = new Date("2030-01-01T00:00:00Z");
  await alice.consent.grant({ ...consent, labels: ["laboratory"], actions: ["read", "write"], until });
  const { recordId, labels } = await doctor.records.add({ patient, content: laboratoryResult, via: clinic });
  const chart = await doctor.access.open(request);
  if (!chart.allowed) throw new Error(chart.words);
  const record = await chart.read(recordId);
  await alice.consent.revoke(consent);
  const readAfterRevoking = await chart.read(recordId).then(
    () => "opened",
    (error: unknown) => (isAnamnesisError(error) ? error.code : String(error)),
  );
  const after = await doctor.access.open(request);
  const trail: string[] = [];
  for await (const { kind } of alice.audit.trail({ patient })) trail.push(kind);
  return {
    labels,
    beforeConsent: before.allowed ? "opened" : before.reason,
    readBack: record.resource,
    readAfterRevoking,
    afterRevoking: after.allowed ? "opened" : after.reason,
    trail,
  };
}

/** Runs the example and the whole flow against the network behind `origin`. */
export async function runAll(origin: string, share: Share): Promise<Outcome> {
  const place = await reachNetwork(origin);
  try {
    return { printed: await runExample(share, place), ...(await runFlow(place)) };
  } finally {
    place.close();
  }
}
