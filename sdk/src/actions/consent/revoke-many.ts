import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId, providerId, seriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import { purposeId } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import type { RevocationTerms } from "./consent-decision.ts";
import { decideConsent } from "./decide-consent.ts";

export interface RevokeManyParameters extends AbortOptions {
  readonly patient: PatientId;
  /** 64 at most, each for another recipient, purpose or record. */
  readonly revocations: readonly RevocationTerms[];
}

/** Checks each. @throws INPUT_… */
export const settleRevocations = (revocations: readonly RevocationTerms[]): RevocationTerms[] =>
  revocations.map(({ grantee, purpose, series }) => {
    purposeId(purpose);
    const target = { grantee: providerId(grantee), purpose };
    return series === undefined ? target : { ...target, series: seriesId(series) };
  });

/** Ends several permissions at once; one that a later decision overtook is left out. @throws INPUT_…, CHAIN_REVERTED … */
export async function revokeMany(client: Client, { signal, ...parameters }: RevokeManyParameters): Promise<Transacted> {
  const patient = patientId(parameters.patient);
  const revocations = settleRevocations(parameters.revocations);
  return decideConsent(client, { decision: "revoke-many", patient, revocations }, { signal });
}
