import type { ContractTransactionResponse } from "ethers";
import type { PatientId, ProviderId, RecordId } from "../../../sdk/src/core/ids.ts";
import { type Label, labelMask, type Purpose, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import { type DecisionTimes, recordAnchorData, recordRetractionData } from "../../../sdk/src/typed-data/index.ts";
import { agreementOf, decideGrant } from "../consent/decisions.ts";
import { type Authorization, type Decide, directly, ethers, type Fixture, nobody, type Signer } from "../fixture.ts";

export const record = ethers.id("a record") as RecordId;

/** A record to be anchored, in words. */
export interface Draft {
  readonly patient: PatientId;
  readonly recordId: RecordId;
  readonly labels: readonly Label[];
  readonly purpose: Purpose;
  readonly organisation?: ProviderId;
}

/** Who signs, and when, other than in the next block. */
export interface Circumstances extends Partial<DecisionTimes> {
  readonly signer?: Signer;
}

/** Decided, and not yet on the chain. */
export interface Withheld {
  readonly authorization: Authorization;
  submit(changes?: Partial<Authorization>, sender?: Signer): Promise<ContractTransactionResponse>;
}

/** A laboratory result of alice, by the hospital. */
export const draftOf = ({ alice }: Fixture, changes: Partial<Draft> = {}): Draft => ({
  patient: alice.patient,
  recordId: record,
  labels: ["laboratory"],
  purpose: "treatment",
  ...changes,
});

/** Alice lets the hospital, which may author, read and add laboratory and medications. */
export async function letHospitalWrite(f: Fixture): Promise<void> {
  const agreement = await agreementOf(f, { grantee: f.hospital.provider, recipient: f.hospital.name });
  await (await decideGrant(f, directly, agreement)).submit();
}

/** By the hospital unless somebody else signs. */
export async function decideAnchor(
  f: Fixture,
  decide: Decide,
  { patient, recordId, labels, purpose, organisation }: Draft,
  { signer = f.hospital.key, ...times }: Circumstances = {},
): Promise<Withheld> {
  const via = { organisation: organisation ?? nobody, chain: [], bySeries: false };
  const { authorization, sender } = await decide(
    signer,
    f.records,
    (contract, at) => recordAnchorData(contract, { patient, recordId, labels, purpose, via, ...at }),
    times,
  );
  const args = [patient, recordId, labelMask(labels), purposeId(purpose), via] as const;
  return {
    authorization,
    submit: (changes = {}, from = sender) => f.records.connect(from).anchor(...args, { ...authorization, ...changes }),
  };
}

/** By the hospital unless somebody else signs. */
export async function decideRetract(
  f: Fixture,
  decide: Decide,
  author: PatientId | ProviderId,
  { signer = f.hospital.key, ...times }: Circumstances = {},
  recordId: RecordId = record,
): Promise<Withheld> {
  const { authorization, sender } = await decide(
    signer,
    f.records,
    (contract, at) => recordRetractionData(contract, { recordId, author, ...at }),
    times,
  );
  return {
    authorization,
    submit: (changes = {}, from = sender) =>
      f.records.connect(from).retract(recordId, author, { ...authorization, ...changes }),
  };
}

/** The block of the anchor of a draft under an author. */
export const anchoredAt = (f: Fixture, { patient, recordId, labels }: Draft, author: PatientId | ProviderId) =>
  f.records.anchoredAt(patient, recordId, labelMask(labels), author);
