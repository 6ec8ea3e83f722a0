import { decideBySignature, requireSigner, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId, SeriesId } from "../../core/ids.ts";
import type { Address, SignedAuthorization, Transacted } from "../../core/types.ts";
import type { Label } from "../../core/vocabulary.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type DecisionTimes, seriesDecisionData, seriesRestrictionData } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { callOfSeriesDecision } from "./decide-series.ts";
import {
  firstSecondOf,
  type SeriesDecision,
  type SeriesDecisionParameters,
  settleSeriesDecision,
} from "./series-register.ts";

/** A decision about a series that anybody may submit, once; plain JSON. */
export interface SignedSeriesDecision {
  readonly signedFor: { readonly chainId: number; readonly contract: Address };
  readonly decision: SeriesDecision;
  readonly patient: PatientId;
  readonly series: SeriesId;
  readonly labels: readonly Label[];
  readonly authorization: SignedAuthorization;
}

export interface SignSeriesDecisionParameters extends SeriesDecisionParameters {
  /** Seconds until it may no longer be submitted; a day by default, seven days at most. */
  readonly validFor?: number | undefined;
  /** Times agreed on before: guardians who decide together sign the same ones. */
  readonly times?: DecisionTimes | undefined;
}

/** Signs a decision about a series without sending anything. @throws INPUT_…, SIGNATURE_REFUSED, CHAIN_UNREACHABLE … */
export async function signSeriesDecision(
  client: Client,
  { validFor, times, ...parameters }: SignSeriesDecisionParameters,
): Promise<SignedSeriesDecision> {
  requireSigner(client);
  const { signal } = parameters;
  const decided = settleSeriesDecision(parameters);
  const { decision, patient, series, labels } = decided;
  const authorization = await decideBySignature(
    client,
    "recordRegistry",
    (contract, at) =>
      decision === "restrict" || decision === "unrestrict"
        ? seriesRestrictionData(contract, { decision, patient, series, labels, ...at })
        : seriesDecisionData(contract, { decision, patient, series, ...at }),
    { notBefore: await firstSecondOf(client, decided, { signal }), validFor, times, signal },
  );
  const { description, contracts } = client.deployment;
  return { signedFor: { chainId: description.chainId, contract: contracts.recordRegistry }, ...decided, authorization };
}

/** Sends a decision somebody signed. @throws CONSENT_SIGNED_FOR_ANOTHER, CHAIN_REVERTED … */
export async function submitSignedSeriesDecision(
  client: Client,
  { signed, signal }: { readonly signed: SignedSeriesDecision } & AbortOptions,
): Promise<Transacted> {
  const { description, contracts } = client.deployment;
  const { chainId, contract } = signed.signedFor;
  if (chainId !== description.chainId || contract.toLowerCase() !== contracts.recordRegistry.toLowerCase()) {
    throw new AnamnesisError("CONSENT_SIGNED_FOR_ANOTHER", { chainId, contract });
  }
  const call = await callOfSeriesDecision(client, settleSeriesDecision(signed), signed.authorization);
  return { transaction: (await sendTransaction(client, call, { signal })).transaction };
}
