import type { Provider } from "ethers";
import { JsonRpcApiProvider } from "ethers";
import type { AbortOptions } from "../core/abort.ts";
import type { Deployment } from "../core/types.ts";
import { AnamnesisError } from "../errors/index.ts";
import { type Contracts, contractsAt } from "./contracts.ts";
import { type ChainNode, connectNode, providerProfile } from "./node.ts";
import { chainSigner, providerOfSigner } from "./signer.ts";
import type { ChainSigner, SignerLike } from "./signer-kinds.ts";
import { verifyNetwork } from "./verify-network.ts";

/** Milliseconds; how long one waits before giving up. */
export interface ChainTimeouts {
  /** For a transaction to stand in a block; 60,000 by default. */
  readonly transaction?: number | undefined;
  /** For a block of the second a decision needs; 30,000 by default. */
  readonly head?: number | undefined;
}

export type ProviderLike = JsonRpcApiProvider | Provider | string | readonly string[];

export interface ChainParameters extends AbortOptions {
  readonly deployment: Deployment;
  /** Nodes, first the one that is read from and sent to. By default the deployment's, else the signer's own. */
  readonly provider?: ProviderLike | undefined;
  readonly signer?: SignerLike | undefined;
  readonly timeouts?: ChainTimeouts | undefined;
}

/** What chain verbs need: where the contracts are, how to ask, and who signs. */
export interface ChainClient {
  readonly deployment: Deployment;
  readonly nodes: readonly [ChainNode, ...ChainNode[]];
  readonly contracts: Contracts;
  readonly signer: ChainSigner | undefined;
  readonly timeouts: { readonly transaction: number; readonly head: number };
}

/**
 * Connects to a network and checks that it is the deployment's.
 *
 * @throws CLIENT_DEPLOYMENT_INVALID, CLIENT_PROVIDER_MISSING, CLIENT_SIGNER_UNKNOWN, CHAIN_UNREACHABLE,
 * CHAIN_WRONG_NETWORK, CHAIN_CONTRACT_MISSING
 */
export async function createChainClient(parameters: ChainParameters): Promise<ChainClient> {
  const { deployment, signal, timeouts = {} } = parameters;
  requireDeployment(deployment);
  const nodes = nodesOf(parameters);
  await verifyNetwork(nodes, deployment, signal);
  const { chainId } = deployment.description;
  return {
    deployment,
    nodes,
    contracts: contractsAt(deployment.contracts, nodes[0].provider),
    signer: parameters.signer && (await chainSigner(parameters.signer, chainId)),
    timeouts: { transaction: timeouts.transaction ?? 60_000, head: timeouts.head ?? 30_000 },
  };
}

function requireDeployment(deployment: Deployment): void {
  const version: unknown = deployment?.version;
  const isUsable =
    version === 1 && Number.isSafeInteger(deployment.description?.chainId) && typeof deployment.contracts === "object";
  if (!isUsable) throw new AnamnesisError("CLIENT_DEPLOYMENT_INVALID", { version: String(version) });
}

function nodesOf({ deployment, provider, signer }: ChainParameters): readonly [ChainNode, ...ChainNode[]] {
  const { chainId, nodes } = deployment.description;
  const given = provider ?? (nodes.length > 0 ? nodes : providerOfSigner(signer));
  const urls = typeof given === "string" ? [given] : Array.isArray(given) ? (given as readonly string[]) : undefined;
  if (urls) {
    const [first, ...others] = urls.map((url) => connectNode(url, chainId));
    if (first) return [first, ...others];
  } else if (given instanceof JsonRpcApiProvider || (given && "send" in (given as object))) {
    const own = given as JsonRpcApiProvider & { pollingInterval?: number };
    if (own.pollingInterval !== undefined) own.pollingInterval = providerProfile.pollingInterval;
    return [{ name: "provider", provider: own }];
  }
  throw new AnamnesisError("CLIENT_PROVIDER_MISSING");
}

/** @throws CLIENT_SIGNER_MISSING */
export function requireSigner(client: ChainClient): ChainSigner {
  if (!client.signer) throw new AnamnesisError("CLIENT_SIGNER_MISSING");
  return client.signer;
}
