import { head, readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId, type RecordId, type SeriesId, seriesId } from "../../core/ids.ts";
import { seriesIdOf } from "../../envelope/index.ts";
import { fetchErasures, type StewardVerdict, type VerifiedErasure } from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { authorizedDevice } from "../stewards/authorized-device.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";

export interface ConfirmErasureParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly series: SeriesId;
}

export interface ErasureConfirmation {
  /** Unix seconds; undefined where nobody asked for the erasure. */
  readonly deletableFrom: number | undefined;
  /** Whether the time has come: from then on it cannot be taken back, and nothing below stays. */
  readonly isDue: boolean;
  /** Copies deleted from this device now. */
  readonly deleted: readonly RecordId[];
  /** What stewards signed after they had deleted theirs, each verified. */
  readonly receipts: readonly VerifiedErasure[];
  /** Places in the committee of stewards that have not signed yet: ask again later. */
  readonly outstanding: readonly number[];
  readonly verdicts: readonly StewardVerdict[];
}

/** Deletes what this device holds of the series, once the chain says that it is to be. */
async function deleteReplica(
  client: Client,
  patient: PatientId,
  series: SeriesId,
  options: AbortOptions,
): Promise<RecordId[]> {
  const store = client.envelopes;
  if (store === undefined) return [];
  const mine: RecordId[] = [];
  for await (const { recordId, envelope } of store.list(patient, options)) {
    if (seriesIdOf(envelope.publicPart) === series) mine.push(recordId);
  }
  for (const recordId of mine) await store.delete(recordId, options);
  return mine;
}

/**
 * Follows a request for erasure to its end: once its time has come, deletes this device's own copies, and collects from every steward the signed
 * word that it holds none. The wallet signs once. Safe to repeat.
 * @throws DEVICE_REFUSED, STEWARDS_TOO_FEW when none answers, CLIENT_STEWARDS_MISSING, CLIENT_SIGNER_MISSING, CHAIN_UNREACHABLE
 */
export async function confirmErasure(
  client: Client,
  { signal, ...ids }: ConfirmErasureParameters,
): Promise<ErasureConfirmation> {
  const patient = patientId(ids.patient);
  const series = seriesId(ids.series);
  const { recordRegistry } = client.contracts;
  const stewards = await stewardsOf(client, { signal });
  const { erasure, deletableFrom } = await readContract(client, () => recordRegistry.erasureOf(patient, series), {
    signal,
  });
  const isAsked = erasure.requestedAt !== 0n;
  const { time: now } = await head(client, { signal });
  const isDue = isAsked && Number(deletableFrom) <= now;
  const deleted = isDue ? await deleteReplica(client, patient, series, { signal }) : [];
  const device = await authorizedDevice(client, stewards, patient, { signal });
  const { erasures, verdicts } = await fetchErasures(stewards, { ...device, signal });
  const receipts = erasures.filter((each) => each.series === series && each.system === client.deployment.system);
  const hasSigned = new Set(receipts.map(({ steward }) => steward));
  const { members } = stewards.committee;
  return {
    deletableFrom: isAsked ? Number(deletableFrom) : undefined,
    isDue,
    deleted,
    receipts,
    outstanding: members.filter(({ signingKey }) => !hasSigned.has(signingKey)).map(({ index }) => index),
    verdicts,
  };
}
