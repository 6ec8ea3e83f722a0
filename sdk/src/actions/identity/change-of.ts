import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Address } from "../../core/types.ts";
import { type PatientChange, patientChanges } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";

/** What is announced and not yet in effect. */
export interface AnnouncedChange {
  /** Unix seconds from which on it counts. */
  readonly effectiveAt: number;
  /** The new wallet; undefined for another change. */
  readonly controller: Address | undefined;
  /** The new owner key's hash; undefined for another change. */
  readonly ownerKeyHash: Hex | undefined;
}

/** Undefined where no such change is announced. */
export async function changeOf(
  client: Client,
  { patient, change, signal }: { readonly patient: PatientId; readonly change: PatientChange } & AbortOptions,
): Promise<AnnouncedChange | undefined> {
  const { patientRegistry } = client.contracts;
  const number = patientChanges.indexOf(change);
  const found = await readContract(client, () => patientRegistry.changeOf(patientId(patient), number), { signal });
  if (found.effectiveAt === 0n) return undefined;
  return {
    effectiveAt: Number(found.effectiveAt),
    controller: change === "controller" ? (`0x${found.next.slice(26)}` as Address) : undefined,
    ownerKeyHash: change === "owner-key" ? (found.next as Hex) : undefined,
  };
}
