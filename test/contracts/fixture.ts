import { roles, selectorsOf } from "../../node/src/deploy/roles.ts";
import type { PatientId, ProviderId } from "../../sdk/src/core/ids.ts";
import type { Address, ProviderKind } from "../../sdk/src/core/types.ts";
import {
  type Action,
  actionMask,
  type Label,
  labelMask,
  type Purpose,
  purposeId,
} from "../../sdk/src/core/vocabulary.ts";
import type {
  AccessGate,
  ConsentRegistry,
  LogRegistry,
  PatientRegistry,
  ProviderRegistry,
  RecordRegistry,
  StewardCommittee,
} from "../../sdk/src/generated/types/index.ts";
import {
  affiliationAcceptanceData,
  affiliationProposalData,
  patientRegistrationData,
  providerAdmissionData,
} from "../../sdk/src/typed-data/index.ts";

import { type AccessManager, DAY, deploy, ethers, networkHelpers, type Signer } from "./chain.ts";
import { bySignature, LIFETIME, relayer } from "./ways.ts";

export * from "./chain.ts";
export * from "./ways.ts";

export const MAX_DURATION = 3653 * DAY;
export const EMERGENCY_DELAY = DAY;
/** From an announcement until it takes effect. */
export const PATIENT_DELAY = 7 * DAY;
/** How long a freeze lasts, an executor waits, and approvals count. */
export const PATIENT_WINDOW = 30 * DAY;
/** From the announcement of a provider's new key until it counts. */
export const KEY_DELAY = 7 * DAY;
export const ERASURE_DELAY = 7 * DAY;
export const SESSION_LIFETIME = DAY / 2;
export const EMERGENCY_LIFETIME = DAY / 6;
export const DENIALS_PER_DAY = 32;
export const NEW_KEY_DELAY = 7 * DAY;
/** `IProviderRegistry.ProviderKind`, by number. */
export const kinds = [
  "none",
  "hospital",
  "clinic",
  "laboratory",
  "pharmacy",
  "payer",
  "researcher",
  "manufacturer",
  "agency",
  "regulator",
  "practitioner",
] as const;
/** `Denial`, by name. */
export const denials = {
  none: 0n,
  patientUnknown: 1n,
  actorUnknown: 2n,
  actorNotActive: 3n,
  organisationNotActive: 4n,
  notAffiliated: 5n,
  callerNotActor: 6n,
  personRequired: 7n,
  pathUnknown: 8n,
  noConsent: 9n,
  consentRevoked: 10n,
  consentNotYetValid: 11n,
  consentExpired: 12n,
  labelsNotCovered: 13n,
  actionNotGranted: 14n,
  authorshipMissing: 15n,
  excluded: 16n,
  shareEnded: 17n,
  recordErased: 18n,
  seriesHidden: 19n,
  emergencyOptedOut: 20n,
  emergencyLocked: 21n,
  emergencyNotAllowed: 22n,
  delegateMissing: 23n,
  powerMissing: 24n,
} as const;
export const nobody = ethers.ZeroHash as ProviderId & PatientId;
export const direct = { organisation: nobody, chain: [], bySeries: false };
export const throughOrganisation = (organisation: ProviderId) => ({ organisation, chain: [], bySeries: false });

/** What a patient agrees to, in words and in the contract's numbers. */
export interface Agreement {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  readonly recipient: string;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  readonly actions: readonly Action[];
  readonly from: number;
  readonly until: number;
}

export const termsOf = (agreement: Agreement) => ({
  patient: agreement.patient,
  grantee: agreement.grantee,
  purpose: purposeId(agreement.purpose),
  labels: labelMask(agreement.labels),
  actions: actionMask(agreement.actions),
  notBefore: agreement.from,
  notAfter: agreement.until,
  document: ethers.ZeroHash,
});

/** The whole minute at or before a second. */
export const minute = (second: number): number => second - (second % 60);

/** How long what a patient announces takes, and a freeze lasts. */
export interface PatientTimes {
  readonly delay: number;
  readonly window: number;
}

/** Every contract, and the roles of `node/src/deploy`. */
async function deployRegistries({ delay, window }: PatientTimes) {
  const [admin, registrar, officer] = (await ethers.getSigners()) as [Signer, Signer, Signer];
  const manager = await deploy<AccessManager>("AccessManager", [admin.address]);
  const validator = await deploy("SignatureValidator");
  const patients = await deploy<PatientRegistry>("PatientRegistry", [manager, LIFETIME, delay, window, validator]);
  const providers = await deploy<ProviderRegistry>("ProviderRegistry", [manager, LIFETIME, KEY_DELAY, validator]);
  const consents = await deploy<ConsentRegistry>("ConsentRegistry", [
    patients,
    providers,
    LIFETIME,
    MAX_DURATION,
    validator,
  ]);
  const records = await deploy<RecordRegistry>("RecordRegistry", [
    patients,
    providers,
    consents,
    ERASURE_DELAY,
    LIFETIME,
    validator,
  ]);
  const gate = await deploy<AccessGate>("AccessGate", [
    manager,
    { patients, providers, consents, records },
    { sessionLifetime: SESSION_LIFETIME, emergencyLifetime: EMERGENCY_LIFETIME, denialsPerDay: DENIALS_PER_DAY },
    LIFETIME,
    validator,
  ]);
  const committee = await deploy<StewardCommittee>("StewardCommittee", [manager, providers, NEW_KEY_DELAY]);
  const logs = await deploy<LogRegistry>("LogRegistry", [providers]);
  const targets = {
    accessGate: gate,
    patientRegistry: patients,
    providerRegistry: providers,
    stewardCommittee: committee,
  };
  for (const role of Object.values(roles)) {
    await manager.setTargetFunctionRole(targets[role.contract], selectorsOf(role), role.id);
  }
  await manager.grantRole(roles.registrar.id, registrar, 0);
  await manager.grantRole(roles.emergencyOfficer.id, officer, EMERGENCY_DELAY);
  const privacyOfficer = (await ethers.getSigners()).at(-2) as Signer;
  await manager.grantRole(roles.privacyOfficer.id, privacyOfficer, 0);
  const recoveryOfficer = (await ethers.getSigners()).at(-3) as Signer;
  await manager.grantRole(roles.recoveryOfficer.id, recoveryOfficer, 0);
  await manager.grantRole(roles.committeeAdmin.id, admin, 0);
  return {
    admin,
    registrar,
    officer,
    privacyOfficer,
    recoveryOfficer,
    manager,
    validator,
    patients,
    providers,
    consents,
    records,
    gate,
    committee,
    logs,
  };
}

type Registries = Awaited<ReturnType<typeof deployRegistries>>;
export interface Provider {
  readonly provider: ProviderId;
  readonly key: Signer;
  readonly name: string;
}
export interface Patient {
  readonly patient: PatientId;
  readonly wallet: Signer;
}

export const saltOf = (name: string): string => ethers.id(`salt of ${name}`);
export const admissionOf = (kind: ProviderKind, name: string) => ({
  salt: saltOf(name),
  kind: kinds.indexOf(kind),
  nameHash: ethers.id(name),
  skeletonHash: ethers.id(`skeleton of ${name.toLowerCase()}`),
  licence: kind === "practitioner" ? ethers.id(`licence of ${name}`) : ethers.ZeroHash,
});

/** Registers a provider with `key` as its first. */
export async function admit(
  { providers, registrar }: Pick<Registries, "providers" | "registrar">,
  kind: ProviderKind,
  name: string,
  key: Signer,
): Promise<Provider> {
  const salt = saltOf(name) as Address;
  const provider = (await providers.providerIdOf(key, salt)) as ProviderId;
  const { authorization } = await bySignature(key, providers, (contract, times) =>
    providerAdmissionData(contract, { name, kind, provider, salt, ...times }),
  );
  await providers.connect(registrar).register(admissionOf(kind, name), authorization);
  return { provider, key, name };
}

/** Proposed by the organisation and accepted by the practitioner. */
export async function affiliate(
  { providers }: Pick<Registries, "providers">,
  organisation: Provider,
  practitioner: Provider,
) {
  const pair = {
    organisation: organisation.provider,
    practitioner: practitioner.provider,
    organisationName: organisation.name,
    practitionerName: practitioner.name,
  };
  const proposal = await bySignature(organisation.key, providers, (contract, times) =>
    affiliationProposalData(contract, { ...pair, ...times }),
  );
  await providers.proposeAffiliation(pair.organisation, pair.practitioner, proposal.authorization);
  const acceptance = await bySignature(practitioner.key, providers, (contract, times) =>
    affiliationAcceptanceData(contract, { ...pair, ...times }),
  );
  await providers.acceptAffiliation(pair.organisation, pair.practitioner, acceptance.authorization);
}

/** Registers a patient controlled by `wallet`. */
export async function registerPatient({ patients }: Pick<Registries, "patients">, wallet: Signer): Promise<Patient> {
  const salt = saltOf(wallet.address);
  const patient = (await patients.patientIdOf(wallet, salt)) as PatientId;
  const ownerKeyHash = ethers.id(`owner key of ${wallet.address}`) as Address;
  const { authorization } = await bySignature(wallet, patients, (contract, times) =>
    patientRegistrationData(contract, { patient, ownerKeyHash, ...times }),
  );
  await patients.register(salt, ownerKeyHash, authorization);
  return { patient, wallet };
}

/** Registries, and the people every story needs: only drBaker is of the clinic, only the hospital may author. */
export async function fixture(times: PatientTimes = { delay: PATIENT_DELAY, window: PATIENT_WINDOW }) {
  const registries = await deployRegistries(times);
  const [, , , aliceWallet, bobWallet, clinicKey, hospitalKey, drBakerKey, drChenKey, mallory, spare] =
    (await ethers.getSigners()) as [...Signer[]] & { 10: Signer };
  const clinic = await admit(registries, "clinic", "Riverside Clinic", clinicKey as Signer);
  const hospital = await admit(registries, "hospital", "General Hospital", hospitalKey as Signer);
  const drBaker = await admit(registries, "practitioner", "Dr Ann Baker", drBakerKey as Signer);
  const drChen = await admit(registries, "practitioner", "Dr Li Chen", drChenKey as Signer);
  await affiliate(registries, clinic, drBaker);
  await registries.providers.connect(registries.registrar).grantAuthorship(hospital.provider);
  const alice = await registerPatient(registries, aliceWallet as Signer);
  const bob = await registerPatient(registries, bobWallet as Signer);
  return {
    ...registries,
    clinic,
    hospital,
    drBaker,
    drChen,
    alice,
    bob,
    relayer,
    mallory: mallory as Signer,
    spare: spare as Signer,
  };
}

export type Fixture = Awaited<ReturnType<typeof fixture>>;
const usual = (): Promise<Fixture> => fixture();
export const load = (): Promise<Fixture> => networkHelpers.loadFixture(usual);
