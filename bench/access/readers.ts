import { type Chart, type ClientWithActions, createClient, httpTransport, withActions } from "@anamnesis/sdk";
import { watchedStore, watchedTransport } from "./stages.ts";
import type { AccessWorld } from "./world.ts";

/** One doctor's client as the SDK makes it, with the steward calls and the fetches watched. */
export type Reader = ClientWithActions;

export async function readersOf({ network, doctors }: AccessWorld): Promise<readonly Reader[]> {
  const stewards = watchedTransport(httpTransport());
  const storage = watchedStore(network.storage);
  const { deployment } = network;
  return Promise.all(
    doctors.map(async ({ signer }) => withActions(await createClient({ deployment, signer, storage, stewards }))),
  );
}

/** Opens the patient's chart through the clinic. */
export async function openChart(reader: Reader, { patient, clinic }: AccessWorld): Promise<Chart> {
  const via = clinic.provider;
  const chart = await reader.access.open({ patient, via, purpose: "treatment", labels: ["laboratory"] });
  if (!chart.allowed) throw new Error(`The chain refused a session that the consent covers: ${chart.reason}`);
  return chart;
}
