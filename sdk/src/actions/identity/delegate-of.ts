import { head, readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Address, DelegateKind } from "../../core/types.ts";
import type { Client } from "../client.ts";

/** Somebody who was appointed to act for a patient. Times are Unix seconds. */
export interface Delegate {
  readonly kind: DelegateKind;
  readonly from: number;
  readonly until: number;
  /** Whether they may act in this moment: an executor may only after an attested death. */
  readonly live: boolean;
}

const kinds: readonly (DelegateKind | undefined)[] = [undefined, "guardian", "proxy", "executor"];

/** Undefined for who was never appointed, or was dismissed. */
export async function delegateOf(
  client: Client,
  { patient, delegate, signal }: { readonly patient: PatientId; readonly delegate: Address } & AbortOptions,
): Promise<Delegate | undefined> {
  const { patientRegistry } = client.contracts;
  const id = patientId(patient);
  // Judged in the chain's newest second: an appointment that is to begin later is none yet.
  const { time } = await head(client, { signal });
  const [found, power] = await readContract(
    client,
    () => Promise.all([patientRegistry.delegateOf(id, delegate), patientRegistry.powerOf(id, delegate, time)]),
    { signal },
  );
  const kind = kinds[Number(found.kind)];
  if (kind === undefined) return undefined;
  return { kind, from: Number(found.from), until: Number(found.until), live: power.mayRevoke };
}
