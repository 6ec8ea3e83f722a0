import { join } from "node:path";
import type { Deployment, ProviderId, StewardTransport } from "@anamnesis/sdk";
import type { Committee, TypedDataSigner } from "@anamnesis/sdk/internal";
import { type CommitteePublication, createCeremonyChain, runCommitteeCeremony } from "../ceremony/index.ts";
import {
  type Clock,
  createChainReader,
  createSteward,
  httpJsonRpc,
  inProcessTransport,
  openStewardFolder,
  type Steward,
  type StewardFolder,
} from "../steward/index.ts";

/** The way to the local stewards, some of which may be stopped. */
export interface LocalStewards extends StewardTransport {
  /** Stops one steward, or all: nobody answers in their place. */
  stop(index?: number): void;
  /** Starts one again, or all, from what is on disk. */
  start(index?: number): Promise<void>;
  readonly running: readonly number[];
  close(): void;
}

export interface StewardSeat {
  readonly provider: ProviderId;
  readonly account: TypedDataSigner;
}

const folderOf = (directory: string, index: number) => join(directory, "stewards", String(index + 1));
const endpointOf = (index: number) => `local:${index + 1}`;

const chainNodesOf = ({ description, contracts, block }: Deployment) =>
  description.nodes.map((url, position) =>
    createChainReader({
      name: `node ${position + 1}`,
      rpc: httpJsonRpc(url),
      contracts,
      finality: description.finality,
      fromBlock: block,
    }),
  );

/** Makes and publishes the committee key among the seats; each one's share goes, sealed, into its own folder. */
export async function foundCommittee(parameters: {
  readonly directory: string;
  readonly deployment: Deployment;
  readonly seats: readonly StewardSeat[];
  readonly threshold: number;
  readonly clock: Clock;
  readonly publish: (publication: CommitteePublication) => Promise<unknown>;
}) {
  const { directory, deployment, seats, threshold, clock, publish } = parameters;
  const contract = { chainId: deployment.description.chainId, contract: deployment.contracts.stewardCommittee };
  const folders = await Promise.all(seats.map((_, index) => openStewardFolder(folderOf(directory, index))));
  try {
    return await runCommitteeCeremony({
      threshold,
      chain: createCeremonyChain({ nodes: chainNodesOf(deployment), clock, contract }),
      publish,
      members: seats.map((seat, index) => ({
        ...seat,
        folder: folders[index] as StewardFolder,
        endpoint: endpointOf(index),
      })),
    });
  } finally {
    for (const folder of folders) folder.close();
  }
}

/** Starts every member of a committee in this process, each on its own folder. */
export async function startStewards(
  directory: string,
  deployment: Deployment,
  committee: Committee,
  clock: Clock,
): Promise<LocalStewards> {
  const { description, contracts, system } = deployment;
  const running = new Map<number, { readonly steward: Steward; readonly folder: StewardFolder }>();

  const startOne = async (index: number) => {
    if (running.has(index)) return;
    const folder = await openStewardFolder(folderOf(directory, index));
    const steward = createSteward({
      index,
      signing: folder.signing,
      share: await folder.loadShare(committee),
      committee,
      system,
      nodes: chainNodesOf(deployment),
      store: folder.store,
      chainId: description.chainId,
      gate: contracts.accessGate,
      clock,
    });
    running.set(index, { steward, folder });
  };
  const stopOne = (index: number) => {
    const found = running.get(index);
    running.delete(index);
    found?.steward.close();
    found?.folder.close();
  };
  const every = committee.members.map(({ index }) => index);
  const chosen = (index: number | undefined) => (index === undefined ? every : [index]);

  for (const index of every) await startOne(index);
  return {
    request: (address, verb, body, options) =>
      inProcessTransport([...running.values()].map(({ steward }) => steward)).request(address, verb, body, options),
    stop: (index) => chosen(index).forEach(stopOne),
    start: async (index) => {
      for (const each of chosen(index)) await startOne(each);
    },
    get running() {
      return [...running.keys()].sort((a, b) => a - b);
    },
    close: () => every.forEach(stopOne),
  };
}
