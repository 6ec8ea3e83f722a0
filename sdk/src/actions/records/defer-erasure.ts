import { decideDirectly, readContract, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import { type DeferralReason, deferralReasons, reasonOf } from "../../core/reasons.ts";
import { consentTime } from "../../core/time.ts";
import type { Moment, Transacted } from "../../core/types.ts";
import { seriesIdOf } from "../../envelope/index.ts";
import type { Client } from "../client.ts";
import { authorOf } from "./author-of.ts";

export interface DeferErasureParameters extends AbortOptions {
  readonly patient: PatientId;
  /** Of the record's PublicPart: it shows that the client's own author began this series, and becomes public. */
  readonly seriesSalt: Hex;
  readonly reason: DeferralReason;
  /** A whole minute after the deletion's date, thirty years ahead at most. */
  readonly until: Moment;
}

/**
 * Keeps a record that the patient wants erased until a date, since a law demands it: closed to everybody, with author, reason
 * and date on the patient's trail. By the record's author. @throws INPUT_…, RECORD_AUTHOR_UNKNOWN, CHAIN_REVERTED …
 */
export async function deferErasure(client: Client, parameters: DeferErasureParameters): Promise<Transacted> {
  const { seriesSalt, reason, signal } = parameters;
  const patient = patientId(parameters.patient);
  const until = consentTime(parameters.until);
  const reasonId = reasonOf(deferralReasons, reason).id;
  const { author } = await authorOf(client, patient, { signal });
  const series = seriesIdOf({ patient, author, seriesSalt });
  const { recordRegistry } = client.contracts;
  const { erasure } = await readContract(client, () => recordRegistry.erasureOf(patient, series), { signal });
  const authorization = await decideDirectly(client, { notBefore: Number(erasure.deferralAsOf) + 1, signal });
  const call = await recordRegistry.deferErasure.populateTransaction(
    patient,
    author,
    seriesSalt,
    reasonId,
    until,
    authorization,
  );
  return { transaction: (await sendTransaction(client, call, { signal })).transaction };
}
