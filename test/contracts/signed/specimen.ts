import type { BaseContract, ContractTransactionResponse } from "ethers";
import type { PatientId, ProviderId } from "../../../sdk/src/core/ids.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import { providerKeyAdditionData, type TypedDataName } from "../../../sdk/src/typed-data/index.ts";
import {
  type Authorization,
  type Build,
  bySignature,
  DAY,
  directly,
  ethers,
  type Fixture,
  minute,
  networkHelpers,
  now,
  type Provider,
  type Signer,
} from "../fixture.ts";
import * as patientVerbs from "../identity/patients.ts";
import { keyHash } from "../identity/patients.ts";

/** One decision, as it is signed and as it is submitted. */
export interface Signable {
  readonly build: Build;
  readonly call: (sender: Signer, authorization: Authorization) => Promise<ContractTransactionResponse>;
}

/** A decision that may be made, in a world prepared for it. */
export interface Prepared extends Signable {
  /** Whose errors refuse it. */
  readonly contract: BaseContract;
  /** What the decision changes. */
  readonly state: () => Promise<unknown>;
  /** Who must carry it, if not just anybody. */
  readonly caller?: Signer;
  /** Of the same signer, on the same register. */
  readonly opposite?: Signable;
  /** Another one of the same verb on the same register. */
  readonly rival?: Signable;
  /** Whose head it is measured against. */
  readonly patient?: PatientId;
}

/**
 * Widens: takes effect only if newer than its register. Narrows: if not older. Once: there is no register, an id is used up.
 */
export type Kind = "widens" | "narrows" | "once";

/** One of each signed type and each verb. */
export interface Specimen {
  /** Contract and function. */
  readonly verb: string;
  readonly type: TypedDataName;
  readonly kind: Kind;
  /** Who signs: `prepare` makes the signer that. */
  readonly by: "patient" | "provider" | "trustee" | "newcomer" | "steward" | "guardian";
  readonly prepare: (f: Fixture, signer: Signer) => Promise<Prepared>;
  /** Whether a proxy may decide it, too. */
  readonly byProxy?: boolean;
  /** Why nobody can call it in their own name. */
  readonly neverDirect?: string;
  /** Why no contract can sign it. */
  readonly keysOnly?: string;
  /** The error for a signature that is none; AuthorizationSignatureInvalid unless given. */
  readonly invalid?: string;
}

export const specimen = (
  verb: string,
  type: TypedDataName,
  kind: Kind,
  by: Specimen["by"],
  prepare: Specimen["prepare"],
  rest: Partial<Specimen> = {},
): Specimen => ({ verb, type, kind, by, prepare, ...rest });

const nothing = (() => undefined) as never;

/** The signer's own call, in the next block. */
export const own = async (signer: Signer): Promise<Authorization> =>
  (await directly(signer, undefined as never, nothing)).authorization;

/** A wallet that is not there yet must call nothing: it could not come any more. */
const isThere = (signer: Signer): boolean => !("undeployed" in signer);

/** Decides something before the signer does. */
export type Before = (patient: PatientId, owner: Signer) => Promise<unknown>;

/** Makes the signer the controller of a new record; one that is not there yet is handed it over. */
export async function newPatient(
  f: Fixture,
  signer: Signer,
  before: Before = async () => undefined,
): Promise<PatientId> {
  const owner = isThere(signer) ? signer : f.mallory;
  const patients = f.patients.connect(owner);
  const salt = ethers.id("salt of a specimen");
  const patient = (await f.patients.patientIdOf(owner.address, salt)) as PatientId;
  await patients.register(salt, keyHash("of a specimen"), await own(owner));
  if (isThere(signer)) {
    await before(patient, owner);
    return patient;
  }
  const half = Math.ceil(Number(await f.patients.patientDelay()) / 2);
  await patients.announceController(patient, signer.address, await own(owner));
  await networkHelpers.time.increase(half);
  await before(patient, owner);
  await networkHelpers.time.increase(half);
  return patient;
}

/** The signer's key speaks for the provider, too. */
export async function joins(f: Fixture, { provider, name, key }: Provider, signer: Signer): Promise<void> {
  const build: Build = (contract, times) =>
    providerKeyAdditionData(contract, { name, key: signer.address as Address, provider, ...times });
  const held = await bySignature(key, f.providers, build);
  const joining = await (isThere(signer) ? directly : bySignature)(signer, f.providers, build, held.authorization);
  await f.providers.connect(joining.sender).addKey(provider, joining.authorization, held.authorization);
}

/** Names trustees, of whom two decide. */
export async function announces(
  f: Fixture,
  patient: PatientId,
  owner: Signer,
  people: readonly Signer[],
): Promise<void> {
  const { call } = patientVerbs.announceTrustees(patient, people, 2);
  await call(f.patients.connect(owner), await own(owner));
}

/** The same, until they may decide. */
export async function trusts(...given: Parameters<typeof announces>): Promise<void> {
  await announces(...given);
  await networkHelpers.time.increase(Number(await given[0].patients.patientDelay()));
}

export const inAYear = async (): Promise<number> => minute(await now()) + 365 * DAY;

export const idsOf = (providers: readonly Provider[]): ProviderId[] => providers.map(({ provider }) => provider);
