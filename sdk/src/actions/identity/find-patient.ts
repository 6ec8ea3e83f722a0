import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Address } from "../../core/types.ts";
import type { Client } from "../client.ts";

export interface FindPatientParameters extends AbortOptions {
  readonly patient: PatientId;
}

/** What the chain holds of a health record. */
export interface Patient {
  readonly patient: PatientId;
  /** The wallet that decides; undefined for a minor, who has guardians. */
  readonly controller: Address | undefined;
  /** Permissive decisions signed at or before this second no longer count. */
  readonly signedFloor: number;
  /** Rises when everything is revoked. */
  readonly generation: number;
  /** Trustees froze it: nothing new can be granted. */
  readonly frozen: boolean;
  /** Closed in an emergency. */
  readonly optedOut: boolean;
  readonly minor: boolean;
  /** The recovery officer attested the patient's death, and the wallet did not object. */
  readonly deceased: boolean;
  /** Guardians grant together only. */
  readonly together: boolean;
}

/** The head's flags, as `PatientFlags` of the contracts numbers them. */
const flags = { frozen: 1n, optedOut: 2n, minor: 4n, deceased: 8n, together: 16n } as const;

/** Undefined where no health record is open under this id. */
export async function findPatient(
  client: Client,
  { patient, signal }: FindPatientParameters,
): Promise<Patient | undefined> {
  const id = patientId(patient);
  const head = await readContract(client, () => client.contracts.patientRegistry.headOf(id), { signal });
  const has = (flag: keyof typeof flags) => (head.flags & flags[flag]) !== 0n;
  const isControlled = BigInt(head.controller) !== 0n;
  if (!isControlled && !has("minor")) return undefined;
  return {
    patient: id,
    controller: isControlled ? (head.controller.toLowerCase() as Address) : undefined,
    signedFloor: Number(head.signedFloor),
    generation: Number(head.generation),
    frozen: has("frozen"),
    optedOut: has("optedOut"),
    minor: has("minor"),
    deceased: has("deceased"),
    together: has("together"),
  };
}
