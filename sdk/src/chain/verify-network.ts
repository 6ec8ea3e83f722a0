import type { ContractName, Deployment } from "../core/types.ts";
import { AnamnesisError } from "../errors/index.ts";
import { contractNames } from "./contracts.ts";
import { ask, type ChainNode } from "./node.ts";

/** @throws CHAIN_UNREACHABLE, CHAIN_WRONG_NETWORK, CHAIN_CONTRACT_MISSING */
export async function verifyNetwork(
  nodes: readonly [ChainNode, ...ChainNode[]],
  { description, contracts }: Deployment,
  signal: AbortSignal | undefined,
): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      const actual = Number(await ask(node, "eth_chainId", [], signal));
      if (actual !== description.chainId) {
        throw new AnamnesisError("CHAIN_WRONG_NETWORK", {
          ...{ network: description.name, expected: description.chainId, actual, node: node.name },
        });
      }
    }),
  );
  const [node] = nodes;
  const missing = async (name: ContractName) => {
    const address = contracts[name];
    if (typeof address !== "string") throw new AnamnesisError("CLIENT_DEPLOYMENT_INVALID", { contract: name });
    const code = await ask(node, "eth_getCode", [address, "latest"], signal);
    if (code === "0x") throw new AnamnesisError("CHAIN_CONTRACT_MISSING", { contract: name, address, node: node.name });
  };
  await Promise.all(contractNames.map(missing));
}
