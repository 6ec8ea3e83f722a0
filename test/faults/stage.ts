import type { LocalNetwork, LocalProvider } from "@anamnesis/node";
import {
  type Chart,
  type ClientWithActions,
  type ContentStore,
  createClient,
  createKeyring,
  memoryEnvelopeStore,
  type PatientId,
  type RecordId,
  type StewardTransport,
  withActions,
} from "@anamnesis/sdk";
import { type Committee, committeeOf } from "@anamnesis/sdk/internal";
import { inThreeMonths } from "../../scripts/demo/in-three-months.ts";

/** A record, and what must be read where it opens. */
export interface KnownRecord {
  readonly recordId: RecordId;
  readonly text: string;
  /** Places of the stewards that acknowledged its envelope. */
  readonly acknowledgedBy: readonly number[];
}

/** A network in use: a patient with records, and a doctor who may read them. */
export interface Stage {
  readonly network: LocalNetwork;
  readonly committee: Committee;
  readonly alice: ClientWithActions;
  readonly patient: PatientId;
  readonly clinic: LocalProvider;
  readonly doctor: LocalProvider;
  /** The first ones, acknowledged by every steward. */
  readonly records: readonly KnownRecord[];
  add(text: string): Promise<KnownRecord>;
  /** Lets the clinic's people read, once more or again. */
  grant(): Promise<void>;
  revoke(): Promise<void>;
  /** A chart that asks the stewards over this transport; `now` dates its questions, `storage` holds the bodies. */
  chart(over: ChartOver): Promise<Chart>;
}

export interface ChartOver {
  readonly stewards?: StewardTransport;
  readonly now?: () => number;
  readonly storage?: ContentStore;
}

export async function prepareStage(network: LocalNetwork, count = 3): Promise<Stage> {
  const clinic = await network.admit({ name: "Hill Street Clinic", kind: "clinic" });
  const doctor = await network.admit({ name: "Dr. Ada Okafor", kind: "practitioner" });
  await network.affiliate(clinic, doctor);
  const capabilities = { keyring: createKeyring(), envelopes: memoryEnvelopeStore() };
  const alice = await network.connect({ signer: await network.account(), ...capabilities });
  const { patient } = await alice.identity.registerPatient();
  const terms = { patient, grantee: clinic.provider, purpose: "treatment" } as const;
  async function grant(): Promise<void> {
    await alice.consent.grant({ ...terms, labels: ["laboratory"], actions: ["read"], until: inThreeMonths() });
  }
  await grant();

  async function add(text: string): Promise<KnownRecord> {
    const bytes = new TextEncoder().encode(text);
    const content = { bytes, mediaType: "text/plain", title: "Result", labels: ["laboratory"] } as const;
    const { recordId, verdicts } = await alice.records.add({ patient, content });
    const acknowledgedBy = verdicts.filter(({ verdict }) => verdict === "valid").map(({ steward }) => steward);
    return { recordId, text, acknowledgedBy };
  }
  const records: KnownRecord[] = [];
  for (let index = 0; index < count; index++) records.push(await add(`Result ${index}`));

  const { deployment, storage } = network;
  const { signer } = doctor;
  return {
    network,
    committee: await committeeOf(alice.client),
    alice,
    patient,
    clinic,
    doctor,
    records,
    add,
    grant,
    async revoke() {
      await alice.consent.revoke(terms);
    },
    async chart(over) {
      const reader = withActions(await createClient({ deployment, storage, signer, ...over }));
      const chart = await reader.access.open({
        patient,
        via: clinic.provider,
        purpose: "treatment",
        labels: ["laboratory"],
      });
      if (!chart.allowed) throw new Error(`The chain refused a session under a fresh consent: ${chart.reason}`);
      return chart;
    },
  };
}
