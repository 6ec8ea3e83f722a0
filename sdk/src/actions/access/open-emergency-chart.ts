import { eventOf, refusalOf, requireSigner, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { emergencyReasons, reasonOf } from "../../core/reasons.ts";
import type { EmergencySession, Transacted } from "../../core/types.ts";
import { labelMask } from "../../core/vocabulary.ts";
import type { SessionKeys } from "../../crypto/index.ts";
import type { Client } from "../client.ts";
import { type Chart, chartOf } from "./chart.ts";
import type { DeniedSession } from "./open-session.ts";
import { emergencySessionOfEvent } from "./session-of-event.ts";
import type { EmergencyCoSignature } from "./sign-emergency-co-signature.ts";

export interface OpenEmergencyChartParameters extends AbortOptions {
  readonly coSignature: EmergencyCoSignature;
  /** Those that were prepared with the request. */
  readonly sessionKeys: SessionKeys;
}

/** An opening in an emergency, with the keys of its session. */
export interface OpenedEmergencySession extends EmergencySession, Transacted {
  readonly logIndex: number;
  readonly sessionKeys: SessionKeys;
}

/**
 * Breaks the glass: opens a chart without consent, on two clinicians' word, for at most four hours. The patient and trustees see
 * it at once. What the patient hid stays closed. A refusal is a value, and on the trail as well.
 * @throws CHAIN_REVERTED with `EmergencyCoSignerInvalid`, `EmergencyPeriodInvalid`, `AuthorizationSignatureInvalid` …;
 * CLIENT_STEWARDS_MISSING, CLIENT_STORAGE_MISSING when reading
 */
export async function openEmergencyChart(
  client: Client,
  { coSignature, sessionKeys, signal }: OpenEmergencyChartParameters,
): Promise<Chart<OpenedEmergencySession> | DeniedSession> {
  requireSigner(client);
  const { request, authorization } = coSignature;
  const { patient, sessionKeyHash, from, until } = request;
  const call = await client.contracts.accessGate.openEmergencySession.populateTransaction(
    {
      ...{ patient, sessionKeyHash, from, until },
      labels: labelMask(request.labels),
      reason: reasonOf(emergencyReasons, request.reason).id,
    },
    authorization,
  );
  const sent = await sendTransaction(client, call, { signal });
  const { name, args, log } = eventOf(client, sent, "accessGate", "EmergencyOpened", "AccessDenied");
  if (name === "AccessDenied") return { ...refusalOf(args["denial"] as bigint), transaction: sent.transaction };
  return chartOf(client, {
    ...emergencySessionOfEvent(args),
    logIndex: Number(log.logIndex),
    sessionKeys,
    transaction: sent.transaction,
  });
}
