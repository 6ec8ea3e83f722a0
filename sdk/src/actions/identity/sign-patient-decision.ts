import { decideBySignature, requireSigner, sendTransaction, signingContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Address, SignedAuthorization, Transacted } from "../../core/types.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { DecisionTimes } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { firstSecondOf } from "./decision-register.ts";
import { callOfDecision, dataOfDecision, type PatientDecision } from "./patient-decision.ts";

/** A decision about a health record that anybody may submit, once; plain JSON. */
export interface SignedPatientDecision {
  readonly signedFor: { readonly chainId: number; readonly contract: Address };
  readonly patient: PatientId;
  readonly decision: PatientDecision;
  readonly authorization: SignedAuthorization;
}

export interface SignPatientDecisionParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly decision: PatientDecision;
  /** Seconds until it may no longer be submitted; a day by default, seven days at most. */
  readonly validFor?: number | undefined;
  /** Times agreed on before: guardians who decide together sign the same ones. */
  readonly times?: DecisionTimes | undefined;
}

/** Signs without sending anything: a patient, a delegate or a trustee needs no funds. @throws SIGNATURE_REFUSED, CHAIN_UNREACHABLE … */
export async function signPatientDecision(
  client: Client,
  { patient, decision, validFor, times, signal }: SignPatientDecisionParameters,
): Promise<SignedPatientDecision> {
  requireSigner(client);
  const id = patientId(patient);
  const contract = signingContract(client, "patientRegistry");
  const authorization = await decideBySignature(
    client,
    "patientRegistry",
    (signedFor, at) => dataOfDecision(id, decision, signedFor, at),
    { notBefore: await firstSecondOf(client, id, decision, { signal }), validFor, times, signal },
  );
  return { signedFor: contract, patient: id, decision, authorization };
}

export interface SubmitSignedPatientDecisionParameters extends AbortOptions {
  readonly signed: SignedPatientDecision;
}

/** Sends a decision somebody signed; the client's signer pays and gains nothing by it. @throws CONSENT_SIGNED_FOR_ANOTHER, CHAIN_REVERTED … */
export async function submitSignedPatientDecision(
  client: Client,
  { signed, signal }: SubmitSignedPatientDecisionParameters,
): Promise<Transacted> {
  const { chainId, contract } = signed.signedFor;
  const here = signingContract(client, "patientRegistry");
  if (chainId !== here.chainId || contract.toLowerCase() !== here.contract.toLowerCase()) {
    throw new AnamnesisError("CONSENT_SIGNED_FOR_ANOTHER", { chainId, contract });
  }
  const call = await callOfDecision(client, patientId(signed.patient), signed.decision, signed.authorization);
  const { transaction } = await sendTransaction(client, call, { signal });
  return { transaction };
}
