import { join } from "node:path";
import { type LocalNetwork, type LocalProvider, sqliteEnvelopeStore } from "@anamnesis/node";
import { type ClientWithActions, createKeyring, type PatientId, type ProviderId } from "@anamnesis/sdk";
import type { Narrator } from "./narrator.ts";
import { timed } from "./timed.ts";

/** Everybody in the story. Names are invented. */
export interface Cast {
  readonly hospital: LocalProvider;
  readonly laboratory: LocalProvider;
  readonly clinic: LocalProvider;
  readonly insurer: LocalProvider;
  readonly drOkafor: LocalProvider;
  readonly drLindqvist: LocalProvider;
  readonly patient: PatientId;
  readonly alice: ClientWithActions;
  readonly nameOf: (provider: ProviderId) => string | undefined;
  /** Closes the patient's replica. */
  close(): void;
}

const roster = {
  hospital: { name: "Riverside General Hospital", kind: "hospital" },
  laboratory: { name: "Northside Laboratory", kind: "laboratory" },
  clinic: { name: "Hill Street Clinic", kind: "clinic" },
  insurer: { name: "Meridian Health Insurance", kind: "payer" },
  drOkafor: { name: "Dr. Ada Okafor", kind: "practitioner" },
  drLindqvist: { name: "Dr. Ben Lindqvist", kind: "practitioner" },
} as const;

/** The registrar admits the institutions and doctors, who join; the patient opens a record of their own. */
export async function gatherCast(network: LocalNetwork, narrator: Narrator): Promise<Cast> {
  narrator.step("A registrar admits providers; a patient opens a health record");
  const admitted = {} as Record<keyof typeof roster, LocalProvider>;
  const names = new Map<ProviderId, string>();
  for (const key of Object.keys(roster) as (keyof typeof roster)[]) {
    const { name, kind } = roster[key];
    const { value, milliseconds } = await timed(() => network.admit({ name, kind }));
    admitted[key] = value;
    names.set(value.provider, name);
    narrator.line({ text: `${name} admitted as ${kind}`, milliseconds, data: { provider: value.provider } });
  }
  for (const [organisation, practitioner] of [
    ["clinic", "drOkafor"],
    ["hospital", "drLindqvist"],
  ] as const) {
    const { milliseconds } = await timed(() => network.affiliate(admitted[organisation], admitted[practitioner]));
    narrator.line({ text: `${roster[practitioner].name} joined ${roster[organisation].name}`, milliseconds });
  }

  const envelopes = sqliteEnvelopeStore(join(network.directory, "patient-replica.sqlite"));
  const alice = await network.connect({ signer: await network.account(), keyring: createKeyring(), envelopes });
  const { value, milliseconds } = await timed(() => alice.identity.registerPatient());
  const { patient, transaction } = value;
  narrator.line({
    text: "The patient registered under a random pseudonym",
    milliseconds,
    gas: transaction.gasUsed,
    data: { patient },
  });
  return { ...admitted, patient, alice, nameOf: (provider) => names.get(provider), close: () => envelopes.close() };
}
