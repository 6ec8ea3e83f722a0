import { head } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { noId, type PatientId, type ProviderId, patientId, providerId } from "../../core/ids.ts";
import { consentTime } from "../../core/time.ts";
import type { Moment } from "../../core/types.ts";
import {
  type Action,
  actionMask,
  actionsOfMask,
  type Label,
  labelMask,
  labelsOfMask,
  type Purpose,
  purposeId,
} from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";

/** What a patient allows whom, for what, until when. */
export interface ConsentParameters {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  readonly actions: readonly Action[];
  /** By default the chain's current minute. */
  readonly from?: Moment | undefined;
  /** A whole minute, ten years ahead at most. */
  readonly until: Moment;
  /** Hash of the full consent text or FHIR Consent. */
  readonly document?: Hex | undefined;
}

/** The same, checked and settled. Times are Unix seconds; labels and actions in ascending bits, each once. */
export interface ConsentTerms {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  readonly actions: readonly Action[];
  readonly from: number;
  readonly until: number;
  readonly document: Hex | undefined;
}

/** @throws INPUT_UNKNOWN_LABEL, INPUT_UNKNOWN_PURPOSE, INPUT_UNKNOWN_ACTION, INPUT_INVALID_TIME, INPUT_INVALID_ID */
export async function settleTerms(
  client: Client,
  parameters: ConsentParameters,
  options: AbortOptions = {},
): Promise<ConsentTerms> {
  const { purpose, document } = parameters;
  purposeId(purpose);
  const until = consentTime(parameters.until);
  const thisMinute = async () => Math.floor((await head(client, options)).time / 60) * 60;
  return {
    patient: patientId(parameters.patient),
    grantee: providerId(parameters.grantee),
    purpose,
    labels: labelsOfMask(labelMask(parameters.labels)),
    actions: actionsOfMask(actionMask(parameters.actions)),
    from: parameters.from === undefined ? await thisMinute() : consentTime(parameters.from),
    until,
    document,
  };
}

/** As the contract takes them. */
export const encodeTerms = (terms: ConsentTerms) => ({
  patient: terms.patient,
  grantee: terms.grantee,
  purpose: purposeId(terms.purpose),
  labels: labelMask(terms.labels),
  actions: actionMask(terms.actions),
  notBefore: terms.from,
  notAfter: terms.until,
  document: terms.document ?? noId,
});
