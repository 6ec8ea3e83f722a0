import { join } from "node:path";
import type { LocalNetwork } from "@anamnesis/node";
import { createClient, type StewardTransport } from "@anamnesis/sdk";
import { committeeOf } from "@anamnesis/sdk/internal";
import {
  createChainReader,
  createSteward,
  httpJsonRpc,
  inProcessTransport,
  openStewardFolder,
  type StewardNode,
} from "../../node/src/steward/index.ts";

export interface PlantedStewards extends StewardTransport {
  close(): void;
}

/**
 * Defect on purpose: stewards in this process, on the folders of the network's own, whose view of the chain went through `spoil`.
 * The network's stewards must have been stopped.
 */
export async function plantedStewards(
  { deployment, directory }: LocalNetwork,
  spoil: (node: StewardNode) => StewardNode,
): Promise<PlantedStewards> {
  const { description, contracts, system, block } = deployment;
  const { chainId } = description;
  const committee = await committeeOf(await createClient({ deployment }));
  const ending: (() => void)[] = [];
  const stewards = await Promise.all(
    committee.members.map(async ({ index }) => {
      const folder = await openStewardFolder(join(directory, "stewards", String(index + 1)));
      const rpc = httpJsonRpc(description.nodes[0] as string);
      const { finality } = description;
      const node = createChainReader({ name: "node 1", rpc, contracts, finality, fromBlock: block });
      const steward = createSteward({
        index,
        signing: folder.signing,
        share: await folder.loadShare(committee),
        committee,
        system,
        nodes: [spoil(node)],
        store: folder.store,
        chainId,
        gate: contracts.accessGate,
      });
      ending.push(
        () => steward.close(),
        () => folder.close(),
      );
      return steward;
    }),
  );
  return {
    ...inProcessTransport(stewards),
    close: () => {
      for (const end of ending) end();
    },
  };
}
