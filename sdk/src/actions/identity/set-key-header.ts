import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import { keyringHeaderHash } from "../../crypto/index.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface SetKeyHeaderParameters extends AbortOptions {
  readonly patient: PatientId;
  /** The sealed keyring, as `sealKeyring` or `addKeyringSlot` gives it. */
  readonly header: Uint8Array;
}

/** Says on the chain which keyring header counts, with the next version: an older copy is then known as one. @throws CHAIN_REVERTED … */
export async function setKeyHeader(
  client: Client,
  { patient, header, signal }: SetKeyHeaderParameters,
): Promise<Transacted & { readonly version: number }> {
  const id = patientId(patient);
  const { patientRegistry } = client.contracts;
  const current = await readContract(client, () => patientRegistry.keyHeaderOf(id), { signal });
  const version = Number(current.version) + 1;
  const decision = { kind: "set-key-header", headerHash: keyringHeaderHash(header), version } as const;
  return { version, ...(await decideForPatient(client, { patient: id, decision, signal })) };
}
