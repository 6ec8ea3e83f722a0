import type { ContractTransactionResponse } from "ethers";
import { type Purpose, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import type { IConsentGrants } from "../../../sdk/src/generated/types/ConsentRegistry.ts";
import type { DecisionTimes } from "../../../sdk/src/typed-data/index.ts";
import {
  consentGrantData,
  consentRevocationData,
  everythingRevocationData,
} from "../../../sdk/src/typed-data/index.ts";
import {
  type Agreement,
  type Authorization,
  DAY,
  type Decide,
  type Fixture,
  minute,
  now,
  type Signer,
  termsOf,
} from "../fixture.ts";

/** Who decides, other than alice, and when, other than in the next block. */
export interface Circumstances extends Partial<DecisionTimes> {
  readonly signer?: Signer | undefined;
}

type Submit = () => Promise<ContractTransactionResponse>;

/** Decided, and not yet on the chain: whoever holds it may `submit` it when they like. */
export interface Withheld {
  readonly authorization: Authorization;
  readonly submit: Submit;
}

/** Alice lets the clinic read and add laboratory and medications, for treatment, from this minute for thirty days. */
export async function agreementOf({ alice, clinic }: Fixture, changes: Partial<Agreement> = {}): Promise<Agreement> {
  const from = changes.from ?? minute(await now());
  return {
    patient: alice.patient,
    grantee: clinic.provider,
    recipient: clinic.name,
    purpose: "treatment",
    labels: ["laboratory", "medications"],
    actions: ["read", "write"],
    from,
    until: from + 30 * DAY,
    ...changes,
  };
}

export async function decideGrant(
  f: Fixture,
  decide: Decide,
  agreement: Agreement,
  { signer = f.alice.wallet, ...times }: Circumstances = {},
): Promise<Withheld> {
  const { authorization, sender } = await decide(
    signer,
    f.consents,
    (contract, at) => consentGrantData(contract, { ...agreement, ...at }),
    times,
  );
  return { authorization, submit: () => f.consents.connect(sender).grant(termsOf(agreement), authorization) };
}

export async function decideRevoke(
  f: Fixture,
  decide: Decide,
  { patient, grantee, recipient, purpose }: Pick<Agreement, "patient" | "grantee" | "recipient" | "purpose">,
  { signer = f.alice.wallet, ...times }: Circumstances = {},
): Promise<Withheld> {
  const { authorization, sender } = await decide(
    signer,
    f.consents,
    (contract, at) => consentRevocationData(contract, { patient, grantee, recipient, purpose, ...at }),
    times,
  );
  const submit: Submit = () => f.consents.connect(sender).revoke(patient, grantee, purposeId(purpose), authorization);
  return { authorization, submit };
}

export async function decideRevokeAll(
  f: Fixture,
  decide: Decide,
  { signer = f.alice.wallet, ...times }: Circumstances = {},
): Promise<Withheld> {
  const { patient } = f.alice;
  const { authorization, sender } = await decide(
    signer,
    f.patients,
    (contract, at) => everythingRevocationData(contract, { patient, ...at }),
    times,
  );
  return { authorization, submit: () => f.patients.connect(sender).revokeAll(patient, authorization) };
}

/** The consent slot of an agreement. */
export const slotOf = (
  f: Fixture,
  { patient, grantee, purpose }: { patient: string; grantee: string; purpose: Purpose },
): Promise<IConsentGrants.ConsentStructOutput> => f.consents.consentOf(patient, grantee, purposeId(purpose));
