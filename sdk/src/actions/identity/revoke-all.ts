import { requireSigner, restrictDirectly, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";

export interface RevokeAllParameters extends AbortOptions {
  readonly patient: PatientId;
}

/** Ends every permission of a patient at once, also those signed and not yet submitted. Costs the same for one as for thousands. */
export async function revokeAll(client: Client, { patient, signal }: RevokeAllParameters): Promise<Transacted> {
  requireSigner(client);
  const call = await client.contracts.patientRegistry.revokeAll.populateTransaction(
    patientId(patient),
    restrictDirectly(client),
  );
  const { transaction } = await sendTransaction(client, call, { signal });
  return { transaction };
}
