import type { Hex } from "@anamnesis/sdk/internal";
import type { JsonRpc } from "./json-rpc.ts";

/** Prices of a unit of gas, in wei. */
export interface GasPrices {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** What a steward sends through one chain node. Every method throws STEWARD_CHAIN_UNAVAILABLE when the node fails it. */
export interface ChainWriter {
  /** The next nonce of an account, what waits in the node's pool included. */
  nextNonce(account: Hex): Promise<number>;
  /** Four times what a block asks now: a transaction signed today is sent as it is until it takes place. */
  prices(): Promise<GasPrices>;
  send(raw: Hex): Promise<void>;
}

export function createChainWriter(rpc: JsonRpc): ChainWriter {
  return {
    nextNonce: async (account) => Number(await rpc("eth_getTransactionCount", [account, "pending"])),
    async prices() {
      const [block, tip] = await Promise.all([
        rpc("eth_getBlockByNumber", ["latest", false]) as Promise<{ readonly baseFeePerGas?: Hex }>,
        rpc("eth_maxPriorityFeePerGas", []) as Promise<Hex>,
      ]);
      const maxPriorityFeePerGas = BigInt(tip);
      return { maxPriorityFeePerGas, maxFeePerGas: 4n * BigInt(block.baseFeePerGas ?? 0) + maxPriorityFeePerGas };
    },
    async send(raw) {
      await rpc("eth_sendRawTransaction", [raw]);
    },
  };
}
