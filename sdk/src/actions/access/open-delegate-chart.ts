import { eventOf, head, requireSigner, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { noId, type PatientId, patientId, type SeriesId, seriesId } from "../../core/ids.ts";
import type { DelegateSession, Transacted } from "../../core/types.ts";
import { type Label, labelMask } from "../../core/vocabulary.ts";
import { createSessionKeys, type SessionKeys } from "../../crypto/index.ts";
import type { Client } from "../client.ts";
import { type Chart, chartOf } from "./chart.ts";
import { delegateSessionOfEvent } from "./session-of-event.ts";

export interface OpenDelegateChartParameters extends AbortOptions {
  readonly patient: PatientId;
  /** What is to be read; a guardian's hold no `adolescent`. */
  readonly labels: readonly Label[];
  /** One record and its amendments; everything the labels cover by default. */
  readonly series?: SeriesId | undefined;
  /** Seconds; an hour by default, twelve at most. */
  readonly duration?: number | undefined;
  /** Fresh by default. */
  readonly sessionKeys?: SessionKeys | undefined;
}

/** An opening by a guardian, a proxy or an executor, with the keys of its session. */
export interface OpenedDelegateSession extends DelegateSession, Transacted {
  readonly logIndex: number;
  readonly sessionKeys: SessionKeys;
}

const oneHour = 3_600;

/**
 * Opens the chart of a patient for whom the client's signer acts, with a line on the patient's trail. Delegates read through
 * the stewards, like everybody, and never hold the patient's key.
 * @throws CLIENT_SIGNER_MISSING; CHAIN_REVERTED with `DelegateSessionRefused` where the signer is no delegate now, or may not
 * read this; CLIENT_STEWARDS_MISSING, CLIENT_STORAGE_MISSING when reading
 */
export async function openDelegateChart(
  client: Client,
  parameters: OpenDelegateChartParameters,
): Promise<Chart<OpenedDelegateSession>> {
  const { labels, series, duration = oneHour, signal } = parameters;
  requireSigner(client);
  const sessionKeys = parameters.sessionKeys ?? (await createSessionKeys());
  const call = await client.contracts.accessGate.openDelegateSession.populateTransaction({
    patient: patientId(parameters.patient),
    labels: labelMask(labels),
    series: series === undefined ? noId : seriesId(series),
    sessionKeyHash: sessionKeys.sessionKeyHash,
    expiresAt: (await head(client, { signal })).time + duration,
  });
  const sent = await sendTransaction(client, call, { signal });
  const { args, log } = eventOf(client, sent, "accessGate", "DelegateSessionOpened");
  return chartOf(client, {
    ...delegateSessionOfEvent(args),
    logIndex: Number(log.logIndex),
    sessionKeys,
    transaction: sent.transaction,
  });
}
