import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Address } from "../../core/types.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";

const states = ["none", "pending", "awaiting", "endorsed"] as const;

/** A recovery under way. `awaiting`: it was vetoed before, and only the recovery officer can let it go on. */
export interface Recovery {
  readonly state: Exclude<(typeof states)[number], "none">;
  readonly controller: Address;
  readonly ownerKeyHash: Hex;
  /** Unix seconds from which on it counts; while awaiting, until when it may be endorsed. */
  readonly effectiveAt: number;
}

/** Undefined where no recovery is under way. */
export async function recoveryOf(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<Recovery | undefined> {
  const { patientRegistry } = client.contracts;
  const found = await readContract(client, () => patientRegistry.recoveryOf(patientId(patient)), { signal });
  const state = states[Number(found.state)];
  if (state === undefined) throw new AnamnesisError("CHAIN_ANSWER_INVALID", { recovery: Number(found.state) });
  if (state === "none") return undefined;
  return {
    state,
    controller: found.controller.toLowerCase() as Address,
    ownerKeyHash: found.ownerKeyHash as Hex,
    effectiveAt: Number(found.effectiveAt),
  };
}
