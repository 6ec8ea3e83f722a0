import { join } from "node:path";
import type { LocalNetwork } from "@anamnesis/node";
import { createClient, type StewardTransport } from "@anamnesis/sdk";
import { type Committee, committeeOf } from "@anamnesis/sdk/internal";
import {
  createChainReader,
  createSteward,
  httpJsonRpc,
  inProcessTransport,
  openStewardFolder,
  type Steward,
  type StewardNode,
} from "../../node/src/steward/index.ts";
import type { StewardStore } from "../../node/src/stores/index.ts";

export interface PlantedStewards extends StewardTransport {
  close(): void;
}

/** What a planted defect may get between: the steward's view of the chain, and what it keeps. */
export interface Spoiling {
  readonly node?: (node: StewardNode) => StewardNode;
  readonly store?: (store: StewardStore) => StewardStore;
}

export interface PlantedSteward {
  readonly steward: Steward;
  close(): Promise<void>;
}

/** Defect on purpose: a steward in this process, on the folder of one of the network's, which must have been stopped. */
export async function plantedSteward(
  { deployment, directory }: LocalNetwork,
  committee: Committee,
  index: number,
  { node: spoilNode = (node) => node, store: spoilStore = (store) => store }: Spoiling,
): Promise<PlantedSteward> {
  const { description, contracts, system, block } = deployment;
  const { chainId, finality } = description;
  const folder = await openStewardFolder(join(directory, "stewards", String(index + 1)));
  const rpc = httpJsonRpc(description.nodes[0] as string);
  const node = createChainReader({ name: "node 1", rpc, contracts, finality, fromBlock: block });
  const steward = createSteward({
    index,
    signing: folder.signing,
    share: await folder.loadShare(committee),
    committee,
    system,
    nodes: [spoilNode(node)],
    store: spoilStore(folder.store),
    chainId,
    gate: contracts.accessGate,
  });
  return {
    steward,
    async close() {
      steward.close();
      await folder.close();
    },
  };
}

/** All stewards planted at once, their view of the chain going through `spoil`. */
export async function plantedStewards(
  network: LocalNetwork,
  spoil: (node: StewardNode) => StewardNode,
): Promise<PlantedStewards> {
  const committee = await committeeOf(await createClient({ deployment: network.deployment }));
  const planted = await Promise.all(
    committee.members.map(({ index }) => plantedSteward(network, committee, index, { node: spoil })),
  );
  return {
    ...inProcessTransport(planted.map(({ steward }) => steward)),
    close: () => {
      for (const each of planted) void each.close();
    },
  };
}
