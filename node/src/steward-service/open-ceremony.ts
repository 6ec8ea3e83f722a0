import type { Wallet } from "ethers";
import { type CeremonyChain, type CeremonyPeer, createCeremonyChain, createCeremonyPeer } from "../ceremony/index.ts";
import { type Clock, createChainReader, httpJsonRpc, type StewardFolder } from "../steward/index.ts";
import { accountIn } from "./account-in.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";

type Configuration = Pick<StewardServiceConfiguration, "deployment" | "nodes" | "limits" | "ceremony">;

/** What ceremonies read from the chain, through the service's own nodes. */
export function ceremonyChainOf({ deployment, nodes, limits }: Configuration, clock: Clock): CeremonyChain {
  const { description, contracts, block: fromBlock } = deployment;
  const { chainId, finality } = description;
  return createCeremonyChain({
    nodes: nodes.map((url, position) =>
      createChainReader({ name: `node ${position + 1}`, rpc: httpJsonRpc(url), contracts, finality, fromBlock }),
    ),
    clock,
    contract: { chainId, contract: contracts.stewardCommittee },
    limits: { headAge: limits.headAge },
  });
}

/** The provider's accounts that this steward signs with. @throws SERVICE_CONFIGURATION_INVALID */
export const accountsOf = ({ ceremony }: Pick<Configuration, "ceremony">): readonly Wallet[] =>
  (ceremony?.accountFiles ?? []).map((file) => accountIn("ceremony.accountFiles", file));

/** The service's side of ceremonies; undefined where its configuration says nothing of them. */
export function ceremonyPeerOf(
  configuration: Configuration,
  folder: StewardFolder,
  chain: CeremonyChain,
  onFault?: (error: unknown) => void,
): CeremonyPeer | undefined {
  const { ceremony } = configuration;
  if (ceremony === undefined) return undefined;
  return createCeremonyPeer({
    folder,
    provider: ceremony.provider,
    accounts: accountsOf(configuration),
    chain,
    onFault,
  });
}
