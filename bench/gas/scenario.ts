import { Interface, type InterfaceAbi, id, type Signer, ZeroHash } from "ethers";
import { artifacts, config, network } from "hardhat";
import { deployAnamnesis } from "../../node/src/deploy/deploy.ts";
import type { PatientId, ProviderId } from "../../sdk/src/core/ids.ts";
import type { Address, ContractAddresses, ContractName, ProviderKind } from "../../sdk/src/core/types.ts";
import {
  affiliationAcceptanceData,
  affiliationProposalData,
  type DecisionTimes,
  providerAdmissionData,
  type SigningContract,
  type TypedData,
} from "../../sdk/src/typed-data/index.ts";

/** Midnight, so that signed dates are whole minutes. Every block has a second of its own, so that gas is the same in every run. */
const START = Date.UTC(2030, 0, 1) / 1_000;
const DAY = 86_400;
const kinds: readonly string[] = [
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
];

export interface Account {
  readonly address: Address;
  readonly signer: Signer;
}

export interface ProviderActor extends Account {
  readonly provider: ProviderId;
  readonly name: string;
}

export interface PatientActor extends Account {
  readonly patient: PatientId;
}

/** What is asked of a wallet, of whichever type. */
type Signable = Pick<TypedData, "domain" | "message"> & { readonly types: object };
type Build = (contract: SigningContract, times: DecisionTimes) => Signable;

export type Authorization = readonly [signer: Address, signedAt: number, deadline: number, signature: string];

/** A contract call as the chain sees it. */
export interface Call {
  readonly from: Address;
  readonly to: Address;
  readonly data: string;
}

/** A transaction without a recipient creates a contract. */
export type Transaction = Pick<Call, "from" | "data"> & Partial<Pick<Call, "to">>;

/** A chain with every contract and the people of the measured stories; `clock` is the second of the latest block. */
export interface Scenario {
  readonly request: (method: string, ...params: unknown[]) => Promise<unknown>;
  readonly chainId: number;
  readonly contracts: ContractAddresses;
  readonly interfaces: Readonly<Record<ContractName, Interface>>;
  readonly people: {
    readonly registrar: Account;
    readonly relayer: Account;
    readonly alice: PatientActor;
    readonly newcomer: Account;
    readonly clinic: ProviderActor;
    readonly laboratory: ProviderActor;
    readonly drBaker: ProviderActor;
    readonly insurer: ProviderActor;
  };
  clock: number;
  /** Has the registrar admit somebody; `key` signs for them. */
  admit(name: string, kind: ProviderKind, key: Account): Promise<ProviderActor>;
  call(from: Account, contract: ContractName, verb: string, args: readonly unknown[]): Call;
  send(transaction: Transaction): Promise<Receipt>;
  direct(signer: Account): Authorization;
  signed(signer: Account, contract: ContractName, build: Build): Promise<Authorization>;
  close(): Promise<void>;
}

export interface Receipt {
  readonly transactionHash: string;
  readonly status: string;
  readonly gasUsed: string;
  /** Where a contract was created. */
  readonly contractAddress: string | null;
  readonly logs: readonly { readonly address: string; readonly topics: readonly string[]; readonly data: string }[];
}

export const artifactNames: Readonly<Record<ContractName, string>> = {
  accessManager: "AccessManager",
  patientRegistry: "PatientRegistry",
  providerRegistry: "ProviderRegistry",
  consentRegistry: "ConsentRegistry",
  recordRegistry: "RecordRegistry",
  accessGate: "AccessGate",
  stewardCommittee: "StewardCommittee",
  logRegistry: "LogRegistry",
};

/** Deploys everything on a fresh chain and admits everybody. */
export async function createScenario(): Promise<Scenario> {
  const connection = await network.create({ override: { initialDate: new Date(START * 1_000) } });
  const { contracts, description } = await deployAnamnesis(connection.provider, {
    artifacts: config.paths.artifacts,
    network: { name: "gas", nodes: [], finality: { kind: "instant" }, blockTime: 1_000, embedded: true },
  });
  const accounts: Account[] = (await connection.ethers.getSigners()).map((signer) => ({
    address: signer.address as Address,
    signer: signer as unknown as Signer,
  }));
  const account = (index: number): Account => {
    const found = accounts[index];
    if (found === undefined) throw new Error(`The chain has no account ${index}.`);
    return found;
  };
  const interfaces = Object.fromEntries(
    await Promise.all(
      Object.entries(artifactNames).map(async ([name, artifact]) => {
        const { abi } = await artifacts.readArtifact(artifact);
        return [name, new Interface(abi as InterfaceAbi)];
      }),
    ),
  ) as Record<ContractName, Interface>;

  const base = {
    request: (method: string, ...params: unknown[]) => connection.provider.request({ method, params }),
    chainId: description.chainId,
    contracts,
    interfaces,
    clock: START + DAY,
    call: (from: Account, contract: ContractName, verb: string, args: readonly unknown[]): Call => ({
      from: from.address,
      to: contracts[contract],
      data: interfaces[contract].encodeFunctionData(verb, args),
    }),
    async send(transaction: Transaction): Promise<Receipt> {
      this.clock += 1;
      await this.request("evm_setNextBlockTimestamp", this.clock);
      const hash = await this.request("eth_sendTransaction", { ...transaction, gas: "0xf00000" });
      return (await this.request("eth_getTransactionReceipt", hash)) as Receipt;
    },
    /** Authorizations are of the second of the next block. */
    direct(signer: Account): Authorization {
      return [signer.address, this.clock + 1, this.clock + 1 + DAY, "0x"];
    },
    async signed(signer: Account, contract: ContractName, build: Build): Promise<Authorization> {
      const times = { signedAt: this.clock + 1, deadline: this.clock + 1 + DAY };
      const { domain, types, message } = build({ chainId: this.chainId, contract: contracts[contract] }, times);
      const signature = await signer.signer.signTypedData(domain, types as never, message);
      return [signer.address, times.signedAt, times.deadline, signature];
    },
    close: () => connection.close(),
  };

  const registrar = account(0);
  async function expectSuccess(call: Call): Promise<void> {
    const { status } = await base.send(call);
    if (status !== "0x1") throw new Error(`Setting the scene failed: ${call.data.slice(0, 10)} to ${call.to}.`);
  }
  const derived = async (contract: ContractName, verb: string, key: Account, salt: string): Promise<string> =>
    (await base.request("eth_call", base.call(key, contract, verb, [key.address, salt]), "latest")) as string;

  async function admit(name: string, kind: ProviderKind, key: Account): Promise<ProviderActor> {
    const salt = id(`salt of ${name}`) as Address;
    const provider = (await derived("providerRegistry", "providerIdOf", key, salt)) as ProviderId;
    const authorization = await base.signed(key, "providerRegistry", (contract, times) =>
      providerAdmissionData(contract, { name, kind, provider, salt, ...times }),
    );
    const licence = kind === "practitioner" ? id(`licence of ${name}`) : ZeroHash;
    const admission = [salt, kinds.indexOf(kind), id(name), id(`skeleton of ${name}`), licence];
    await expectSuccess(base.call(registrar, "providerRegistry", "register", [admission, authorization]));
    return { ...key, provider, name };
  }

  const clinic = await admit("Riverside Clinic", "clinic", account(1));
  const laboratory = await admit("Harbour Laboratory", "laboratory", account(2));
  const drBaker = await admit("Dr Ann Baker", "practitioner", account(3));
  const insurer = await admit("Mutual Insurance", "payer", account(4));
  await expectSuccess(base.call(registrar, "providerRegistry", "grantAuthorship", [laboratory.provider]));
  const pair = {
    organisation: clinic.provider,
    practitioner: drBaker.provider,
    organisationName: clinic.name,
    practitionerName: drBaker.name,
  };
  const steps = [
    ["proposeAffiliation", clinic, affiliationProposalData],
    ["acceptAffiliation", drBaker, affiliationAcceptanceData],
  ] as const;
  for (const [verb, key, build] of steps) {
    const authorization = await base.signed(key, "providerRegistry", (contract, times) =>
      build(contract, { ...pair, ...times }),
    );
    await expectSuccess(
      base.call(registrar, "providerRegistry", verb, [clinic.provider, drBaker.provider, authorization]),
    );
  }

  const salt = id("salt of Alice");
  const patient = (await derived("patientRegistry", "patientIdOf", account(5), salt)) as PatientId;
  const alice = { ...account(5), patient };
  await expectSuccess(base.call(alice, "patientRegistry", "register", [salt, id("owner key"), base.direct(alice)]));

  return Object.assign(base, {
    admit,
    people: { registrar, relayer: account(6), alice, newcomer: account(7), clinic, laboratory, drBaker, insurer },
  });
}
