import { logRegistryAbi } from "@anamnesis/sdk/abi";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { type Hex, logRoot, toHex } from "@anamnesis/sdk/internal";
import { Interface } from "ethers";
import type { OutgoingHead } from "../stores/log-rows.ts";
import type { StewardStore } from "../stores/steward-store.ts";
import { agreed, type ChainMoment } from "./chain-moment.ts";
import type { ChainWriter } from "./chain-writer.ts";
import type { ReceiptLog } from "./receipt-log.ts";

/** The steward's account on the chain, a key of its provider; ethers' `Wallet` is one. */
export interface TransactionSigner {
  getAddress(): Promise<string>;
  /** Gives the raw transaction, ready to be sent. */
  signTransaction(transaction: {
    readonly type: 2;
    readonly chainId: number;
    readonly nonce: number;
    readonly to: string;
    readonly data: string;
    readonly gasLimit: bigint;
    readonly maxFeePerGas: bigint;
    readonly maxPriorityFeePerGas: bigint;
  }): Promise<string>;
}

export interface LogAnchoringParameters {
  readonly log: ReceiptLog;
  readonly store: StewardStore;
  readonly account: TransactionSigner;
  readonly writer: ChainWriter;
  readonly chainId: number;
  readonly logRegistry: Hex;
}

/** What a round did: a head was sent, sent again or found on the chain for good; or there was nothing to do. */
export type AnchorRound = "sent" | "waiting" | "anchored" | "nothing";

/** Twice what a first head costs. */
const GAS = 110_000n;

const registry = new Interface(logRegistryAbi);

/**
 * Anchors a steward's log, one head at a time: signed, written to the database, sent, and sent again byte for byte until it is final. A
 * process that ends at any point goes on there. Rounds must not overlap.
 */
export function createLogAnchoring(parameters: LogAnchoringParameters): { round(): Promise<AnchorRound> } {
  const { log, store, account, writer, chainId, logRegistry } = parameters;
  const { owner } = log;

  const addressOfAccount = async (moment: ChainMoment): Promise<Hex> => {
    const address = (await account.getAddress()).toLowerCase() as Hex;
    const providers = await moment.atHead((node, block) => node.providerOfKey(address, block));
    if (providers.some((provider) => provider !== owner)) {
      throw new AnamnesisError("STEWARD_ACCOUNT_FOREIGN", { account: address, provider: owner });
    }
    return address;
  };

  /** Whether the head under way arrived, or never will; undefined while that is open. */
  async function outcomeOf(head: OutgoingHead, moment: ChainMoment): Promise<"anchored" | "lost" | undefined> {
    const found = agreed(
      await moment.atFinal(async (node, block) => (await node.logHead(owner, head.size, block)) ?? null),
    );
    if (found?.root === head.root) {
      await store.settleHead({ ...head, block: found.block, transaction: found.transaction });
      return "anchored";
    }
    const address = (await account.getAddress()).toLowerCase() as Hex;
    const nonces = await moment.atFinal((node, block) => node.nonceOf(address, block));
    if (!nonces.every((nonce) => nonce > head.nonce)) return undefined;
    // Another transaction took its place, for good.
    await store.dropOutgoingHead();
    return "lost";
  }

  async function sendNext(size: number, moment: ChainMoment): Promise<AnchorRound> {
    const address = await addressOfAccount(moment);
    const root = toHex(await logRoot(store.logNodes, size));
    const [nonce, prices] = await Promise.all([writer.nextNonce(address), writer.prices()]);
    const data = registry.encodeFunctionData("anchorLog", [root, size]);
    const transaction = { type: 2, chainId, nonce, to: logRegistry, data, gasLimit: GAS, ...prices } as const;
    const raw = (await account.signTransaction(transaction)) as Hex;
    await store.putOutgoingHead({ size, root, nonce, raw });
    await writer.send(raw);
    return "sent";
  }

  return {
    /** @throws as ReceiptLog.check, STEWARD_ACCOUNT_FOREIGN; what could not be done now is done by a later round. */
    async round() {
      const moment = await log.moment();
      const anchored = await log.check(moment);
      const head = await store.outgoingHead();
      if (head !== undefined) {
        const outcome = await outcomeOf(head, moment);
        if (outcome === "anchored") return outcome;
        if (outcome === undefined) {
          // A node that has it already, or that it was mined on meanwhile, says so; the next round reads what came of it.
          await writer.send(head.raw).catch(() => undefined);
          return "waiting";
        }
      }
      const size = await store.logSize();
      return size > anchored ? sendNext(size, moment) : "nothing";
    },
  };
}

/** Milliseconds after which a head under way is looked for, and sent again. */
const SOON = 5_000;

/**
 * Anchors at an interval of `every` milliseconds until `stop`, which waits for the round under way.
 * @param onFault Told why a round failed; the next one tries again.
 */
export function keepAnchoring(parameters: {
  readonly anchoring: { round(): Promise<AnchorRound> };
  readonly every: number;
  readonly onFault?: ((error: unknown) => void) | undefined;
}): { stop(): Promise<void> } {
  const { anchoring, every, onFault } = parameters;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const next = (milliseconds: number) => {
    if (!stopped) timer = setTimeout(start, milliseconds).unref();
  };
  const start = () => {
    running = run();
  };
  const run = async () => {
    let isUnderWay = false;
    try {
      const done = await anchoring.round();
      isUnderWay = done === "sent" || done === "waiting";
    } catch (error) {
      onFault?.(error);
    }
    next(isUnderWay ? Math.min(SOON, every) : every);
  };
  next(0);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
