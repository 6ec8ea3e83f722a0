import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { network } from "hardhat";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { create as createDigest } from "multiformats/hashes/digest";
import {
  type CommitteePublication,
  createCeremonyChain,
  runCommitteeCeremony,
} from "../../../node/src/ceremony/index.ts";
import type { StewardNode } from "../../../node/src/steward/chain.ts";
import { createChainReader } from "../../../node/src/steward/chain-reader.ts";
import type { Clock } from "../../../node/src/steward/clock.ts";
import { createSteward, type Steward, type StewardParameters } from "../../../node/src/steward/create-steward.ts";
import { inProcessTransport } from "../../../node/src/steward/in-process-transport.ts";
import { openStewardFolder, type StewardFolder } from "../../../node/src/steward/steward-folder.ts";
import { fromHex, type Hex, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { noId, type PatientId, type ProviderId, type SessionId } from "../../../sdk/src/core/ids.ts";
import type { Address, ProviderKind } from "../../../sdk/src/core/types.ts";
import { type Label, labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { createSessionKeys, sha256, xwingKeyPair } from "../../../sdk/src/crypto/index.ts";
import { type SealedRecord, sealRecord, systemIdOf } from "../../../sdk/src/envelope/index.ts";
import type {
  AccessGate,
  ConsentRegistry,
  LogRegistry,
  PatientRegistry,
  ProviderRegistry,
  RecordRegistry,
  StewardCommittee,
} from "../../../sdk/src/generated/types/index.ts";
import type { OpenSession, StewardsClient } from "../../../sdk/src/stewards/index.ts";
import {
  affiliationAcceptanceData,
  affiliationProposalData,
  providerAdmissionData,
  type TypedData,
  type TypedDataName,
} from "../../../sdk/src/typed-data/index.ts";
import { deployLinked } from "../../support/deploy-linked.ts";

const DAY = 86_400;
const kinds: readonly string[] = ["none", "hospital", "clinic", "laboratory", "pharmacy", "payer", "researcher"];
const kindNumbers: Partial<Record<ProviderKind, number>> = { agency: 8, practitioner: 10 };
const connection = await network.create();
export const { ethers } = connection;
export type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];

export interface Person {
  readonly id: ProviderId;
  readonly key: Signer;
  readonly name: string;
}

export interface Patient {
  readonly id: PatientId;
  readonly wallet: Signer;
  readonly ownerKey: Awaited<ReturnType<typeof xwingKeyPair>>;
}

/** Counts calls and lets a test break single methods. */
export const rpc = (method: string, params: readonly unknown[]): Promise<unknown> =>
  connection.provider.request({ method, params: [...params] });

/** Worlds share one chain, and each decision takes a second of its own: the people's clocks follow the chain's. */
let chainTime = 0;

export async function latestTime(): Promise<number> {
  chainTime = (await ethers.provider.getBlock("latest"))?.timestamp ?? 0;
  return chainTime;
}
const throughClinic = (organisation: Hex) => ({ organisation, chain: [], bySeries: false });
const direct = throughClinic(noId);

async function deployContracts() {
  const [admin] = (await ethers.getSigners()) as [Signer];
  const deploy = async <T>(name: string, given: readonly unknown[]) =>
    (await deployLinked(ethers as never, name, given)) as unknown as T;
  const manager = await deploy<Addressable>("AccessManager", [admin.address]);
  const validator = await deploy<Addressable>("SignatureValidator", []);
  const patients = await deploy<PatientRegistry>("PatientRegistry", [manager, 7 * DAY, 7 * DAY, 30 * DAY, validator]);
  const providers = await deploy<ProviderRegistry>("ProviderRegistry", [manager, 7 * DAY, 7 * DAY, validator]);
  const consents = await deploy<ConsentRegistry>("ConsentRegistry", [
    patients,
    providers,
    7 * DAY,
    3653 * DAY,
    validator,
  ]);
  const records = await deploy<RecordRegistry>("RecordRegistry", [
    patients,
    providers,
    consents,
    7 * DAY,
    7 * DAY,
    validator,
  ]);
  const gate = await deploy<AccessGate>("AccessGate", [
    manager,
    { patients, providers, consents, records },
    { sessionLifetime: DAY / 2, emergencyLifetime: DAY / 6, denialsPerDay: 32 },
    7 * DAY,
    validator,
  ]);
  const committee = await deploy<StewardCommittee>("StewardCommittee", [manager, providers, 7 * DAY]);
  const logs = await deploy<LogRegistry>("LogRegistry", [providers]);
  const address = async (contract: Addressable) => (await contract.getAddress()) as Address;
  const addresses = {
    accessManager: await address(manager),
    patientRegistry: await address(patients),
    providerRegistry: await address(providers),
    consentRegistry: await address(consents),
    recordRegistry: await address(records),
    accessGate: await address(gate),
    stewardCommittee: await address(committee),
    logRegistry: await address(logs),
  };
  return { admin, patients, providers, consents, records, gate, committee, logs, addresses };
}

type Contracts = Awaited<ReturnType<typeof deployContracts>>;

interface Addressable {
  getAddress(): Promise<string>;
}

interface Times {
  readonly signedAt: number;
  readonly deadline: number;
}

async function signed<Name extends TypedDataName>(signer: Signer, build: (times: Times) => TypedData<Name>) {
  const signedAt = await latestTime();
  const times = { signedAt, deadline: signedAt + DAY };
  const { domain, types, message } = build(times);
  return {
    signer: signer.address,
    ...times,
    signature: await signer.signTypedData(domain, types as never, message as never),
  };
}

/** Moves the chain's clock on, and the people's with it. */
export async function passTime(seconds: number): Promise<void> {
  await rpc("evm_increaseTime", [seconds]);
  await rpc("evm_mine", []);
  await latestTime();
}

/** A direct, permissive decision in a second of its own. */
export async function decided(signer: Signer) {
  const signedAt = (await latestTime()) + 1;
  await rpc("evm_setNextBlockTimestamp", [signedAt]);
  chainTime = signedAt;
  return { signer: signer.address, signedAt, deadline: signedAt + DAY, signature: "0x" };
}

async function admit(contracts: Contracts, kind: ProviderKind, name: string, key: Signer): Promise<Person> {
  const { providers, addresses } = contracts;
  const salt = ethers.id(`salt of ${name}`) as Hex;
  const provider = (await providers.providerIdOf(key, salt)) as ProviderId;
  const contract = { chainId: 31337, contract: addresses.providerRegistry };
  const authorization = await signed(key, (times) =>
    providerAdmissionData(contract, { name, kind, provider, salt, ...times }),
  );
  const admission = {
    salt,
    kind: kindNumbers[kind] ?? kinds.indexOf(kind),
    nameHash: ethers.id(name),
    skeletonHash: ethers.id(`skeleton of ${name}`),
    licence: kind === "practitioner" ? ethers.id(`licence of ${name}`) : ethers.ZeroHash,
  };
  await providers.register(admission, authorization);
  return { id: provider, key, name };
}

async function affiliate(
  { providers, addresses }: Contracts,
  organisation: Person,
  practitioner: Person,
): Promise<void> {
  const contract = { chainId: 31337, contract: addresses.providerRegistry };
  const pair = {
    organisation: organisation.id,
    practitioner: practitioner.id,
    organisationName: organisation.name,
    practitionerName: practitioner.name,
  };
  const proposal = await signed(organisation.key, (times) => affiliationProposalData(contract, { ...pair, ...times }));
  await providers.proposeAffiliation(organisation.id, practitioner.id, proposal);
  const acceptance = await signed(practitioner.key, (times) =>
    affiliationAcceptanceData(contract, { ...pair, ...times }),
  );
  await providers.acceptAffiliation(organisation.id, practitioner.id, acceptance);
}

async function registerPatient({ patients }: Contracts, wallet: Signer): Promise<Patient> {
  const salt = ethers.id(`salt of ${wallet.address}`);
  const id = (await patients.patientIdOf(wallet, salt)) as PatientId;
  const ownerKey = await xwingKeyPair(randomBytes(32));
  const authorization = await decided(wallet);
  await patients.connect(wallet).register(salt, toHex(sha256(ownerKey.publicKey)), authorization);
  return { id, wallet, ownerKey };
}

export interface World {
  readonly contracts: Contracts;
  readonly system: Hex;
  readonly alice: Patient;
  readonly bob: Patient;
  readonly hospital: Person;
  readonly clinic: Person;
  readonly drBaker: Person;
  readonly mallory: Signer;
  readonly stewards: readonly Steward[];
  readonly folders: readonly StewardFolder[];
  /** Folder of the steward at an index. */
  readonly pathOf: (index: number) => string;
  readonly parameters: readonly StewardParameters[];
  readonly publication: CommitteePublication;
  readonly client: StewardsClient;
  readonly node: StewardNode;
  /** Offset of the stewards' clock from the chain's head, in milliseconds. */
  readonly clock: Clock & { offset: number };
  readonly close: () => void;
}

/** Real contracts on an EVM in this process, three stewards of which two are needed, and the people of the story. */
export async function createWorld(): Promise<World> {
  const contracts = await deployContracts();
  const { addresses } = contracts;
  const fromBlock = await ethers.provider.getBlockNumber();
  const people = (await ethers.getSigners()) as Signer[];
  const key = (place: number) => people[place] as Signer;
  const hospital = await admit(contracts, "hospital", "General Hospital", key(1));
  const clinic = await admit(contracts, "clinic", "Riverside Clinic", key(2));
  const drBaker = await admit(contracts, "practitioner", "Dr Ann Baker", key(3));
  await affiliate(contracts, clinic, drBaker);
  await contracts.providers.grantAuthorship(hospital.id);
  const alice = await registerPatient(contracts, key(4));
  const bob = await registerPatient(contracts, key(5));

  const directory = mkdtempSync(join(tmpdir(), "anamnesis-stewards-"));
  const pathOf = (index: number) => join(directory, `steward-${index}`);
  const folders = await Promise.all([0, 1, 2].map((i) => openStewardFolder(pathOf(i))));
  const members = [];
  for (const [i, folder] of folders.entries()) {
    const steward = await admit(contracts, "agency", `Steward ${i}`, key(6 + i));
    members.push({ folder, provider: steward.id, account: steward.key, endpoint: `memory:${i}` });
  }
  const contract = { chainId: 31337, contract: addresses.stewardCommittee };
  const clock = {
    offset: 0,
    now: () => Math.max(Date.now(), 1_000 * chainTime) + clock.offset,
    elapsed: () => performance.now(),
  };
  const system = systemIdOf(31337, addresses.patientRegistry);
  const finality = { kind: "instant" } as const;
  const node = createChainReader({ name: "edr", rpc, contracts: addresses, finality, fromBlock });
  const publication = await runCommitteeCeremony({
    members,
    threshold: 2,
    chain: createCeremonyChain({ nodes: [node], clock, contract, limits: { headAge: 600 } }),
    publish: ({ committee, signatures }) =>
      contracts.committee.publish({ ...committee, members: [...committee.members] }, [...signatures], []),
  });
  const parameters = await Promise.all(
    folders.map(async ({ signing, store, loadShare }, index): Promise<StewardParameters> => {
      const share = await loadShare(publication.committee);
      const { committee } = publication;
      const reference = { chainId: 31337, gate: addresses.accessGate };
      return {
        index,
        signing,
        store,
        share,
        committee,
        ...reference,
        system,
        nodes: [node],
        clock,
        limits: { headAge: 600 },
      };
    }),
  );
  const stewards = parameters.map(createSteward);
  const client: StewardsClient = {
    transport: inProcessTransport(stewards),
    committee: publication.committee,
    chainId: 31337,
    gate: addresses.accessGate,
    now: () => Math.floor(clock.now() / 1000),
  };
  const close = () => {
    for (const steward of stewards) steward.close();
    for (const folder of folders) folder.close();
    rmSync(directory, { recursive: true, force: true });
  };
  // biome-ignore format: one line tells it best
  const world = { contracts, system, alice, bob, hospital, clinic, drBaker, mallory: key(10), stewards, folders, pathOf, parameters, publication, client, node, clock, close };
  return world;
}

/** Steward parameters with parts replaced. */
export function stewardWith(world: World, index: number, changes: Partial<StewardParameters>): Steward {
  return createSteward({ ...(world.parameters[index] as StewardParameters), ...changes });
}

export async function consent(
  { contracts }: World,
  patient: Patient,
  grantee: Person,
  labels: readonly Label[],
  actions: number,
): Promise<void> {
  const authorization = await decided(patient.wallet);
  const start = authorization.signedAt - (authorization.signedAt % 60);
  const terms = {
    patient: patient.id,
    grantee: grantee.id,
    purpose: 1,
    labels: labelMask(labels),
    actions,
    notBefore: start,
    notAfter: start + 30 * DAY,
    document: ethers.ZeroHash,
  };
  await contracts.consents.connect(patient.wallet).grant(terms, authorization);
}

export async function revoke({ contracts }: World, patient: Patient, grantee: Person): Promise<number> {
  const authorization = { signer: patient.wallet.address, signedAt: 0, deadline: 0, signature: "0x" };
  const sent = await contracts.consents.connect(patient.wallet).revoke(patient.id, grantee.id, 1, authorization);
  return (await sent.wait())?.blockNumber as number;
}

const bodyCid = async (body: Uint8Array) => CID.createV1(raw.code, createDigest(0x12, sha256(body)));

export interface SealOptions {
  readonly ownerKey?: Uint8Array;
  readonly amends?: SealedRecord;
  readonly system?: Hex;
  readonly storeBody?: (body: Uint8Array) => Promise<CID>;
}

export async function seal(
  world: World,
  patient: Patient,
  labels: readonly Label[],
  text = "haemoglobin 14.1 g/dl",
  options: SealOptions = {},
): Promise<SealedRecord> {
  const { committee } = world.publication;
  const { amends } = options;
  return sealRecord({
    content: new TextEncoder().encode(text),
    system: options.system ?? world.system,
    patient: patient.id,
    author: world.hospital.id,
    labels: labelMask(labels),
    keyId: committee.keyId,
    groupKey: fromHex(committee.groupKey),
    ownerKey: options.ownerKey ?? patient.ownerKey.publicKey,
    meta: { mediaType: "text/plain", fhirType: null, title: "Result", time: null },
    createdAt: 1_763_000_000,
    storeBody: options.storeBody ?? bodyCid,
    ...(amends && { amends: { recordId: amends.recordId, publicPart: amends.envelope.publicPart } }),
  });
}

export async function anchor(world: World, record: SealedRecord): Promise<void> {
  const { contracts, hospital } = world;
  const { patient, labels } = record.envelope.publicPart;
  const authorization = await decided(hospital.key);
  await contracts.records.connect(hospital.key).anchor(patient, record.recordId, labels, 1, direct, authorization);
}

export interface OpenedSession extends OpenSession {
  readonly expiresAt: number;
}

export async function openSession(
  { contracts, drBaker, clinic }: World,
  patient: Patient,
  labels: readonly Label[],
  options: {
    readonly series?: Hex;
    readonly lifetime?: number;
    readonly expiresAt?: number;
    readonly keys?: OpenSession["keys"];
  } = {},
): Promise<OpenedSession> {
  const keys = options.keys ?? (await createSessionKeys());
  const expiresAt = options.expiresAt ?? (await latestTime()) + (options.lifetime ?? 3_600);
  const series = options.series ?? noId;
  const request = {
    patient: patient.id,
    actor: drBaker.id,
    via: throughClinic(clinic.id),
    purpose: 1,
    labels: labelMask(labels),
    series,
    sessionKeyHash: keys.sessionKeyHash,
    expiresAt,
  };
  const sent = await contracts.gate.connect(drBaker.key).openSession(request);
  const receipt = await sent.wait();
  const log = receipt?.logs.find(
    ({ topics }) => topics[0] === contracts.gate.interface.getEvent("SessionOpened").topicHash,
  );
  if (log === undefined) throw new TypeError("the session was denied");
  return {
    sessionId: log.topics[1] as SessionId,
    tx: log.transactionHash as Hex,
    logIndex: log.index,
    keys,
    patient: patient.id,
    labels: labelMask(labels),
    series,
    expiresAt,
  };
}
