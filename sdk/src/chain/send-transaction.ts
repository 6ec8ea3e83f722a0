import { type ContractTransaction, keccak256 } from "ethers";
import { type AbortOptions, throwIfAborted } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";
import type { Address } from "../core/types.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import { type ChainClient, requireSigner } from "./chain-client.ts";
import { ask, type ChainNode } from "./node.ts";
import { laneOf } from "./nonce-lane.ts";
import { pause } from "./pause.ts";
import type { ChainSigner, PreparedTransaction } from "./signer-kinds.ts";
import { isAlreadyKnown, isNonceTaken } from "./translate-error.ts";
import { type Sent, waitForReceipt } from "./wait-for-receipt.ts";

/**
 * Prepares, sends and waits until the transaction stands in a block. What the contract would refuse is refused before
 * anything is sent. `signal` ends the waiting, not a transaction that was already sent.
 *
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_FUNDS_MISSING, CHAIN_UNREACHABLE, CHAIN_SEND_UNCERTAIN,
 * CHAIN_TIMEOUT, CHAIN_REPLACED, and what a wallet refuses
 */
export async function sendTransaction(
  client: ChainClient,
  call: ContractTransaction,
  { signal }: AbortOptions = {},
): Promise<Sent> {
  const signer = requireSigner(client);
  const prepared = await prepare(client, signer.address, call, signal);
  throwIfAborted(signal);
  const { hash, nonce, settled } = await dispatch(client, signer, prepared);
  try {
    return await waitForReceipt(client, { hash, from: signer.address, nonce, call: prepared }, { signal });
  } finally {
    settled();
  }
}

/** What the execution may cost more in its block than when it was estimated: state moves on in between. */
const withMargin = (estimate: bigint) => (estimate * 13n) / 10n;

async function prepare(
  client: ChainClient,
  from: Address,
  call: ContractTransaction,
  signal: AbortSignal | undefined,
): Promise<PreparedTransaction> {
  const [node] = client.nodes;
  const to = call.to as Address;
  const data = call.data as Hex;
  const [estimate, fees] = await Promise.all([
    ask(node, "eth_estimateGas", [{ from, to, data }], signal),
    feesOf(node, signal),
  ]);
  const gas = withMargin(BigInt(estimate as string));
  return { chainId: client.deployment.description.chainId, to, data, gas, fees };
}

/** Twice the base fee carries a transaction over at least five full blocks; a network without base fee names its price. */
async function feesOf(node: ChainNode, signal: AbortSignal | undefined): Promise<PreparedTransaction["fees"]> {
  const [block, tip] = await Promise.all([
    ask(node, "eth_getBlockByNumber", ["latest", false], signal) as Promise<{ baseFeePerGas?: string } | null>,
    ask(node, "eth_maxPriorityFeePerGas", [], signal).catch((error: unknown) => {
      if (isAnamnesisError(error, "CHAIN_REQUEST_FAILED")) return "0x0";
      throw error;
    }),
  ]);
  if (block?.baseFeePerGas === undefined) {
    return { gasPrice: BigInt((await ask(node, "eth_gasPrice", [], signal)) as string) };
  }
  const maxPriorityFeePerGas = BigInt(tip as string);
  return { maxFeePerGas: 2n * BigInt(block.baseFeePerGas) + maxPriorityFeePerGas, maxPriorityFeePerGas };
}

interface Dispatched {
  readonly hash: Hex;
  readonly nonce: number | undefined;
  settled(): void;
}

async function dispatch(
  client: ChainClient,
  signer: ChainSigner,
  prepared: PreparedTransaction,
  mayRetry = true,
): Promise<Dispatched> {
  const { sending } = signer;
  if (sending.kind === "wallet") {
    return { hash: await sending.send(prepared), nonce: undefined, settled: () => undefined };
  }
  const [node] = client.nodes;
  const pendingCount = async () => Number(await ask(node, "eth_getTransactionCount", [signer.address, "pending"]));
  const lane = laneOf(signer.origin, prepared.chainId, pendingCount);
  try {
    const { value, nonce, settled } = await lane.take(async (next) => {
      const raw = await sending.sign(prepared, next);
      return broadcast(node, raw);
    });
    return { hash: value, nonce, settled };
  } catch (error) {
    if (mayRetry && isNonceTaken(error)) return dispatch(client, signer, prepared, false);
    throw error;
  }
}

/** Sends the signed bytes, and the very same bytes again where the answer was lost: that cannot act twice. */
async function broadcast(node: ChainNode, raw: Hex): Promise<Hex> {
  const hash = keccak256(raw) as Hex;
  for (let attempt = 1; ; attempt++) {
    try {
      await ask(node, "eth_sendRawTransaction", [raw]);
      return hash;
    } catch (error) {
      if (isAlreadyKnown(error)) return hash;
      if (!isAnamnesisError(error, "CHAIN_UNREACHABLE")) {
        // Our own first sending may be what used the nonce; and some nodes complain of what they have put in a block already.
        const isThere = (await ask(node, "eth_getTransactionByHash", [hash])) !== null;
        if (isThere) return hash;
        throw error;
      }
      if (attempt === 3) {
        throw new AnamnesisError("CHAIN_SEND_UNCERTAIN", { transaction: hash, node: node.name }, { cause: error });
      }
      await pause(250 * attempt, undefined);
    }
  }
}
