import type { ContractTransactionResponse } from "ethers";
import { roles, selectorsOf } from "../../../node/src/deploy/roles.ts";
import type { PatientId, SeriesId } from "../../../sdk/src/core/ids.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import type { PatientRegistry } from "../../../sdk/src/generated/types/index.ts";
import {
  type AppointedKind,
  changeCancellationData,
  controllerChangeData,
  type DecisionTimes,
  deathObjectionData,
  delegateAppointmentData,
  delegateDismissalData,
  emergencyOptInData,
  emergencyOptOutData,
  everythingRevocationData,
  guardianRetentionData,
  guardianshipAcceptanceData,
  keyHeaderChangeData,
  majorityClaimData,
  minorRegistrationData,
  ownerKeyChangeData,
  type PatientChange,
  patientChanges,
  patientRegistrationData,
  proposalTerms,
  recoveryVetoData,
  type TrusteeProposal,
  trusteeApprovalData,
  trusteesChangeData,
} from "../../../sdk/src/typed-data/index.ts";
import { type AccessManager, DAY, deploy, ethers, networkHelpers, now, type Signer } from "../chain.ts";
import {
  type Authorization,
  type Build,
  bySignature,
  type Decide,
  LIFETIME,
  relayer,
  rightNow,
  sign,
  signingContract,
} from "../ways.ts";

export * from "../chain.ts";
export * from "../ways.ts";

export const DELAY = 7 * DAY;
export const WINDOW = 30 * DAY;

/** The head's flags, as `PatientFlags` numbers them. */
export const flags = { frozen: 1n, optedOut: 2n, minor: 4n, deceased: 8n, allOf: 16n, pending: 32n } as const;
export const kinds = { none: 0n, guardian: 1n, proxy: 2n, executor: 3n } as const;
export const recoveryStates = { none: 0n, pending: 1n, awaiting: 2n, endorsed: 3n } as const;

const hash = (text: string) => ethers.id(text) as Address;
export const keyHash = (text: string) => hash(`owner key ${text}`);
export const seriesOf = (text: string) => hash(`series ${text}`) as unknown as SeriesId;
export const minuteAfter = async (seconds: number): Promise<number> => Math.ceil(((await now()) + seconds) / 60) * 60;

/** What is signed, and the call that carries it. */
export interface Verb {
  readonly build: Build;
  readonly call: (patients: PatientRegistry, authorization: Authorization) => Promise<ContractTransactionResponse>;
}

export const announceController = (patient: PatientId, { address }: Signer): Verb => ({
  build: (contract, times) => controllerChangeData(contract, { controller: address as Address, patient, ...times }),
  call: (patients, authorization) => patients.announceController(patient, address, authorization),
});
export const announceOwnerKey = (patient: PatientId, ownerKeyHash: Address): Verb => ({
  build: (contract, times) => ownerKeyChangeData(contract, { patient, ownerKeyHash, ...times }),
  call: (patients, authorization) => patients.announceOwnerKey(patient, ownerKeyHash, authorization),
});
export const cancelChange = (patient: PatientId, change: PatientChange): Verb => ({
  build: (contract, times) => changeCancellationData(contract, { change, patient, ...times }),
  call: (patients, authorization) => patients.cancelChange(patient, patientChanges.indexOf(change), authorization),
});
export const setKeyHeader = (patient: PatientId, headerHash: Address, version: number): Verb => ({
  build: (contract, times) => keyHeaderChangeData(contract, { patient, headerHash, version, ...times }),
  call: (patients, authorization) => patients.setKeyHeader(patient, headerHash, version, authorization),
});
export const optOut = (patient: PatientId): Verb => ({
  build: (contract, times) => emergencyOptOutData(contract, { patient, ...times }),
  call: (patients, authorization) => patients.optOutOfEmergency(patient, authorization),
});
export const optIn = (patient: PatientId): Verb => ({
  build: (contract, times) => emergencyOptInData(contract, { patient, ...times }),
  call: (patients, authorization) => patients.optInToEmergency(patient, authorization),
});
export const revokeAll = (patient: PatientId): Verb => ({
  build: (contract, times) => everythingRevocationData(contract, { patient, ...times }),
  call: (patients, authorization) => patients.revokeAll(patient, authorization),
});
export const appoint = (patient: PatientId, { address }: Signer, kind: AppointedKind, until: number): Verb => ({
  build: (contract, times) =>
    delegateAppointmentData(contract, { kind, until, delegate: address as Address, patient, ...times }),
  call: (patients, authorization) => patients.appointDelegate(patient, address, kinds[kind], until, authorization),
});
export const dismiss = (patient: PatientId, { address }: Signer): Verb => ({
  build: (contract, times) => delegateDismissalData(contract, { delegate: address as Address, patient, ...times }),
  call: (patients, authorization) => patients.dismissDelegate(patient, address, authorization),
});
export const objectToDeath = (patient: PatientId): Verb => ({
  build: (contract, times) => deathObjectionData(contract, { patient, ...times }),
  call: (patients, authorization) => patients.objectToDeath(patient, authorization),
});
export const claimAtMajority = (patient: PatientId, ownerKeyHash: Address): Verb => ({
  build: (contract, times) => majorityClaimData(contract, { patient, ownerKeyHash, ...times }),
  call: (patients, authorization) => patients.claimAtMajority(patient, ownerKeyHash, authorization),
});
export const acceptGuardianship = (patient: PatientId, { address }: Signer): Verb => ({
  build: (contract, times) => guardianshipAcceptanceData(contract, { lost: address as Address, patient, ...times }),
  call: (patients, authorization) => patients.replaceGuardian(patient, address, authorization),
});
export const keepGuardian = (patient: PatientId, { address }: Signer): Verb => ({
  build: (contract, times) => guardianRetentionData(contract, { lost: address as Address, patient, ...times }),
  call: (patients, authorization) => patients.keepGuardian(patient, address, authorization),
});
export const announceTrustees = (patient: PatientId, people: readonly Signer[], threshold: number): Verb => {
  const trustees = people.map(({ address }) => address as Address);
  return {
    build: (contract, times) => trusteesChangeData(contract, { patient, trustees, threshold, ...times }),
    call: (patients, authorization) => patients.announceTrustees(patient, trustees, threshold, authorization),
  };
};
export const vetoRecovery = (patient: PatientId): Verb => ({
  build: (contract, times) => recoveryVetoData(contract, { patient, ...times }),
  call: (patients, authorization) => patients.vetoRecovery(patient, authorization),
});
export const approve = (
  patient: PatientId,
  wanted: TrusteeProposal,
  set: { readonly version: number; readonly round: number },
): Verb => {
  const proposal = proposalTerms(wanted, set);
  return {
    build: (contract, times) => trusteeApprovalData(contract, { patient, proposal, ...times }),
    call: (patients, authorization) => patients.approve(patient, proposal, authorization),
  };
};

export interface MinorTerms {
  readonly salt: string;
  readonly ownerKeyHash: Address;
  readonly majorityAt: number;
  readonly guardians: readonly Signer[];
  readonly together: boolean;
}
export const registerMinor = (patient: PatientId, terms: MinorTerms): Verb => {
  const { salt, ownerKeyHash, majorityAt, together } = terms;
  const guardians = terms.guardians.map(({ address }) => address as Address);
  return {
    build: (contract, times) =>
      minorRegistrationData(contract, { patient, ownerKeyHash, majorityAt, guardians, together, ...times }),
    call: (patients, authorization) =>
      patients.registerMinor(salt, ownerKeyHash, majorityAt, guardians, together, authorization),
  };
};

/** Decided now or at `times`; submitted when the test wants. */
export async function decide(
  { patients }: Pick<World, "patients">,
  way: Decide,
  signer: Signer,
  { build, call }: Verb,
  times: Partial<DecisionTimes> = {},
) {
  const { authorization, sender } = await way(signer, patients, build, times);
  return { authorization, submit: () => call(patients.connect(sender), authorization) };
}

/** Decided by signature and landed at once. */
export const land = async (
  f: Pick<World, "patients">,
  signer: Signer,
  verb: Verb,
  times: Partial<DecisionTimes> = {},
) => (await decide(f, bySignature, signer, verb, times)).submit();

/** Called directly, without times: what narrows access, now. */
export const callNow = ({ patients }: Pick<World, "patients">, signer: Signer, { call }: Verb) =>
  call(patients.connect(signer), rightNow(signer));

/** The trustees' version and round in this block. */
export async function setOf({ patients }: Pick<World, "patients">, patient: PatientId) {
  const { version, round } = await patients.trusteesOf(patient);
  return { version: Number(version), round: Number(round) };
}

/** Each of `people` approves; the last answer executes if they are enough. */
export async function approveAll(f: World, people: readonly Signer[], wanted: TrusteeProposal, patient = f.alice) {
  const set = await setOf(f, patient);
  let last: ContractTransactionResponse | undefined;
  for (const trustee of people) last = await land(f, trustee, approve(patient, wanted, set));
  return last as ContractTransactionResponse;
}

async function world() {
  const people = await ethers.getSigners();
  const [admin, registrar, recoveryOfficer, aliceWallet, bobWallet, tom, tina, tess, carer, heir, spare, mallory] =
    people as [...Signer[]] & { 12: Signer };
  const manager = await deploy<AccessManager>("AccessManager", [(admin as Signer).address]);
  const validator = await deploy("SignatureValidator");
  const patients = await deploy<PatientRegistry>("PatientRegistry", [manager, LIFETIME, DELAY, WINDOW, validator]);
  await manager.setTargetFunctionRole(patients, selectorsOf(roles.recoveryOfficer), roles.recoveryOfficer.id);
  await manager.grantRole(roles.recoveryOfficer.id, recoveryOfficer as Signer, 0);
  const register = async (wallet: Signer): Promise<PatientId> => {
    const salt = ethers.id(`salt of ${wallet.address}`);
    const patient = (await patients.patientIdOf(wallet, salt)) as PatientId;
    const ownerKeyHash = keyHash("of the beginning");
    const { authorization } = await bySignature(wallet, patients, (contract, times) =>
      patientRegistrationData(contract, { patient, ownerKeyHash, ...times }),
    );
    await patients.register(salt, ownerKeyHash, authorization);
    return patient;
  };
  return {
    manager,
    patients,
    registrar: registrar as Signer,
    recoveryOfficer: recoveryOfficer as Signer,
    relayer,
    aliceWallet: aliceWallet as Signer,
    alice: await register(aliceWallet as Signer),
    bobWallet: bobWallet as Signer,
    bob: await register(bobWallet as Signer),
    trustees: [tom, tina, tess] as [Signer, Signer, Signer],
    carer: carer as Signer,
    heir: heir as Signer,
    spare: spare as Signer,
    mallory: mallory as Signer,
  };
}

export type World = Awaited<ReturnType<typeof world>>;
/** Alice and Bob, each with a wallet; nothing announced, nobody appointed. */
export const loadWorld = (): Promise<World> => networkHelpers.loadFixture(world);

async function worldWithTrustees() {
  const f = await world();
  await land(f, f.aliceWallet, announceTrustees(f.alice, f.trustees, 2));
  await networkHelpers.time.increase(DELAY);
  return f;
}

/** Alice's trustees are Tom, Tina and Tess: two of them decide. */
export const loadTrustees = (): Promise<World> => networkHelpers.loadFixture(worldWithTrustees);

/** Every guardian signs the same struct; the one who sends needs no signature. */
export async function together(
  f: Pick<World, "patients" | "relayer">,
  guardians: readonly Signer[],
  { build, call }: Verb,
  sender = f.relayer,
) {
  const signedAt = await now();
  const times = { signedAt, deadline: signedAt + DAY };
  const contract = await signingContract(f.patients);
  const signatures = await Promise.all(
    guardians.map((guardian) => (guardian === sender ? "0x" : sign(guardian, build(contract, times)))),
  );
  const signature = ethers.AbiCoder.defaultAbiCoder().encode(["bytes[]"], [signatures]);
  const signer = guardians[0]?.address ?? "";
  return call(f.patients.connect(sender), { signer, ...times, signature });
}

/** The head's flag, now. */
export const hasFlag = async ({ patients }: World, flag: keyof typeof flags, patient: PatientId): Promise<boolean> =>
  ((await patients.headOf(patient)).flags & flags[flag]) !== 0n;
