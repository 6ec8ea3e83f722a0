import type { ContractTransactionResponse } from "ethers";
import type { ProviderId, SeriesId } from "../../../sdk/src/core/ids.ts";
import { purposeId } from "../../../sdk/src/core/vocabulary.ts";
import type { ConsentRegistry } from "../../../sdk/src/generated/types/index.ts";
import {
  consentGrantData,
  consentGrantsData,
  consentRequestData,
  consentRevocationData,
  consentRevocationsData,
  consentShareData,
  consentUnshareData,
  providerExclusionData,
  providerReadmissionData,
  recordConsentGrantData,
  recordConsentRevocationData,
  requestMuteData,
  requestUnmuteData,
  shareCutData,
  shareUncutData,
} from "../../../sdk/src/typed-data/index.ts";
import {
  type Agreement,
  type Authorization,
  type Build,
  type Decide,
  directly,
  ethers,
  type Fixture,
  load,
  type Provider,
  type Signer,
  termsOf,
} from "../fixture.ts";
import { agreementOf, type Circumstances } from "./decisions.ts";

export const series = ethers.id("a series") as SeriesId;
export const otherSeries = ethers.id("another series") as SeriesId;
const none = ethers.ZeroHash as SeriesId & ProviderId;

/** What is signed, and the call that carries it. */
export interface Verb {
  readonly build: Build;
  readonly call: (consents: ConsentRegistry, authorization: Authorization) => Promise<ContractTransactionResponse>;
}

/** An agreement for all records, or for one series. */
export type Item = Agreement & { readonly series?: SeriesId };
type Target = Pick<Item, "patient" | "grantee" | "recipient" | "purpose" | "series">;

export const grant = (agreement: Agreement): Verb => ({
  build: (contract, times) => consentGrantData(contract, { ...agreement, ...times }),
  call: (consents, authorization) => consents.grant(termsOf(agreement), authorization),
});
export const grantRecord = (agreement: Agreement, id: SeriesId = series): Verb => ({
  build: (contract, times) => recordConsentGrantData(contract, { ...agreement, series: id, ...times }),
  call: (consents, authorization) => consents.grantRecord(termsOf(agreement), id, authorization),
});
export const grantMany = (items: readonly Item[]): Verb => ({
  build: (contract, times) => consentGrantsData(contract, { grants: items, ...times }),
  call: (consents, authorization) =>
    consents.grantMany(
      items.map((item) => ({ terms: termsOf(item), series: item.series ?? none })),
      authorization,
    ),
});
export const revoke = ({ patient, grantee, recipient, purpose }: Target): Verb => ({
  build: (contract, times) => consentRevocationData(contract, { patient, grantee, recipient, purpose, ...times }),
  call: (consents, authorization) => consents.revoke(patient, grantee, purposeId(purpose), authorization),
});
export const revokeRecord = ({ patient, grantee, recipient, purpose }: Target, id: SeriesId = series): Verb => ({
  build: (contract, times) =>
    recordConsentRevocationData(contract, { patient, grantee, recipient, purpose, series: id, ...times }),
  call: (consents, authorization) => consents.revokeRecord(patient, id, grantee, purposeId(purpose), authorization),
});
export const revokeMany = (items: readonly Target[]): Verb => ({
  build: (contract, times) => consentRevocationsData(contract, { revocations: items, ...times }),
  call: (consents, authorization) =>
    consents.revokeMany(
      items[0]?.patient ?? none,
      items.map((item) => ({
        series: item.series ?? none,
        grantee: item.grantee,
        purpose: purposeId(item.purpose),
      })),
      authorization,
    ),
});

type About = Pick<Provider, "provider" | "name">;
export const exclude = ({ alice }: Fixture, { provider, name }: About): Verb => ({
  build: (contract, times) => providerExclusionData(contract, { patient: alice.patient, provider, name, ...times }),
  call: (consents, authorization) => consents.exclude(alice.patient, provider, authorization),
});
export const readmit = ({ alice }: Fixture, { provider, name }: About): Verb => ({
  build: (contract, times) => providerReadmissionData(contract, { patient: alice.patient, provider, name, ...times }),
  call: (consents, authorization) => consents.readmit(alice.patient, provider, authorization),
});
export const mute = ({ alice }: Fixture, about?: About): Verb => ({
  build: (contract, times) =>
    requestMuteData(contract, { patient: alice.patient, provider: about?.provider, name: about?.name, ...times }),
  call: (consents, authorization) => consents.mute(alice.patient, about?.provider ?? none, authorization),
});
export const unmute = ({ alice }: Fixture, about?: About): Verb => ({
  build: (contract, times) =>
    requestUnmuteData(contract, { patient: alice.patient, provider: about?.provider, name: about?.name, ...times }),
  call: (consents, authorization) => consents.unmute(alice.patient, about?.provider ?? none, authorization),
});
export const request = (agreement: Agreement): Verb => ({
  build: (contract, times) => consentRequestData(contract, { ...agreement, ...times }),
  call: (consents, authorization) => consents.requestConsent(termsOf(agreement), authorization),
});

export const idsOf = (providers: readonly Provider[]): ProviderId[] => providers.map(({ provider }) => provider);

export const share = (agreement: Agreement, chain: readonly Provider[], parentSerial: number): Verb => ({
  build: (contract, times) => consentShareData(contract, { ...agreement, chain: idsOf(chain), parentSerial, ...times }),
  call: (consents, authorization) => consents.share(termsOf(agreement), idsOf(chain), parentSerial, authorization),
});
const link = ({ alice }: Fixture, chain: readonly Provider[], to: About) => ({
  patient: alice.patient,
  chain: idsOf(chain),
  grantee: to.provider,
  recipient: to.name,
  purpose: "treatment" as const,
});
export const unshare = (f: Fixture, chain: readonly Provider[], to: About): Verb => ({
  build: (contract, times) => consentUnshareData(contract, { ...link(f, chain, to), ...times }),
  call: (consents, authorization) => consents.unshare(f.alice.patient, idsOf(chain), to.provider, 1, authorization),
});
export const cut = (f: Fixture, chain: readonly Provider[], to: About): Verb => ({
  build: (contract, times) =>
    shareCutData(contract, { ...link(f, chain, to), sharer: chain.at(-1)?.name ?? "", ...times }),
  call: (consents, authorization) => consents.cut(f.alice.patient, idsOf(chain), to.provider, 1, authorization),
});
export const uncut = (f: Fixture, chain: readonly Provider[], to: About): Verb => ({
  build: (contract, times) =>
    shareUncutData(contract, { ...link(f, chain, to), sharer: chain.at(-1)?.name ?? "", ...times }),
  call: (consents, authorization) => consents.uncut(f.alice.patient, idsOf(chain), to.provider, 1, authorization),
});

export interface Withheld {
  readonly authorization: Authorization;
  readonly submit: () => Promise<ContractTransactionResponse>;
}

/** Decided by alice in the next block, unless changed, and not yet on the chain. */
export async function decideVerb(
  f: Fixture,
  decide: Decide,
  verb: Verb,
  { signer = f.alice.wallet, ...times }: Circumstances = {},
): Promise<Withheld> {
  const { authorization, sender } = await decide(signer, f.consents, verb.build, times);
  return { authorization, submit: () => verb.call(f.consents.connect(sender), authorization) };
}

/** Decided directly, and on the chain. */
export const does = async (f: Fixture, verb: Verb, signer: Signer = f.alice.wallet) =>
  (await decideVerb(f, directly, verb, { signer })).submit();

/** One of each verb that a patient decides, by name, all of which take effect at once; and whether it widens access. */
export async function patientVerbs(f: Fixture): Promise<Record<string, { verb: Verb; widens: boolean }>> {
  const agreement = await agreementOf(f);
  const reading = { ...agreement, actions: ["read"] as const };
  const hospital = { ...agreement, grantee: f.hospital.provider, recipient: f.hospital.name };
  const chain = [f.clinic];
  return {
    grant: { verb: grant(agreement), widens: true },
    grantRecord: { verb: grantRecord(reading), widens: true },
    grantMany: { verb: grantMany([agreement, hospital, { ...reading, series }]), widens: true },
    revoke: { verb: revoke(agreement), widens: false },
    revokeRecord: { verb: revokeRecord(agreement), widens: false },
    revokeMany: { verb: revokeMany([agreement, hospital, { ...reading, series }]), widens: false },
    exclude: { verb: exclude(f, f.drBaker), widens: false },
    readmit: { verb: readmit(f, f.drBaker), widens: true },
    mute: { verb: mute(f, f.clinic), widens: false },
    muteAll: { verb: mute(f), widens: false },
    unmute: { verb: unmute(f, f.clinic), widens: true },
    unmuteAll: { verb: unmute(f), widens: true },
    cut: { verb: cut(f, chain, f.hospital), widens: false },
    uncut: { verb: uncut(f, chain, f.hospital), widens: true },
  };
}

export const patientVerbNames = [
  "grant",
  "grantRecord",
  "grantMany",
  "revoke",
  "revokeRecord",
  "revokeMany",
  "exclude",
  "readmit",
  "mute",
  "muteAll",
  "unmute",
  "unmuteAll",
  "cut",
  "uncut",
] as const;

/** Alice lets the clinic read, add and pass on. */
export async function shareable() {
  const f = await load();
  const agreement = await agreementOf(f, { actions: ["read", "write", "share"] });
  await does(f, grant(agreement));
  return { f, agreement };
}
