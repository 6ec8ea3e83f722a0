import type { Hex } from "../core/bytes.ts";
import type { PatientId } from "../core/ids.ts";
import { consentTimeWords } from "../core/time.ts";
import type { Address } from "../core/types.ts";
import { type DecisionTimes, type SigningContract, type TypedData, typedData } from "./types.ts";

/** What a patient announces before it takes effect; `PatientRegistry` numbers them in this order. */
export const patientChanges = ["controller", "owner-key", "trustees"] as const;
export type PatientChange = (typeof patientChanges)[number];

/** Whom a patient appoints; guardians come with a minor's record. */
export type AppointedKind = "proxy" | "executor";

const powerWords: Readonly<Record<AppointedKind, string>> = {
  proxy: "may decide and read for me",
  executor: "may end permissions and read after my death",
};

const cancellationWords: Readonly<Record<PatientChange, string>> = {
  controller: "keep my wallet",
  "owner-key": "keep my owner key",
  trustees: "keep my trustees",
};

interface OfPatient extends DecisionTimes {
  readonly patient: PatientId;
}

/** Signed for `PatientRegistry.announceController`. */
export function controllerChangeData(
  contract: SigningContract,
  { controller, patient, signedAt, deadline }: OfPatient & { readonly controller: Address },
): TypedData<"ControllerChange"> {
  const action = "give my health record to another wallet";
  return typedData("ControllerChange", contract, { action, controller, patient, signedAt, deadline });
}

/** Signed for `PatientRegistry.announceOwnerKey`. */
export function ownerKeyChangeData(
  contract: SigningContract,
  { patient, ownerKeyHash, signedAt, deadline }: OfPatient & { readonly ownerKeyHash: Hex },
): TypedData<"OwnerKeyChange"> {
  const action = "seal my records to another key";
  return typedData("OwnerKeyChange", contract, { action, patient, ownerKeyHash, signedAt, deadline });
}

/** Signed for `PatientRegistry.cancelChange`. */
export function changeCancellationData(
  contract: SigningContract,
  { change, patient, signedAt, deadline }: OfPatient & { readonly change: PatientChange },
): TypedData<"ChangeCancellation"> {
  const action = cancellationWords[change];
  return typedData("ChangeCancellation", contract, { action, patient, signedAt, deadline });
}

/** Signed for `PatientRegistry.setKeyHeader`. */
export function keyHeaderChangeData(
  contract: SigningContract,
  {
    patient,
    headerHash,
    version,
    signedAt,
    deadline,
  }: OfPatient & {
    readonly headerHash: Hex;
    readonly version: number;
  },
): TypedData<"KeyHeaderChange"> {
  const message = { action: "replace my keyring", patient, header: headerHash, version, signedAt, deadline };
  return typedData("KeyHeaderChange", contract, message);
}

/** Signed for `PatientRegistry.optOutOfEmergency`. */
export function emergencyOptOutData(
  contract: SigningContract,
  { patient, signedAt, deadline }: OfPatient,
): TypedData<"EmergencyOptOut"> {
  const action = "keep my record closed in an emergency";
  return typedData("EmergencyOptOut", contract, { action, patient, signedAt, deadline });
}

/** Signed for `PatientRegistry.optInToEmergency`. */
export function emergencyOptInData(
  contract: SigningContract,
  { patient, signedAt, deadline }: OfPatient,
): TypedData<"EmergencyOptIn"> {
  const action = "open my record in an emergency";
  return typedData("EmergencyOptIn", contract, { action, patient, signedAt, deadline });
}

export interface DelegateAppointmentParameters extends OfPatient {
  readonly kind: AppointedKind;
  /** Unix seconds, a whole minute. */
  readonly until: number;
  readonly delegate: Address;
}

/** Signed for `PatientRegistry.appointDelegate`. @throws INPUT_INVALID_TIME */
export function delegateAppointmentData(
  contract: SigningContract,
  { kind, until, delegate, patient, signedAt, deadline }: DelegateAppointmentParameters,
): TypedData<"DelegateAppointment"> {
  const words = { power: powerWords[kind], until: consentTimeWords(until) };
  return typedData("DelegateAppointment", contract, { ...words, delegate, patient, signedAt, deadline });
}

/** Signed for `PatientRegistry.dismissDelegate`. */
export function delegateDismissalData(
  contract: SigningContract,
  { delegate, patient, signedAt, deadline }: OfPatient & { readonly delegate: Address },
): TypedData<"DelegateDismissal"> {
  const action = "end this person's power to act";
  return typedData("DelegateDismissal", contract, { action, delegate, patient, signedAt, deadline });
}

/** Signed for `PatientRegistry.objectToDeath`. */
export function deathObjectionData(
  contract: SigningContract,
  { patient, signedAt, deadline }: OfPatient,
): TypedData<"DeathObjection"> {
  return typedData("DeathObjection", contract, { action: "I am alive", patient, signedAt, deadline });
}

export interface MinorRegistrationParameters extends OfPatient {
  readonly ownerKeyHash: Hex;
  /** The first second of age: Unix seconds, a whole minute. */
  readonly majorityAt: number;
  /** The signer first. */
  readonly guardians: readonly Address[];
  readonly together: boolean;
}

/** Signed by the first guardian for `PatientRegistry.registerMinor`. @throws INPUT_INVALID_TIME */
export function minorRegistrationData(
  contract: SigningContract,
  { patient, ownerKeyHash, majorityAt, guardians, together, signedAt, deadline }: MinorRegistrationParameters,
): TypedData<"MinorRegistration"> {
  return typedData("MinorRegistration", contract, {
    action: "open my child's health record",
    guardianship: together ? "guardians decide together" : "each guardian decides",
    majority: consentTimeWords(majorityAt),
    guardians,
    patient,
    ownerKeyHash,
    signedAt,
    deadline,
  });
}

/** Signed by the attested wallet for `PatientRegistry.claimAtMajority`. */
export function majorityClaimData(
  contract: SigningContract,
  { patient, ownerKeyHash, signedAt, deadline }: OfPatient & { readonly ownerKeyHash: Hex },
): TypedData<"MajorityClaim"> {
  const action = "take over my health record";
  return typedData("MajorityClaim", contract, { action, patient, ownerKeyHash, signedAt, deadline });
}

interface OfGuardian extends OfPatient {
  /** The guardian to be replaced. */
  readonly lost: Address;
}

/** Signed by who comes, for `PatientRegistry.replaceGuardian`. */
export function guardianshipAcceptanceData(
  contract: SigningContract,
  { lost, patient, signedAt, deadline }: OfGuardian,
): TypedData<"GuardianshipAcceptance"> {
  const action = "act as a guardian of this child";
  return typedData("GuardianshipAcceptance", contract, { action, lost, patient, signedAt, deadline });
}

/** Signed by any guardian for `PatientRegistry.keepGuardian`. */
export function guardianRetentionData(
  contract: SigningContract,
  { lost, patient, signedAt, deadline }: OfGuardian,
): TypedData<"GuardianRetention"> {
  return typedData("GuardianRetention", contract, { action: "keep this guardian", lost, patient, signedAt, deadline });
}
