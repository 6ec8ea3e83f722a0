import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Address,
  type ClientWithActions,
  type ContentStore,
  createClient,
  type Deployment,
  type EnvelopeStore,
  type Keyring,
  type Outbox,
  type ProviderId,
  type ProviderKind,
  type SignerLike,
  type StewardTransport,
  withActions,
} from "@anamnesis/sdk";
import { publishCommittee, randomBytes, toHex } from "@anamnesis/sdk/internal";
import { JsonRpcProvider, parseEther, Wallet } from "ethers";
import { deployAnamnesis, type Limits } from "../deploy/index.ts";
import { type Clock, secondsOf, systemClock } from "../steward/index.ts";
import { openEmbeddedStore } from "../storage/embedded-store.ts";
import { type LocalAccount, localAccounts } from "./accounts.ts";
import { startEvm } from "./evm.ts";
import { type LocalStewards, prepareStewards } from "./local-stewards.ts";

export interface LocalNetworkOptions {
  /** Where blocks, stewards and replicas lie; a temporary folder, removed at the end, by default. */
  readonly directory?: string | undefined;
  readonly stewards?: number | undefined;
  /** How many stewards it takes to open a record. */
  readonly threshold?: number | undefined;
  /** A block each so many milliseconds. 1,000 by default, with one at once for each transaction (`auto`). */
  readonly blockInterval?: { readonly auto: boolean; readonly milliseconds: number } | undefined;
  readonly chainId?: number | undefined;
  /** Delays and caps other than the protocol's, such as an `emergencyDelay` that a test can wait for. */
  readonly limits?: Partial<Limits> | undefined;
  /**
   * Seconds that the chain's head may be old before stewards refuse. 30 by default, for a busy machine may make blocks late; a steward's
   * own default is stricter.
   */
  readonly headAge?: number | undefined;
  /** Seconds between two looks of a steward for erasures that are due and copies that are missing; its own default is 30. */
  readonly upkeep?: number | undefined;
  /** Port of the chain's JSON-RPC; a free one by default. */
  readonly port?: number | undefined;
  /** Told before each part starts. */
  readonly onStage?: ((stage: LocalNetworkStage) => void) | undefined;
}

export type LocalNetworkStage = "chain" | "contracts" | "storage" | "committee" | "ready";

/** A provider admitted for local use. */
export interface LocalProvider {
  readonly provider: ProviderId;
  readonly signer: Wallet;
  readonly client: ClientWithActions;
}

export interface ConnectOptions {
  readonly signer?: SignerLike | undefined;
  readonly keyring?: Keyring | undefined;
  readonly envelopes?: EnvelopeStore | undefined;
  /** Anchors many records together (`openNetworkOutbox`). */
  readonly outbox?: Outbox | undefined;
  /** 32 bytes that seal unfinished uploads, where no keyring does. */
  readonly localKey?: Uint8Array | undefined;
  /** Another store than the network's own. */
  readonly storage?: ContentStore | undefined;
  /** Another way to the stewards than plain HTTP. */
  readonly stewards?: StewardTransport | undefined;
}

/**
 * The whole network on one machine: a real EVM, IPFS blocks on disk, real stewards, each in a process of its own. For demos,
 * tests and development; it says so by `deployment.description.embedded`.
 */
export interface LocalNetwork {
  readonly url: string;
  readonly directory: string;
  readonly deployment: Deployment;
  readonly storage: ContentStore;
  readonly stewards: LocalStewards;
  /** Funded accounts whose keys everybody knows. */
  readonly accounts: readonly LocalAccount[];
  /** A fresh account with funds, connected to the chain. */
  account(): Promise<Wallet>;
  connect(options: ConnectOptions): Promise<ClientWithActions>;
  /** Admits a provider who may also author records. */
  admit(options: { readonly name: string; readonly kind: ProviderKind }): Promise<LocalProvider>;
  /** The organisation proposes, the practitioner accepts. */
  affiliate(organisation: LocalProvider, practitioner: LocalProvider): Promise<void>;
  /** The client that admits and suspends providers. */
  readonly registrar: ClientWithActions;
  /** The client that gives the emergency privilege, announced ahead. */
  readonly emergencyOfficer: ClientWithActions;
  /** The client that reviews emergencies. */
  readonly privacyOfficer: ClientWithActions;
  /** The client that attests death and majority, replaces guardians and judges recoveries. */
  readonly recoveryOfficer: ClientWithActions;
  /** Moves the clocks of chain, stewards and clients on together, so that nobody need wait for the world's. */
  passTime(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

const OFFICERS = [
  "deployer",
  "registrar",
  "emergencyOfficer",
  "privacyOfficer",
  "recoveryOfficer",
  "committeeAdmin",
  "treasury",
] as const;
const FUNDED_ACCOUNTS = 10;

/** Names and kinds of the institutions that hold the stewards' shares: different legal entities. */
const STEWARD_NAMES = [
  ["Steward Hospital", "hospital"],
  ["Steward Health Agency", "agency"],
  ["Steward Patients' Association", "agency"],
] as const satisfies readonly (readonly [string, ProviderKind])[];

function stewardName(index: number): readonly [string, ProviderKind] {
  const [name, kind] = STEWARD_NAMES[index % STEWARD_NAMES.length] as (typeof STEWARD_NAMES)[number];
  return index < STEWARD_NAMES.length ? [name, kind] : [`${name} ${index + 1}`, kind];
}

/**
 * Starts everything on loopback; `stop` ends everything it started.
 * @throws LOCAL_NETWORK_FAILED, DEPLOYMENT_FAILED
 */
export async function startLocalNetwork(options: LocalNetworkOptions = {}): Promise<LocalNetwork> {
  const { stewards: size = 3, threshold = 2, chainId = 31_337, port = 0, onStage } = options;
  const blockInterval = options.blockInterval ?? { auto: true, milliseconds: 1_000 };
  const ending: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of ending.splice(0).reverse()) await end();
  };
  try {
    const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "anamnesis-")));
    await mkdir(directory, { recursive: true });
    if (options.directory === undefined) ending.push(() => rm(directory, { recursive: true, force: true }));

    const prepared = await prepareStewards({ directory, size, headAge: options.headAge ?? 30, upkeep: options.upkeep });
    ending.push(prepared.close);

    onStage?.("chain");
    const accounts = localAccounts(OFFICERS.length + FUNDED_ACCOUNTS);
    const evm = await startEvm({
      chainId,
      port,
      blockInterval,
      accounts: accounts.map(({ privateKey }) => privateKey),
    });
    ending.push(evm.stop);
    const node = new JsonRpcProvider(evm.url, chainId, { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 });
    ending.push(() => node.destroy());
    const officer = (name: (typeof OFFICERS)[number]) =>
      new Wallet((accounts[OFFICERS.indexOf(name)] as LocalAccount).privateKey, node);

    onStage?.("contracts");
    const deployed = await deployAnamnesis(
      { request: ({ method, params }) => node.send(method, (params ?? []) as unknown[]) },
      {
        deployer: officer("deployer").address as Address,
        registrar: officer("registrar").address as Address,
        emergencyOfficer: officer("emergencyOfficer").address as Address,
        privacyOfficer: officer("privacyOfficer").address as Address,
        recoveryOfficer: officer("recoveryOfficer").address as Address,
        ...options.limits,
        committeeAdmin: officer("committeeAdmin").address as Address,
        network: {
          name: "local",
          nodes: [evm.url],
          finality: { kind: "instant" },
          blockTime: blockInterval.milliseconds,
          embedded: true,
        },
      },
    );

    let passed = 0;
    const clock: Clock = { now: () => Date.now() + 1_000 * passed, elapsed: systemClock.elapsed };
    const passTime = async (seconds: number) => {
      await node.send("evm_increaseTime", [seconds]);
      passed += seconds;
      await prepared.passTime(passed);
      await node.send("evm_mine", []);
    };

    onStage?.("storage");
    const storage = await openEmbeddedStore(join(directory, "ipfs"));
    ending.push(() => storage.close());

    const fund = officer("treasury");
    let funding: Promise<unknown> = Promise.resolve();
    const account = async () => {
      const fresh = new Wallet(toHex(randomBytes(32)), node);
      // One after the other: the treasury's transactions carry consecutive nonces.
      const paid = funding.then(async () => {
        const { hash } = await fund.sendTransaction({ to: fresh.address, value: parseEther("1000") });
        while ((await node.getTransactionReceipt(hash)) === null) await new Promise((done) => setTimeout(done, 20));
      });
      funding = paid.catch(() => undefined);
      await paid;
      return fresh;
    };

    const connectTo = async (deployment: Deployment, capabilities: ConnectOptions) =>
      withActions(await createClient({ deployment, storage, now: () => secondsOf(clock), ...capabilities }));
    const registrarOf = (deployment: Deployment) => connectTo(deployment, { signer: officer("registrar") });

    const admitWith =
      (registrar: ClientWithActions, deployment: Deployment) =>
      async ({ name, kind }: { readonly name: string; readonly kind: ProviderKind }): Promise<LocalProvider> => {
        const signer = await account();
        const client = await connectTo(deployment, { signer });
        const licence = kind === "practitioner" ? toHex(randomBytes(32)) : undefined;
        const admission = await client.identity.signProviderAdmission({ name, kind, licence });
        const { provider } = await registrar.identity.admitProvider({ admission });
        return { provider, signer, client };
      };

    onStage?.("committee");
    const founder = admitWith(await registrarOf(deployed), deployed);
    const seats: LocalProvider[] = [];
    for (let index = 0; index < size; index++) {
      const [name, kind] = stewardName(index);
      seats.push(await founder({ name, kind }));
    }
    const committeeAdmin = await createClient({ deployment: deployed, signer: officer("committeeAdmin") });
    const { committee } = await prepared.found({
      deployment: deployed,
      seats: seats.map(({ provider, signer }) => ({ provider, account: signer })),
      threshold,
      clock,
      publish: (publication) => publishCommittee(committeeAdmin, publication),
    });
    const deployment: Deployment = { ...deployed, committeeKey: committee.keyId };
    const stewards = await prepared.open(deployment);

    const registrar = await registrarOf(deployment);
    const admit = admitWith(registrar, deployment);
    onStage?.("ready");
    return {
      url: evm.url,
      directory,
      deployment,
      storage,
      stewards,
      accounts: accounts.slice(OFFICERS.length),
      account,
      registrar,
      emergencyOfficer: await connectTo(deployment, { signer: officer("emergencyOfficer") }),
      privacyOfficer: await connectTo(deployment, { signer: officer("privacyOfficer") }),
      recoveryOfficer: await connectTo(deployment, { signer: officer("recoveryOfficer") }),
      passTime,
      connect: (capabilities) => connectTo(deployment, capabilities),
      async admit(admission) {
        const admitted = await admit(admission);
        await registrar.identity.grantAuthorship({ provider: admitted.provider });
        return admitted;
      },
      async affiliate(organisation, practitioner) {
        const pair = { organisation: organisation.provider, practitioner: practitioner.provider };
        await organisation.client.identity.proposeAffiliation(pair);
        await practitioner.client.identity.acceptAffiliation(pair);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
