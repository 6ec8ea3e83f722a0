import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "../core/bytes.ts";
import { noId, type PatientId, type ProviderId } from "../core/ids.ts";
import { type Purpose, purposeId, purposeWords } from "../core/vocabulary.ts";
import { type ConsentGrantParameters, consentGrantData } from "./consent.ts";
import { type DecisionTimes, type SigningContract, type TypedData, typedData } from "./types.ts";

const hashOf = (types: readonly string[], values: readonly unknown[]): Hex =>
  keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;

/** Names what the last of `chain` holds of a patient: the patient's consent to the first, passed on to each further one. */
export function chainKey(patient: PatientId, chain: readonly ProviderId[], purpose: Purpose): Hex {
  const [first, ...others] = chain;
  const consentKey = hashOf(["bytes32", "bytes32", "uint8"], [patient, first ?? noId, purposeId(purpose)]);
  return others.reduce((key, provider) => hashOf(["bytes32", "bytes32"], [key, provider]), consentKey);
}

/** What a provider signs to pass a part of its permission on to `grantee`. */
export interface ConsentShareParameters extends ConsentGrantParameters {
  /** From the patient's direct grantee to the one who signs. */
  readonly chain: readonly ProviderId[];
  /** Serial of what the signer holds. */
  readonly parentSerial: number;
}

/** Signed for `ConsentRegistry.share`. @throws as `consentGrantData` */
export function consentShareData(
  contract: SigningContract,
  parameters: ConsentShareParameters,
): TypedData<"ConsentShare"> {
  const { patient, chain, purpose, parentSerial } = parameters;
  const { signedAt, deadline, ...members } = consentGrantData(contract, parameters).message;
  const parent = { parent: chainKey(patient, chain, purpose), parentSerial };
  const times = { signedAt: parameters.signedAt, deadline: parameters.deadline };
  return typedData("ConsentShare", contract, { ...members, ...parent, ...times });
}

/** A step of a path: from the last of `chain` to `grantee`. */
export interface ShareLinkParameters extends DecisionTimes {
  readonly patient: PatientId;
  readonly chain: readonly ProviderId[];
  readonly grantee: ProviderId;
  /** The name `grantee` is registered under, exactly. */
  readonly recipient: string;
  readonly purpose: Purpose;
}

const linkIds = ({ patient, chain, grantee, purpose, signedAt, deadline }: ShareLinkParameters) => ({
  grantee,
  patient,
  parent: chainKey(patient, chain, purpose),
  signedAt,
  deadline,
});

/** Signed by the sharer for `ConsentRegistry.unshare`. @throws INPUT_UNKNOWN_PURPOSE */
export function consentUnshareData(
  contract: SigningContract,
  parameters: ShareLinkParameters,
): TypedData<"ConsentUnshare"> {
  const { recipient, purpose } = parameters;
  const words = { recipient, purpose: purposeWords(purposeId(purpose)) };
  return typedData("ConsentUnshare", contract, { ...words, ...linkIds(parameters) });
}

export interface ShareCutParameters extends ShareLinkParameters {
  /** The name the last of `chain` is registered under, exactly. */
  readonly sharer: string;
}

function cutData<Primary extends "ShareCut" | "ShareUncut">(
  primaryType: Primary,
  contract: SigningContract,
  parameters: ShareCutParameters,
): TypedData<Primary> {
  const { recipient, purpose, sharer } = parameters;
  const words = { recipient, purpose: purposeWords(purposeId(purpose)), sharer };
  return typedData(primaryType, contract, { ...words, ...linkIds(parameters) });
}

/** Signed by the patient for `ConsentRegistry.cut`. @throws INPUT_UNKNOWN_PURPOSE */
export const shareCutData = (contract: SigningContract, parameters: ShareCutParameters): TypedData<"ShareCut"> =>
  cutData("ShareCut", contract, parameters);

/** Signed by the patient for `ConsentRegistry.uncut`. @throws INPUT_UNKNOWN_PURPOSE */
export const shareUncutData = (contract: SigningContract, parameters: ShareCutParameters): TypedData<"ShareUncut"> =>
  cutData("ShareUncut", contract, parameters);
