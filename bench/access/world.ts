import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import { createKeyring, memoryEnvelopeStore, type PatientId, type ProviderId, type RecordId } from "@anamnesis/sdk";
import { inThreeMonths } from "../../scripts/demo/in-three-months.ts";

export interface AccessWorld {
  readonly network: LocalNetwork;
  readonly patient: PatientId;
  readonly clinic: LocalProvider;
  /** Each reads through the clinic: several, so that no one provider's limit is what is measured. */
  readonly doctors: readonly LocalProvider[];
  /** A record of `SIZE` bytes each. */
  readonly records: readonly RecordId[];
  stop(): Promise<void>;
}

export const SIZE = 65_536;

function document(index: number) {
  const bytes = crypto.getRandomValues(new Uint8Array(SIZE));
  return { bytes, mediaType: "application/octet-stream", title: `Document ${index}`, labels: ["laboratory"] } as const;
}

/** A network with blocks every second, and never between: one patient, a clinic, its doctors and some records. */
export async function openWorld(options: { readonly doctors: number; readonly records: number }): Promise<AccessWorld> {
  const network = await startLocalNetwork({ blockInterval: { auto: false, milliseconds: 1_000 } });
  try {
    const [clinic, ...doctors] = await Promise.all([
      network.admit({ name: "Harbour Clinic", kind: "clinic" }),
      ...Array.from({ length: options.doctors }, (_, index) =>
        network.admit({ name: `Doctor ${index + 1}`, kind: "practitioner" }),
      ),
    ]);
    await Promise.all(doctors.map((doctor) => network.affiliate(clinic, doctor)));
    const wallet = await network.account();
    const [keyring, envelopes] = [await createKeyring(), memoryEnvelopeStore()];
    const owner = await network.connect({ signer: wallet, keyring, envelopes });
    const { patient } = await owner.identity.registerPatient();
    const grantee: ProviderId = clinic.provider;
    const consent = { patient, grantee, labels: ["laboratory"], until: inThreeMonths() } as const;
    await owner.consent.grant({ ...consent, purpose: "treatment", actions: ["read", "write"] });
    const records = await Promise.all(
      Array.from({ length: options.records }, async (_, index) => {
        const { recordId } = await owner.records.add({ patient, content: document(index) });
        return recordId;
      }),
    );
    return { network, patient, clinic, doctors, records, stop: () => network.stop() };
  } catch (error) {
    await network.stop();
    throw error;
  }
}
