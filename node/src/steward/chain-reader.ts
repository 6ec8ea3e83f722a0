import {
  accessGateAbi,
  consentRegistryAbi,
  logRegistryAbi,
  patientRegistryAbi,
  providerRegistryAbi,
  recordRegistryAbi,
  stewardCommitteeAbi,
} from "@anamnesis/sdk/abi";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Committee,
  type ContractAddresses,
  type FinalityPolicy,
  type Hex,
  type KeyId,
  noId,
  type ProviderId,
  requireCommittee,
} from "@anamnesis/sdk/internal";
import { Interface, type Result } from "ethers";
import type { ChainBlock, StewardNode } from "./chain.ts";
import { erasureEvents } from "./erasure-events.ts";
import type { JsonRpc } from "./json-rpc.ts";
import { openingTopics, sessionOfLog } from "./session-of-log.ts";

export interface ChainReaderParameters {
  /** Shown in faults; never a URL, which may hold a secret. */
  readonly name: string;
  readonly rpc: JsonRpc;
  readonly contracts: ContractAddresses;
  readonly finality: FinalityPolicy;
  /** First block of the deployment: no session is older. */
  readonly fromBlock: number;
}

interface RawBlock {
  readonly number: Hex;
  readonly hash: Hex;
  readonly timestamp: Hex;
}

interface RawLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly transactionHash: Hex;
  readonly logIndex: Hex;
}

const READ = 1;
const WRITE = 2;

const interfaces = {
  gate: new Interface(accessGateAbi),
  consent: new Interface(consentRegistryAbi),
  patients: new Interface(patientRegistryAbi),
  providers: new Interface(providerRegistryAbi),
  records: new Interface(recordRegistryAbi),
  committee: new Interface(stewardCommitteeAbi),
  logs: new Interface(logRegistryAbi),
};

const quantity = (value: number): Hex => `0x${value.toString(16)}`;
const lower = (value: string): Hex => value.toLowerCase() as Hex;

function blockOf(raw: RawBlock | null): ChainBlock | undefined {
  return raw === null ? undefined : { number: Number(raw.number), hash: raw.hash, time: Number(raw.timestamp) };
}

function committeeOfResult(read: Result): Committee {
  return requireCommittee({
    keyId: lower(read.getValue("keyId")) as KeyId,
    groupKey: lower(read.getValue("groupKey")),
    epoch: Number(read.getValue("epoch")),
    threshold: Number(read.getValue("threshold")),
    members: ([...(read.getValue("members") as Result)] as Result[]).map((member, index) => ({
      index,
      provider: lower(member.getValue("provider")) as ProviderId,
      account: lower(member.getValue("account")),
      signingKey: lower(member.getValue("signingKey")),
      verifyingShare: lower(member.getValue("verifyingShare")),
      endpoint: member.getValue("endpoint") as string,
    })),
  });
}

/** Reads one chain node over JSON-RPC. Every method throws STEWARD_CHAIN_UNAVAILABLE when the node fails it. */
export function createChainReader(parameters: ChainReaderParameters): StewardNode {
  const { name, rpc, contracts, finality, fromBlock } = parameters;
  const block = async (tag: string) => blockOf((await rpc("eth_getBlockByNumber", [tag, false])) as RawBlock | null);
  const required = async (tag: string): Promise<ChainBlock> => {
    const found = await block(tag);
    if (found) return found;
    throw new AnamnesisError("STEWARD_CHAIN_UNAVAILABLE", { node: name, reason: "a block is missing" });
  };

  async function call(to: Hex, abi: Interface, method: string, args: unknown[], at: ChainBlock): Promise<Result> {
    const data = abi.encodeFunctionData(method, args);
    const result = (await rpc("eth_call", [{ to, data }, { blockHash: at.hash }])) as Hex;
    try {
      return abi.decodeFunctionResult(method, result);
    } catch (cause) {
      throw new AnamnesisError("STEWARD_CHAIN_UNAVAILABLE", { node: name, reason: `${method}: no answer` }, { cause });
    }
  }

  async function isFirst(log: RawLog, at: ChainBlock): Promise<boolean> {
    const range = { fromBlock: quantity(fromBlock), toBlock: quantity(at.number) };
    const filter = { address: contracts.accessGate, topics: [openingTopics, log.topics[1]], ...range };
    const [first] = (await rpc("eth_getLogs", [filter])) as RawLog[];
    return first?.transactionHash === log.transactionHash && Number(first.logIndex) === Number(log.logIndex);
  }

  async function latestEpochOf(keyId: KeyId, at: ChainBlock): Promise<number> {
    const [epoch] = await call(contracts.stewardCommittee, interfaces.committee, "latestEpochOf", [keyId], at);
    return Number(epoch);
  }

  return {
    name,
    head: () => required("latest"),
    final: (head) => {
      switch (finality.kind) {
        case "instant":
          return Promise.resolve(head);
        case "depth":
          return required(quantity(Math.max(0, head.number - finality.blocks)));
        case "tag":
          return required(finality.tag);
      }
    },
    blockAt: (number) => block(quantity(number)),
    async sessionOpened({ tx, logIndex }, at) {
      const receipt = (await rpc("eth_getTransactionReceipt", [tx])) as {
        blockNumber: Hex;
        blockHash: Hex;
        logs: RawLog[];
      } | null;
      if (receipt === null || Number(receipt.blockNumber) > at.number) return undefined;
      const canonical = await block(receipt.blockNumber);
      const log = receipt.logs.find((each) => Number(each.logIndex) === logIndex);
      if (canonical?.hash !== receipt.blockHash || log === undefined) return undefined;
      const session = lower(log.address) === lower(contracts.accessGate) ? sessionOfLog(log) : undefined;
      return session && (await isFirst(log, at)) ? session : undefined;
    },
    async decide(session, at) {
      const { patient, actor, labels } = session;
      switch (session.kind) {
        case "consent": {
          const { via, purpose, series } = session;
          const args = [patient, actor, via, purpose, labels, series, READ];
          const [denial, grantTag] = await call(contracts.consentRegistry, interfaces.consent, "decide", args, at);
          return { denial: Number(denial), grantTag: lower(grantTag) };
        }
        case "delegate": {
          const args = [patient, session.delegate, labels];
          const [denial, , tag] = await call(contracts.accessGate, interfaces.gate, "decideDelegate", args, at);
          return { denial: Number(denial), grantTag: lower(tag) };
        }
        case "emergency": {
          const args = [session.sessionId];
          const [denial] = await call(contracts.accessGate, interfaces.gate, "decideEmergency", args, at);
          return { denial: Number(denial), grantTag: session.sessionId };
        }
      }
    },
    async seriesStates(patient, series, at) {
      const args = [patient, [...series]];
      const [states] = await call(contracts.recordRegistry, interfaces.records, "statesOf", args, at);
      return [...(states as Result)].map((state: Result) => ({
        restrictions: state.getValue("restrictions") as bigint,
        disputed: Boolean(state.getValue("isDisputed")),
        erased: Boolean(state.getValue("isErased")),
      }));
    },
    async mayWrite({ patient, author, labels, purpose, via }, at) {
      const standing = call(contracts.providerRegistry, interfaces.providers, "standingOf", [author, noId], at);
      const args = [patient, author, via, purpose, labels, noId, WRITE];
      const decision = call(contracts.consentRegistry, interfaces.consent, "decide", args, at);
      const [[denial], judged] = await Promise.all([decision, standing]);
      return Number(denial) === 0 && Boolean(judged.getValue("author"));
    },
    async anchoredAt({ patient, recordId, labels, author }, at) {
      const args = [patient, recordId, labels, author];
      const [number] = await call(contracts.recordRegistry, interfaces.records, "anchoredAt", args, at);
      return Number(number);
    },
    erasureEvents: ({ from, to }) =>
      erasureEvents(rpc, contracts.recordRegistry, { from: Math.max(from, fromBlock), to }),
    async erasureOf(patient, series, at) {
      const answer = await call(contracts.recordRegistry, interfaces.records, "erasureOf", [patient, series], at);
      const erasure = answer.getValue("erasure") as Result;
      return {
        requestedAt: Number(erasure.getValue("requestedAt")),
        deletableFrom: Number(answer.getValue("deletableFrom")),
      };
    },
    async isRetracted({ recordId, author }, at) {
      const [retracted] = await call(
        contracts.recordRegistry,
        interfaces.records,
        "isRetracted",
        [recordId, author],
        at,
      );
      return Boolean(retracted);
    },
    async ownerKeyHashOf(patient, at) {
      // Before the registry stood, nobody had a key.
      if (at.number < fromBlock) return noId;
      const [hash] = await call(contracts.patientRegistry, interfaces.patients, "ownerKeyHashOf", [patient], at);
      return lower(hash);
    },
    async controllerOf(patient, at) {
      const [head] = await call(contracts.patientRegistry, interfaces.patients, "headOf", [patient], at);
      return lower((head as Result).getValue("controller"));
    },
    async recoveredAt(patient, at) {
      const [recovery] = await call(contracts.patientRegistry, interfaces.patients, "recoveryOf", [patient], at);
      return Number((recovery as Result).getValue("recoveredAt"));
    },
    async keyHeaderHashOf(patient, at) {
      const answer = await call(contracts.patientRegistry, interfaces.patients, "keyHeaderOf", [patient], at);
      return lower(answer.getValue("headerHash"));
    },
    async providerOfKey(key, at) {
      const [provider] = await call(contracts.providerRegistry, interfaces.providers, "providerOfKey", [key], at);
      return lower(provider) as ProviderId;
    },
    async isActive(provider, at) {
      const [denial] = await call(contracts.providerRegistry, interfaces.providers, "standingOf", [provider, noId], at);
      return Number(denial) === 0;
    },
    async committee(at) {
      const [committee] = await call(contracts.stewardCommittee, interfaces.committee, "current", [], at);
      const read = committee as Result;
      const members = [...(read.getValue("members") as Result)] as Result[];
      return {
        keyId: lower(read.getValue("keyId")) as KeyId,
        epoch: Number(read.getValue("epoch")),
        signingKeys: members.map((member) => lower(member.getValue("signingKey"))),
      };
    },
    async logOf(owner, at) {
      const [size, rootStart] = await call(contracts.logRegistry, interfaces.logs, "logOf", [owner], at);
      return { size: Number(size), rootStart: lower(rootStart) };
    },
    async logHead(owner, size, at) {
      const topics = interfaces.logs.encodeFilterTopics("LogAnchored", [owner, size]);
      const range = { fromBlock: quantity(fromBlock), toBlock: quantity(at.number) };
      const [log] = (await rpc("eth_getLogs", [{ address: contracts.logRegistry, topics, ...range }])) as RawLog[];
      return log && { root: lower(log.data), block: Number(log.blockNumber), transaction: lower(log.transactionHash) };
    },
    nonceOf: async (account, at) => Number(await rpc("eth_getTransactionCount", [account, { blockHash: at.hash }])),
    latestEpochOf,
    async committeeOf(keyId, epoch, at) {
      if (epoch < 1 || (await latestEpochOf(keyId, at)) < epoch) return undefined;
      const args = [keyId, epoch];
      const [committee] = await call(contracts.stewardCommittee, interfaces.committee, "committeeOf", args, at);
      return committeeOfResult(committee as Result);
    },
  };
}
