import type { Hex } from "../core/bytes.ts";
import { noId, type PatientId, type ProviderId } from "../core/ids.ts";
import { consentTimeWords } from "../core/time.ts";
import {
  type Action,
  actionMask,
  actionWords,
  type Label,
  labelMask,
  labelWords,
  type Purpose,
  purposeId,
  purposeWords,
} from "../core/vocabulary.ts";
import { type DecisionTimes, type SigningContract, type TypedData, typedData } from "./types.ts";

/** What a patient reads and signs to let `grantee` in. `from` and `until` are Unix seconds, whole minutes. */
export interface ConsentGrantParameters extends DecisionTimes {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  /** The name `grantee` is registered under, exactly. */
  readonly recipient: string;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  readonly actions: readonly Action[];
  readonly from: number;
  readonly until: number;
  /** Hash of the full consent text or FHIR Consent; none by default. */
  readonly document?: Hex | undefined;
}

/**
 * Signed for `ConsentRegistry.grant`.
 * @throws INPUT_UNKNOWN_LABEL, INPUT_UNKNOWN_PURPOSE, INPUT_UNKNOWN_ACTION, INPUT_INVALID_TIME
 */
export function consentGrantData(
  contract: SigningContract,
  parameters: ConsentGrantParameters,
): TypedData<"ConsentGrant"> {
  const { patient, grantee, recipient, purpose, labels, actions, from, until, document, signedAt, deadline } =
    parameters;
  return typedData("ConsentGrant", contract, {
    recipient,
    purpose: purposeWords(purposeId(purpose)),
    records: labelWords(labelMask(labels)),
    actions: actionWords(actionMask(actions)),
    from: consentTimeWords(from),
    until: consentTimeWords(until),
    grantee,
    patient,
    document: document ?? noId,
    signedAt,
    deadline,
  });
}

/** What a patient reads and signs to shut `grantee` out again. */
export interface ConsentRevocationParameters extends DecisionTimes {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  /** The name `grantee` is registered under, exactly. */
  readonly recipient: string;
  readonly purpose: Purpose;
}

/** Signed for `ConsentRegistry.revoke`. @throws INPUT_UNKNOWN_PURPOSE */
export function consentRevocationData(
  contract: SigningContract,
  { patient, grantee, recipient, purpose, signedAt, deadline }: ConsentRevocationParameters,
): TypedData<"ConsentRevocation"> {
  return typedData("ConsentRevocation", contract, {
    recipient,
    purpose: purposeWords(purposeId(purpose)),
    grantee,
    patient,
    signedAt,
    deadline,
  });
}
