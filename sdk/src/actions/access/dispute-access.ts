import { decideDirectly, readContract, requireSigner, restrictDirectly, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId, type SessionId, sessionId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";

export interface DisputeAccessParameters extends AbortOptions {
  readonly patient: PatientId;
  /** Of a session on the patient's trail. */
  readonly sessionId: SessionId;
}

/**
 * Marks an access as disputed, so that it is looked into. It ends nothing: revoke or exclude for that. By whoever may decide
 * for the patient. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED …
 */
export async function disputeAccess(client: Client, parameters: DisputeAccessParameters): Promise<Transacted> {
  requireSigner(client);
  const { signal } = parameters;
  const ids = [patientId(parameters.patient), sessionId(parameters.sessionId)] as const;
  const call = await client.contracts.accessGate.disputeAccess.populateTransaction(...ids, restrictDirectly(client));
  return { transaction: (await sendTransaction(client, call, { signal })).transaction };
}

/** Takes the mark of a disputed access back. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export async function withdrawAccessDispute(client: Client, parameters: DisputeAccessParameters): Promise<Transacted> {
  requireSigner(client);
  const { signal } = parameters;
  const ids = [patientId(parameters.patient), sessionId(parameters.sessionId)] as const;
  const { accessGate, patientRegistry } = client.contracts;
  const [dispute, head] = await Promise.all([
    readContract(client, () => accessGate.accessDisputeOf(...ids), { signal }),
    readContract(client, () => patientRegistry.headOf(ids[0]), { signal }),
  ]);
  const notBefore = Math.max(Number(dispute.asOf), Number(head.signedFloor)) + 1;
  const authorization = await decideDirectly(client, { notBefore, signal });
  const call = await accessGate.withdrawAccessDispute.populateTransaction(...ids, authorization);
  return { transaction: (await sendTransaction(client, call, { signal })).transaction };
}
