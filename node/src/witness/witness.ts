import { isAnamnesisError } from "@anamnesis/sdk/errors";
import type { ContractAddresses, SigningKeyPair } from "@anamnesis/sdk/internal";
import type { ContentStore } from "@anamnesis/sdk/storage/content-store";
import { type Clock, systemClock } from "../steward/index.ts";
import type { Alarm } from "./alarms.ts";
import { blockOf, type WitnessNode } from "./chain-events.ts";
import { verifierKey } from "./checkpoint.ts";
import { commonFinalBlock, compareNodes } from "./compare-nodes.ts";
import { followLogs, headsAmong, type LogSource, vanishedHeads } from "./follow-logs.ts";
import { checkState, expectationsOf } from "./replay-state.ts";
import type { WitnessReport } from "./report.ts";
import { type BodySource, type Sampled, sampleBodies } from "./sample-bodies.ts";
import type { WitnessStore } from "./witness-store.ts";

export interface WitnessParameters {
  /** Of the witness, in its cosignatures: without spaces and plus signs. */
  readonly name: string;
  readonly keys: SigningKeyPair;
  readonly store: WitnessStore;
  readonly network: { readonly name: string; readonly chainId: number };
  readonly contracts: ContractAddresses;
  /** First block of the deployment. */
  readonly fromBlock: number;
  /** Two of different operators at least, or nobody notices what one leaves out. */
  readonly nodes: readonly WitnessNode[];
  readonly sources: readonly LogSource[];
  /** The storage, and what should be in it; nothing is sampled where one is absent. */
  readonly content?: Pick<ContentStore, "get"> | undefined;
  readonly bodies?: BodySource | undefined;
  readonly limits?: Partial<WitnessLimits> | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
}

export interface WitnessLimits {
  /** Bodies sampled in one round. */
  readonly samples: number;
  /** Milliseconds for one of them. */
  readonly fetchWithin: number;
  /** Seconds after which an owner who does not show that its log went on is named. */
  readonly patience: number;
  /** All is read and replayed anew in one round of so many; in others only what is new. */
  readonly replayEvery: number;
}

export const defaultWitnessLimits: WitnessLimits = {
  samples: 8,
  fetchWithin: 10_000,
  patience: 3_600,
  replayEvery: 60,
};

export interface Witness {
  /** Looks at everything once. What cannot be reached is a line in the report. @throws STEWARD_STORE_FAILED */
  round(): Promise<WitnessReport>;
}

const nothingSampled: Sampled = { bodies: 0, bytes: 0, alarms: [] };

/** Watches a network without any key of it: whoever runs one needs nobody's permission, and learns nothing of anybody's health. */
export function createWitness(parameters: WitnessParameters): Witness {
  const { name, keys, store, network, contracts, fromBlock, nodes, sources, content, bodies } = parameters;
  const { clock = systemClock, random = Math.random } = parameters;
  const limits = { ...defaultWitnessLimits, ...parameters.limits };
  const { chainId } = network;
  let rounds = 0;

  return {
    async round() {
      const now = Math.floor(clock.now() / 1_000);
      const faults: string[] = [];
      const alarms: Alarm[] = [];
      const isReplay = rounds++ % limits.replayEvery === 0;
      const attempt = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
        try {
          return await work();
        } catch (error) {
          if (!isAnamnesisError(error) || error.code === "STEWARD_STORE_FAILED") throw error;
          faults.push(error.code);
          return otherwise;
        }
      };

      const from = isReplay ? fromBlock : Math.max(fromBlock, (store.readTo() ?? fromBlock - 1) + 1);
      const chain = await attempt(async () => {
        const to = await commonFinalBlock(nodes);
        return to < from ? undefined : compareNodes(nodes, contracts, { from, to });
      }, undefined);
      let registers = 0;
      if (chain !== undefined) {
        if (chain.alarm) alarms.push(chain.alarm);
        const heads = headsAmong(chain.events, contracts);
        const last = store.readTo() ?? -1;
        for (const head of heads) if (head.block > last) store.putPending(head, now);
        if (isReplay && chain.alarm === undefined) alarms.push(...vanishedHeads(store, heads));
        const expected = expectationsOf(chain.events, contracts);
        for (const node of nodes) {
          alarms.push(...(await attempt(async () => checkState(node, expected, await blockOf(node, chain.to)), [])));
        }
        registers = expected.length;
        if (chain.to >= last) store.putReadTo(chain.to);
      }
      const logRegistry = contracts.logRegistry;
      const followed = await followLogs({
        store,
        sources,
        chainId,
        logRegistry,
        name,
        keys,
        now,
        patience: limits.patience,
      });
      alarms.push(...followed.alarms);
      const sampled =
        content && bodies
          ? await attempt(
              async () => sampleBodies(content, await bodies(limits.samples), { random, timeout: limits.fetchWithin }),
              nothingSampled,
            )
          : nothingSampled;
      alarms.push(...sampled.alarms);
      for (const alarm of alarms) store.raise(alarm, now);
      return {
        format: "anamnesis-witness-report/v1",
        witness: { name, key: verifierKey(name, keys.publicKey) },
        network: { name: network.name, chainId },
        time: now,
        block: chain?.to ?? store.readTo() ?? 0,
        nodes: nodes.map((node) => node.name),
        checked: {
          blocks: chain === undefined ? 0 : Math.max(0, chain.to - from + 1),
          events: chain?.events.length ?? 0,
          heads: followed.cosigned,
          registers,
          bodies: sampled.bodies,
          bytes: sampled.bytes,
        },
        logs: store.logs().map(({ owner, size, root, note }) => ({ owner, size, root, note })),
        alarms: store.alarms(),
        faults,
      };
    },
  };
}
