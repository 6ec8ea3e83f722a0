import { decideDirectly, requireSigner, restrictDirectly, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { firstSecondOf } from "./decision-register.ts";
import { callOfDecision, isRestrictive, type PatientDecision } from "./patient-decision.ts";

export interface DecideForPatientParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly decision: PatientDecision;
}

/** Decides by calling; what every verb about a health record does with its own decision. @throws CHAIN_REVERTED, CHAIN_UNREACHABLE … */
export async function decideForPatient(
  client: Client,
  { patient, decision, signal }: DecideForPatientParameters,
): Promise<Transacted> {
  requireSigner(client);
  const id = patientId(patient);
  const authorization = isRestrictive(decision)
    ? restrictDirectly(client)
    : await decideDirectly(client, { notBefore: await firstSecondOf(client, id, decision, { signal }), signal });
  const call = await callOfDecision(client, id, decision, authorization);
  const { transaction } = await sendTransaction(client, call, { signal });
  return { transaction };
}
