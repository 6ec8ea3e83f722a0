import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import { keyringHeaderHash } from "../../crypto/index.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";
import { publishKeyringHeader } from "./publish-keyring-header.ts";

export interface SetKeyHeaderParameters extends AbortOptions {
  readonly patient: PatientId;
  /** The sealed keyring, as `sealKeyring` or `addKeyringSlot` gives it. */
  readonly header: Uint8Array;
}

/**
 * Says on the chain which keyring header counts, with the next version: an older copy is then known as one. Where the client knows stewards,
 * they keep it. @throws CHAIN_REVERTED, KEY_HEADER_NOT_ACCEPTED: then `publishKeyringHeader` again
 */
export async function setKeyHeader(
  client: Client,
  { patient, header, signal }: SetKeyHeaderParameters,
): Promise<Transacted & { readonly version: number }> {
  const id = patientId(patient);
  const { patientRegistry } = client.contracts;
  const current = await readContract(client, () => patientRegistry.keyHeaderOf(id), { signal });
  const version = Number(current.version) + 1;
  const decision = { kind: "set-key-header", headerHash: keyringHeaderHash(header), version } as const;
  const decided = await decideForPatient(client, { patient: id, decision, signal });
  if (client.stewards) await publishKeyringHeader(client, { patient: id, header, signal });
  return { version, ...decided };
}
