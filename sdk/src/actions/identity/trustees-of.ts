import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Address } from "../../core/types.ts";
import type { Client } from "../client.ts";

/** Who may give the record back, and how many of them it takes. */
export interface Trustees {
  readonly trustees: readonly Address[];
  readonly threshold: number;
  /** Of the set; approvals of an older one count no more. */
  readonly version: number;
  /** Rises with everything they decided, and each veto. */
  readonly round: number;
}

export async function trusteesOf(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<Trustees> {
  const { patientRegistry } = client.contracts;
  const found = await readContract(client, () => patientRegistry.trusteesOf(patientId(patient)), { signal });
  return {
    trustees: found.members.map((member) => member.toLowerCase() as Address),
    threshold: Number(found.threshold),
    version: Number(found.version),
    round: Number(found.round),
  };
}
