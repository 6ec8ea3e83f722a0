import { FetchRequest, type JsonRpcApiProvider, JsonRpcProvider, Network } from "ethers";
import { throwIfAborted } from "../core/abort.ts";
import { translateNodeError } from "./translate-error.ts";

/** A JSON-RPC node and what to call it in errors: its host, never the whole URL, which may hold a secret. */
export interface ChainNode {
  readonly name: string;
  readonly provider: JsonRpcApiProvider;
}

/** Milliseconds until an unanswered request counts as a node that cannot be reached. */
const requestTimeout = 10_000;

/** ethers' defaults (4 s polling, 10 ms batching, 250 ms cache, network detection) make a fast chain look slow. */
export const providerProfile = { pollingInterval: 50, batchStallTime: 0, cacheTimeout: -1 } as const;

/** A node at a URL, with the profile this SDK needs. Nothing is sent yet. */
export function connectNode(url: string, chainId: number): ChainNode {
  const request = new FetchRequest(url);
  request.timeout = requestTimeout;
  const network = Network.from(chainId);
  const provider = new JsonRpcProvider(request, network, { ...providerProfile, staticNetwork: network });
  return { name: hostOf(url), provider };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "node";
}

/** One JSON-RPC request. @throws CHAIN_UNREACHABLE, CHAIN_REQUEST_FAILED, CHAIN_REVERTED */
export async function ask(
  node: ChainNode,
  method: string,
  params: readonly unknown[],
  signal?: AbortSignal | undefined,
): Promise<unknown> {
  throwIfAborted(signal);
  try {
    const answer: unknown = await node.provider.send(method, [...params]);
    throwIfAborted(signal);
    return answer;
  } catch (error) {
    throw translateNodeError(error, node.name);
  }
}
