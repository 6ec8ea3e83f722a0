import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Address } from "../../core/types.ts";
import type { Client } from "../client.ts";

/** Who acts for a minor now, and who is to take whose place. */
export interface Guardians {
  /** In the order in which they sign together. */
  readonly guardians: readonly Address[];
  readonly change: { readonly lost: Address; readonly next: Address; readonly effectiveAt: number } | undefined;
}

/** Nobody, for a patient who is no minor. @throws CHAIN_UNREACHABLE */
export async function guardiansOf(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<Guardians> {
  const id = patientId(patient);
  const { patientRegistry } = client.contracts;
  const lower = (address: string) => address.toLowerCase() as Address;
  const [guardians, { lost, next, effectiveAt }] = await Promise.all([
    readContract(client, () => patientRegistry.guardiansOf(id), { signal }),
    readContract(client, () => patientRegistry.guardianChangeOf(id), { signal }),
  ]);
  const change = { lost: lower(lost), next: lower(next), effectiveAt: Number(effectiveAt) };
  return { guardians: guardians.map(lower), change: change.effectiveAt === 0 ? undefined : change };
}
