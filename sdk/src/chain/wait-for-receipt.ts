import type { AbortOptions } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";
import type { Address, TransactionSummary } from "../core/types.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import type { ChainClient } from "./chain-client.ts";
import { ask, providerProfile } from "./node.ts";
import { pause } from "./pause.ts";

/** An event as a node gives it. */
export interface RawLog {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly blockHash: Hex;
  readonly transactionHash: Hex;
  readonly logIndex: Hex;
}

/** A transaction that took effect, with its events still encoded. */
export interface Sent {
  readonly transaction: TransactionSummary;
  readonly logs: readonly RawLog[];
}

interface RawReceipt {
  readonly status: Hex;
  readonly blockNumber: Hex;
  readonly gasUsed: Hex;
  readonly logs: readonly RawLog[];
}

interface Awaited {
  readonly hash: Hex;
  readonly from: Address;
  /** Known unless a wallet keeps its own. */
  readonly nonce: number | undefined;
  readonly call: { readonly to: Address; readonly data: Hex };
}

/** Milliseconds between looks whether the sender's nonce was used by something else. */
const replacementInterval = 2_000;

/**
 * Waits for a receipt, never longer than the client's time-out: a replaced or forgotten transaction would keep a plain
 * wait for ever. @throws CHAIN_TIMEOUT, CHAIN_REPLACED, CHAIN_REVERTED, OPERATION_ABORTED
 */
export async function waitForReceipt(client: ChainClient, awaited: Awaited, options: AbortOptions = {}): Promise<Sent> {
  const [node] = client.nodes;
  const { hash } = awaited;
  const begun = performance.now();
  let nextReplacementCheck = begun + replacementInterval;
  for (;;) {
    const receipt = await receiptOf(client, hash, options.signal);
    if (receipt) return settle(client, awaited, receipt, options);
    const now = performance.now();
    if (now - begun >= client.timeouts.transaction) {
      throw new AnamnesisError("CHAIN_TIMEOUT", { transaction: hash, seconds: Math.round((now - begun) / 1000) });
    }
    if (awaited.nonce !== undefined && now >= nextReplacementCheck) {
      nextReplacementCheck = now + replacementInterval;
      const used = Number(await ask(node, "eth_getTransactionCount", [awaited.from, "latest"], options.signal));
      // The receipt may have arrived between the two questions.
      if (used > awaited.nonce && !(await receiptOf(client, hash, options.signal))) {
        throw new AnamnesisError("CHAIN_REPLACED", { transaction: hash, nonce: awaited.nonce });
      }
    }
    await pause(providerProfile.pollingInterval, options.signal);
  }
}

async function receiptOf(
  client: ChainClient,
  hash: Hex,
  signal: AbortSignal | undefined,
): Promise<RawReceipt | undefined> {
  try {
    const answer = await ask(client.nodes[0], "eth_getTransactionReceipt", [hash], signal);
    return (answer as RawReceipt | null) ?? undefined;
  } catch (error) {
    // It was sent: a node that is away for a moment is no reason to call it lost before the time-out.
    if (isAnamnesisError(error, "CHAIN_UNREACHABLE")) return undefined;
    throw error;
  }
}

async function settle(
  client: ChainClient,
  awaited: Awaited,
  receipt: RawReceipt,
  options: AbortOptions,
): Promise<Sent> {
  const { hash, from, call } = awaited;
  if (BigInt(receipt.status) === 1n) {
    const transaction = { hash, blockNumber: Number(receipt.blockNumber), gasUsed: BigInt(receipt.gasUsed) };
    return { transaction, logs: receipt.logs };
  }
  // A receipt does not say why: the same call on the block before gives the contract's reason.
  const before = `0x${(BigInt(receipt.blockNumber) - 1n).toString(16)}`;
  let cause: unknown;
  try {
    await ask(client.nodes[0], "eth_call", [{ from, to: call.to, data: call.data }, before], options.signal);
  } catch (error) {
    cause = error;
  }
  const known = isAnamnesisError(cause, "CHAIN_REVERTED") ? cause.details : { error: "unknown" };
  throw new AnamnesisError("CHAIN_REVERTED", { ...known, transaction: hash }, { cause });
}
