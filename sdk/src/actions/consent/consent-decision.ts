import type { ContractTransaction } from "ethers";
import { type Contracts, encodeVia } from "../../chain/index.ts";
import { noId, type PatientId, type ProviderId, type SeriesId } from "../../core/ids.ts";
import type { SignedAuthorization } from "../../core/types.ts";
import { type Purpose, purposeId } from "../../core/vocabulary.ts";
import {
  consentGrantData,
  consentGrantsData,
  consentRequestData,
  consentRevocationData,
  consentRevocationsData,
  consentShareData,
  consentUnshareData,
  type DecisionTimes,
  everythingRevocationData,
  providerExclusionData,
  providerReadmissionData,
  recordConsentGrantData,
  recordConsentRevocationData,
  requestMuteData,
  requestUnmuteData,
  type SigningContract,
  shareCutData,
  shareUncutData,
  type TypedData,
} from "../../typed-data/index.ts";
import { type ConsentTerms, encodeTerms } from "./consent-terms.ts";

/** Terms for all records, or for one series. */
export type GrantTerms = ConsentTerms & { readonly series?: SeriesId | undefined };

/** Whom to shut out, for what; of one series, or of the consent to all records. */
export interface RevocationTerms {
  readonly grantee: ProviderId;
  readonly purpose: Purpose;
  readonly series?: SeriesId | undefined;
}

/** One step of a path: what the last of `chain` passed on to `grantee`. */
export interface ShareLink {
  readonly patient: PatientId;
  /** From the patient's direct grantee to the sharer. */
  readonly chain: readonly ProviderId[];
  readonly grantee: ProviderId;
  readonly purpose: Purpose;
}

/** Everything that is decided about consents; plain JSON. */
export type ConsentDecision =
  | { readonly decision: "grant" | "request"; readonly terms: ConsentTerms }
  | { readonly decision: "grant-record"; readonly terms: ConsentTerms; readonly series: SeriesId }
  | { readonly decision: "grant-many"; readonly grants: readonly GrantTerms[] }
  | {
      readonly decision: "revoke";
      readonly patient: PatientId;
      readonly grantee: ProviderId;
      readonly purpose: Purpose;
    }
  | {
      readonly decision: "revoke-record";
      readonly patient: PatientId;
      readonly grantee: ProviderId;
      readonly purpose: Purpose;
      readonly series: SeriesId;
    }
  | {
      readonly decision: "revoke-many";
      readonly patient: PatientId;
      readonly revocations: readonly RevocationTerms[];
    }
  | { readonly decision: "revoke-all"; readonly patient: PatientId }
  | { readonly decision: "exclude" | "readmit"; readonly patient: PatientId; readonly provider: ProviderId }
  | {
      readonly decision: "mute" | "unmute";
      readonly patient: PatientId;
      /** Everybody, if undefined. */
      readonly provider?: ProviderId | undefined;
    }
  | {
      readonly decision: "share";
      readonly terms: ConsentTerms;
      readonly chain: readonly ProviderId[];
      /** Serial of what the sharer holds. */
      readonly parentSerial: number;
    }
  | ({ readonly decision: "unshare" | "cut" | "uncut" } & ShareLink);

/** Whether it narrows access: then it may share its second with the decision before it. */
export const isRestrictive = ({ decision }: ConsentDecision): boolean =>
  ["revoke", "revoke-record", "revoke-many", "exclude", "mute", "unshare", "cut"].includes(decision);

/** Which contract acts on it. */
export const contractOf = ({ decision }: ConsentDecision): "consentRegistry" | "patientRegistry" =>
  decision === "revoke-all" ? "patientRegistry" : "consentRegistry";

/** Whose names the wallet shows. */
export function namedIn(decided: ConsentDecision): readonly ProviderId[] {
  switch (decided.decision) {
    case "grant":
    case "request":
    case "grant-record":
    case "share":
      return [decided.terms.grantee];
    case "grant-many":
      return decided.grants.map(({ grantee }) => grantee);
    case "revoke-many":
      return decided.revocations.map(({ grantee }) => grantee);
    case "revoke":
    case "revoke-record":
    case "unshare":
      return [decided.grantee];
    case "cut":
    case "uncut":
      return [decided.grantee, ...decided.chain.slice(-1)];
    case "exclude":
    case "readmit":
      return [decided.provider];
    case "mute":
    case "unmute":
      return decided.provider === undefined ? [] : [decided.provider];
    case "revoke-all":
      return [];
  }
}

/** What the wallet shows, and what is signed. */
export function dataOf(
  contract: SigningContract,
  decided: ConsentDecision,
  nameOf: (provider: ProviderId) => string,
  times: DecisionTimes,
): TypedData {
  const named = <Terms extends { readonly grantee: ProviderId }>(terms: Terms) => ({
    ...terms,
    recipient: nameOf(terms.grantee),
  });
  switch (decided.decision) {
    case "grant":
      return consentGrantData(contract, { ...named(decided.terms), ...times });
    case "request":
      return consentRequestData(contract, { ...named(decided.terms), ...times });
    case "grant-record":
      return recordConsentGrantData(contract, { ...named(decided.terms), series: decided.series, ...times });
    case "grant-many":
      return consentGrantsData(contract, { grants: decided.grants.map(named), ...times });
    case "revoke":
      return consentRevocationData(contract, { ...named(decided), ...times });
    case "revoke-record":
      return recordConsentRevocationData(contract, { ...named(decided), ...times });
    case "revoke-many": {
      const { patient, revocations } = decided;
      const items = revocations.map((item) => ({ ...named(item), patient }));
      return consentRevocationsData(contract, { revocations: items, ...times });
    }
    case "revoke-all":
      return everythingRevocationData(contract, { patient: decided.patient, ...times });
    case "exclude":
      return providerExclusionData(contract, { ...decided, name: nameOf(decided.provider), ...times });
    case "readmit":
      return providerReadmissionData(contract, { ...decided, name: nameOf(decided.provider), ...times });
    case "mute":
    case "unmute": {
      const { patient, provider } = decided;
      const name = provider === undefined ? undefined : nameOf(provider);
      const build = decided.decision === "mute" ? requestMuteData : requestUnmuteData;
      return build(contract, { patient, provider, name, ...times });
    }
    case "share": {
      const { terms, chain, parentSerial } = decided;
      return consentShareData(contract, { ...named(terms), chain, parentSerial, ...times });
    }
    case "unshare":
      return consentUnshareData(contract, { ...named(decided), ...times });
    case "cut":
    case "uncut": {
      const build = decided.decision === "cut" ? shareCutData : shareUncutData;
      return build(contract, {
        ...named(decided),
        sharer: nameOf(decided.chain.at(-1) ?? (noId as ProviderId)),
        ...times,
      });
    }
  }
}

/** The transaction that carries it. */
export function callOf(
  { consentRegistry, patientRegistry }: Contracts,
  decided: ConsentDecision,
  authorization: SignedAuthorization,
): Promise<ContractTransaction> {
  switch (decided.decision) {
    case "grant":
      return consentRegistry.grant.populateTransaction(encodeTerms(decided.terms), authorization);
    case "request":
      return consentRegistry.requestConsent.populateTransaction(encodeTerms(decided.terms), authorization);
    case "grant-record": {
      const { terms, series } = decided;
      return consentRegistry.grantRecord.populateTransaction(encodeTerms(terms), series, authorization);
    }
    case "grant-many": {
      const items = decided.grants.map((item) => ({ terms: encodeTerms(item), series: item.series ?? noId }));
      return consentRegistry.grantMany.populateTransaction(items, authorization);
    }
    case "revoke": {
      const { patient, grantee, purpose } = decided;
      return consentRegistry.revoke.populateTransaction(patient, grantee, purposeId(purpose), authorization);
    }
    case "revoke-record": {
      const { patient, series, grantee, purpose } = decided;
      const id = purposeId(purpose);
      return consentRegistry.revokeRecord.populateTransaction(patient, series, grantee, id, authorization);
    }
    case "revoke-many": {
      const items = decided.revocations.map(({ series, grantee, purpose }) => ({
        ...{ series: series ?? noId, grantee, purpose: purposeId(purpose) },
      }));
      return consentRegistry.revokeMany.populateTransaction(decided.patient, items, authorization);
    }
    case "revoke-all":
      return patientRegistry.revokeAll.populateTransaction(decided.patient, authorization);
    case "exclude":
    case "readmit":
      return consentRegistry[decided.decision].populateTransaction(decided.patient, decided.provider, authorization);
    case "mute":
    case "unmute": {
      const { patient, provider } = decided;
      return consentRegistry[decided.decision].populateTransaction(patient, provider ?? noId, authorization);
    }
    case "share": {
      const { terms, chain, parentSerial } = decided;
      return consentRegistry.share.populateTransaction(encodeTerms(terms), [...chain], parentSerial, authorization);
    }
    case "unshare":
    case "cut":
    case "uncut": {
      const { patient, chain, grantee, purpose } = decided;
      return consentRegistry[decided.decision].populateTransaction(
        patient,
        encodeVia({ chain }).chain,
        grantee,
        purposeId(purpose),
        authorization,
      );
    }
  }
}
