import type { Hex } from "../core/bytes.ts";
import type { PatientId, ProviderId, SessionId } from "../core/ids.ts";
import { type EmergencyReason, emergencyReasons, reasonOf } from "../core/reasons.ts";
import { consentTimeWords } from "../core/time.ts";
import { type Label, labelMask, labelWords } from "../core/vocabulary.ts";
import { type DecisionTimes, type SigningContract, type TypedData, typedData } from "./types.ts";

/** What the wallet shows for each decision about a session. */
export const accessDisputeActions = {
  dispute: "dispute an access to my record",
  "withdraw-dispute": "withdraw the dispute of an access",
} as const;

export interface AccessDisputeParameters extends DecisionTimes {
  readonly decision: keyof typeof accessDisputeActions;
  readonly patient: PatientId;
  readonly sessionId: SessionId;
}

/** Signed for `AccessGate.disputeAccess` and `withdrawAccessDispute`. */
export function accessDisputeData(
  contract: SigningContract,
  { decision, patient, sessionId, signedAt, deadline }: AccessDisputeParameters,
): TypedData<"AccessDispute"> {
  const action = accessDisputeActions[decision];
  return typedData("AccessDispute", contract, { action, session: sessionId, patient, signedAt, deadline });
}

export interface EmergencyCoSignatureParameters extends DecisionTimes {
  readonly patient: PatientId;
  /** The practitioner who asks, and the name they are registered under. */
  readonly actor: ProviderId;
  readonly colleague: string;
  /** The practitioner who signs. */
  readonly coSigner: ProviderId;
  readonly reason: EmergencyReason;
  readonly labels: readonly Label[];
  /** Unix seconds, whole minutes. */
  readonly from: number;
  readonly until: number;
  readonly sessionKeyHash: Hex;
}

/** Signed by the second clinician for `AccessGate.openEmergencySession`. @throws INPUT_… */
export function emergencyCoSignatureData(
  contract: SigningContract,
  parameters: EmergencyCoSignatureParameters,
): TypedData<"EmergencyCoSignature"> {
  const { patient, actor, colleague, coSigner, sessionKeyHash, signedAt, deadline } = parameters;
  return typedData("EmergencyCoSignature", contract, {
    action: "confirm an emergency",
    colleague,
    reason: reasonOf(emergencyReasons, parameters.reason).words,
    records: labelWords(labelMask(parameters.labels)),
    from: consentTimeWords(parameters.from),
    until: consentTimeWords(parameters.until),
    patient,
    actor,
    coSigner,
    sessionKeyHash,
    signedAt,
    deadline,
  });
}
