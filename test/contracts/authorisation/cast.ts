import type { PatientId } from "../../../sdk/src/core/ids.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import { providerKeyAdditionData } from "../../../sdk/src/typed-data/index.ts";
import { type Scene as CommitteeScene, publicationOf, publish } from "../access/committees.ts";
import { qualify } from "../access/emergencies.ts";
import { decideVerb, exclude } from "../consent/verbs.ts";
import {
  admit,
  affiliate,
  bySignature,
  DAY,
  ethers,
  fixture,
  minute,
  networkHelpers,
  now,
  PATIENT_DELAY,
  PATIENT_WINDOW,
  type Provider,
  type Signer,
  saltOf,
} from "../fixture.ts";
import { announceTrustees, appoint, keyHash, land, registerMinor } from "../identity/patients.ts";
import type { Who } from "../roles.ts";

/** Everybody in their role, and the contracts they call. */
export interface Cast extends CommitteeScene {
  readonly people: Readonly<Record<Who, Signer>>;
  /** Whose key it is. */
  readonly providerOf: Readonly<Partial<Record<Who, Provider>>>;
  readonly trustees: readonly [Signer, Signer, Signer];
  /** A practitioner with the emergency privilege, who vouches for others. */
  readonly colleague: Provider;
  /** Second key of the clinic. */
  readonly clinicSpare: Signer;
  /** A minor. */
  readonly mia: PatientId;
  readonly majorityAt: number;
}

export const YEAR = 365 * DAY;

/** A wallet that signs, and needs no money: others carry its decisions. */
export const walletOf = (name: string): Signer =>
  new ethers.Wallet(ethers.id(`wallet of the ${name}`), ethers.provider) as unknown as Signer;

export async function openMinor(
  f: Pick<Cast, "patients">,
  name: string,
  guardians: readonly [Signer, ...Signer[]],
): Promise<{ readonly patient: PatientId; readonly majorityAt: number }> {
  const salt = saltOf(name);
  const patient = (await f.patients.patientIdOf(guardians[0], salt)) as PatientId;
  const majorityAt = minute(await now()) + 2 * YEAR;
  const terms = { salt, ownerKeyHash: keyHash(name), majorityAt, guardians, together: guardians.length > 1 };
  await land(f, guardians[0], registerMinor(patient, terms));
  return { patient, majorityAt };
}

/** Takes `key` in as another key of the provider. */
export async function addKey(f: Pick<Cast, "providers">, holder: Provider, key: Signer): Promise<void> {
  const joins: Parameters<typeof bySignature>[2] = (contract, times) =>
    providerKeyAdditionData(contract, {
      name: holder.name,
      key: key.address as Address,
      provider: holder.provider,
      ...times,
    });
  const joining = await bySignature(key, f.providers, joins);
  const { authorization } = await bySignature(holder.key, f.providers, joins);
  await f.providers.addKey(holder.provider, joining.authorization, authorization);
}

/** The play before its first scene: all roles are given, and nothing has been decided about records. */
export async function cast(): Promise<Cast> {
  const f = await fixture();
  const { alice, clinic } = f;
  const practitioner = (name: string) => admit(f, "practitioner", name, walletOf(name));
  const suspended = await practitioner("Dr Omar Haddad");
  const excluded = await practitioner("Dr Paula Stone");
  const colleague = await practitioner("Dr Ines Moreau");
  for (const doctor of [suspended, excluded]) await affiliate(f, clinic, doctor);
  for (const { provider } of [f.drBaker, f.drChen, suspended, excluded]) {
    await f.providers.connect(f.registrar).grantAuthorship(provider);
  }
  await qualify(f, f.drBaker, suspended, excluded, colleague);
  const clinicSpare = walletOf("clinic's spare");
  await addKey(f, clinic, clinicSpare);
  const stewards: Provider[] = [];
  for (const name of ["Steward A", "Steward B", "Steward C", "Steward D"]) {
    stewards.push(await admit(f, "agency", name, walletOf(name)));
  }
  const scene = { ...f, stewards };
  await publish(scene, publicationOf(stewards));

  const [guardian, proxy, executor] = [walletOf("guardian"), walletOf("proxy"), walletOf("executor")];
  const trustees = [walletOf("trustee"), walletOf("trustee Tina"), walletOf("trustee Tess")] as const;
  const { patient: mia, majorityAt } = await openMinor(f, "Mia", [guardian]);
  const until = minute(await now()) + 10 * YEAR;
  await land(f, alice.wallet, appoint(alice.patient, proxy, "proxy", until));
  await land(f, alice.wallet, appoint(alice.patient, executor, "executor", until));
  await land(f, alice.wallet, announceTrustees(alice.patient, trustees, 2));
  await networkHelpers.time.increase(PATIENT_DELAY);
  await f.patients.connect(f.recoveryOfficer).attestDeath(alice.patient);
  await networkHelpers.time.increase(PATIENT_WINDOW);
  await (await decideVerb(f, bySignature, exclude(f, excluded))).submit();
  await f.providers.connect(f.registrar).suspend(suspended.provider);

  return {
    ...scene,
    people: {
      stranger: f.mallory,
      relayer: f.relayer,
      patient: alice.wallet,
      guardian,
      proxy,
      executor,
      trustee: trustees[0],
      practitioner: f.drChen.key,
      affiliated: f.drBaker.key,
      suspended: suspended.key,
      excluded: excluded.key,
      registrar: f.registrar,
      steward: (stewards[0] as Provider).key,
      admin: f.admin,
      organisation: clinic.key,
      emergencyOfficer: f.officer,
      privacyOfficer: f.privacyOfficer,
      recoveryOfficer: f.recoveryOfficer,
      newcomer: walletOf("newcomer"),
      manager: { address: await f.manager.getAddress() } as Signer,
    },
    providerOf: {
      practitioner: f.drChen,
      affiliated: f.drBaker,
      suspended,
      excluded,
      steward: stewards[0] as Provider,
      organisation: clinic,
    },
    trustees,
    colleague,
    clinicSpare,
    mia,
    majorityAt,
  };
}
