import type { ContractTransaction } from "ethers";
import { decideDirectly, requireSigner, restrictDirectly, sendTransaction } from "../../chain/index.ts";
import type { SignedAuthorization, Transacted } from "../../core/types.ts";
import { labelMask } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import {
  firstSecondOf,
  isRestrictive,
  type SeriesDecisionParameters,
  settleSeriesDecision,
} from "./series-register.ts";

/** The call that makes a decision, whoever sends it. */
export function callOfSeriesDecision(
  { contracts }: Client,
  { decision, patient, series, labels }: ReturnType<typeof settleSeriesDecision>,
  authorization: SignedAuthorization,
): Promise<ContractTransaction> {
  const { recordRegistry } = contracts;
  switch (decision) {
    case "restrict":
      return recordRegistry.restrict.populateTransaction(patient, series, labelMask(labels), authorization);
    case "unrestrict":
      return recordRegistry.unrestrict.populateTransaction(patient, series, labelMask(labels), authorization);
    case "dispute":
      return recordRegistry.dispute.populateTransaction(patient, series, authorization);
    case "withdraw-dispute":
      return recordRegistry.withdrawDispute.populateTransaction(patient, series, authorization);
    case "request-erasure":
      return recordRegistry.requestErasure.populateTransaction(patient, series, authorization);
    case "cancel-erasure":
      return recordRegistry.cancelErasure.populateTransaction(patient, series, authorization);
  }
}

/** Decides by calling. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE … */
export async function decideSeries(client: Client, parameters: SeriesDecisionParameters): Promise<Transacted> {
  requireSigner(client);
  const { signal } = parameters;
  const decided = settleSeriesDecision(parameters);
  const authorization = isRestrictive(decided.decision)
    ? restrictDirectly(client)
    : await decideDirectly(client, { notBefore: await firstSecondOf(client, decided, { signal }), signal });
  const call = await callOfSeriesDecision(client, decided, authorization);
  return { transaction: (await sendTransaction(client, call, { signal })).transaction };
}
