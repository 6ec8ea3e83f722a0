import { logRegistryAbi } from "@anamnesis/sdk/abi";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  appendLeaves,
  frontierNodes,
  frontierRoot,
  type Hex,
  type LogFrontier,
  logRoot,
  toHex,
} from "@anamnesis/sdk/internal";
import { Interface } from "ethers";
import type { ChainMoment, ChainWriter, GasPrices, LogState, TransactionSigner } from "../steward/index.ts";
import { agreed } from "../steward/index.ts";
import { replacementPrices } from "./gas-prices.ts";
import type { SignedHead } from "./head-rows.ts";
import type { OutboxStore } from "./outbox-store.ts";

export interface LaneParameters {
  readonly store: OutboxStore;
  /** The provider whose log it is, and an account that is a key of it. */
  readonly owner: Hex;
  readonly account: TransactionSigner;
  readonly moment: () => Promise<ChainMoment>;
  readonly writer: ChainWriter;
  readonly chainId: number;
  readonly logRegistry: Hex;
  readonly limits: LaneLimits;
}

export interface LaneLimits {
  /** Records that one head adds at most, and that make one due at once. */
  readonly batch: number;
  /** Milliseconds after which fewer are anchored, too. */
  readonly batchWithin: number;
  /** Transactions of one author under way at most. */
  readonly inFlight: number;
  /** Milliseconds after which a transaction that is in no block is replaced by one that pays more. */
  readonly stuckAfter: number;
}

/** Twice what a first head costs. */
const GAS = 110_000n;

const registry = new Interface(logRegistryAbi);

/** One author's way to the chain. Rounds must not overlap. */
export interface AuthorLane {
  readonly owner: Hex;
  readonly author: number;
  /** Settles what is final, sends again what is missing or stuck, and sends what is due. @throws OUTBOX_LOG_BEHIND, OUTBOX_LOG_DIFFERS,
   * OUTBOX_ACCOUNT_FOREIGN, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED: a later round goes on */
  round(moment?: ChainMoment): Promise<void>;
}

/**
 * Anchors an author's log with many transactions under way. Each head is signed and written down with its nonce before it is sent; a nonce is used
 * for one head alone, whatever is paid for it, so that no head takes place twice. What the process leaves behind when it dies, the next goes on with.
 */
export function createAuthorLane(parameters: LaneParameters): AuthorLane {
  const { store, owner, account, writer, chainId, logRegistry, limits } = parameters;
  const { heads, leaves } = store;
  const author = store.authorOf(owner);
  const nodes = () => leaves.nodes(author);
  /** When each transaction was last sent with another price, and when leaves were first seen waiting. */
  const sentAt = new Map<number, number>();
  let waitingSince: number | undefined;
  let frontier: LogFrontier | undefined;
  let address: Hex | undefined;
  let checked: LogState | undefined;

  async function requireAccount(moment: ChainMoment): Promise<Hex> {
    if (address !== undefined) return address;
    const found = (await account.getAddress()).toLowerCase() as Hex;
    const providers = await moment.atHead((node, block) => node.providerOfKey(found, block));
    if (providers.some((provider) => provider !== owner))
      throw new AnamnesisError("OUTBOX_ACCOUNT_FOREIGN", { account: found, provider: owner });
    address = found;
    return found;
  }

  /** The log on the chain is a beginning of ours. */
  async function requireContinued(moment: ChainMoment): Promise<void> {
    // Whatever is on the chain was signed here, and written down before it was sent.
    const size = heads.lastSize(author);
    for (const head of await moment.atHead((node, block) => node.logOf(owner, block))) {
      if (head.size === 0 || (head.size === checked?.size && head.rootStart === checked.rootStart)) continue;
      if (head.size > size) throw new AnamnesisError("OUTBOX_LOG_BEHIND", { owner, anchored: head.size, size });
      if (!toHex(await logRoot(nodes(), head.size)).startsWith(head.rootStart))
        throw new AnamnesisError("OUTBOX_LOG_DIFFERS", { owner, anchored: head.size });
      checked = head;
    }
  }

  async function settle(moment: ChainMoment, from: Hex): Promise<void> {
    const nonces = await moment.atFinal((node, block) => node.nonceOf(from, block));
    for (const head of heads.underWay(author)) {
      if (!nonces.every((nonce) => nonce > head.nonce)) return;
      const found = agreed(
        await moment.atFinal(async (node, block) => (await node.logHead(owner, head.size, block)) ?? null),
      );
      const isOurs = found?.root === head.root;
      store.write(() => {
        if (isOurs) heads.settle(author, { ...head, block: found.block, transaction: found.transaction }, head.nonce);
        // Another transaction of the account took its place, for good: a later head covers its leaves.
        else heads.drop(author, head);
      });
      sentAt.delete(head.nonce);
    }
  }

  async function signed({ size, root, nonce }: SignedHead, prices: GasPrices): Promise<Hex> {
    const data = registry.encodeFunctionData("anchorLog", [root, size]);
    const transaction = { type: 2, chainId, nonce, to: logRegistry, data, gasLimit: GAS, ...prices } as const;
    return (await account.signTransaction(transaction)) as Hex;
  }

  /** What the node does not know is sent again as it was; what it knows and leaves out, for more. */
  async function sendAgain(pending: number, mined: number): Promise<void> {
    const underWay = heads.underWay(author);
    const now = performance.now();
    for (const head of underWay) {
      const last = heads.lastSending(author, head.nonce);
      if (!sentAt.has(head.nonce)) sentAt.set(head.nonce, now);
      const isStuck = head.nonce === mined && now - (sentAt.get(head.nonce) as number) > limits.stuckAfter;
      if (isStuck) {
        const prices = replacementPrices(last, await writer.prices());
        const raw = await signed(head, prices);
        store.write(() => heads.putAttempt(author, { nonce: head.nonce, attempt: last.attempt + 1, raw, ...prices }));
        sentAt.set(head.nonce, now);
        await writer.send(raw).catch(() => undefined);
      } else if (head.nonce >= pending) {
        // A node that has it already, or that it was mined on meanwhile, says so; the next round reads what came of it.
        await writer.send(last.raw).catch(() => undefined);
      }
    }
  }

  async function frontierOf(size: number): Promise<LogFrontier> {
    if (frontier?.size === size) return frontier;
    return { size, subtrees: await nodes()(frontierNodes(size)) };
  }

  /** Signs the next head, and writes down all that follows from it before it is sent. */
  async function sendNext(from: number, nonce: number, prices: GasPrices): Promise<void> {
    const added = leaves.leaves(author, from, Math.min(leaves.size(author), from + limits.batch));
    const { frontier: grown, completed } = appendLeaves(await frontierOf(from), added);
    const head = { size: grown.size, root: toHex(frontierRoot(grown)), nonce };
    const raw = await signed(head, prices);
    store.write(() => {
      leaves.keepNodes(author, completed);
      heads.put(author, head, { raw, ...prices });
    });
    frontier = grown;
    sentAt.set(nonce, performance.now());
    await writer.send(raw).catch(() => undefined);
  }

  function isDue(waiting: number): boolean {
    if (waiting === 0) {
      waitingSince = undefined;
      return false;
    }
    waitingSince ??= performance.now();
    return waiting >= limits.batch || performance.now() - waitingSince >= limits.batchWithin;
  }

  return {
    owner,
    author,
    async round(given) {
      const moment = given ?? (await parameters.moment());
      const from = await requireAccount(moment);
      await requireContinued(moment);
      await settle(moment, from);
      const [pending, mined] = await Promise.all([
        writer.nextNonce(from),
        moment.atHead((node, block) => node.nonceOf(from, block)),
      ]);
      await sendAgain(pending, Math.min(...mined));
      let underWay = heads.underWay(author);
      while (underWay.length < limits.inFlight) {
        const covered = heads.lastSize(author);
        if (!isDue(leaves.size(author) - covered)) return;
        const nonce = (underWay.at(-1)?.nonce ?? pending - 1) + 1;
        await sendNext(covered, nonce, await writer.prices());
        waitingSince = undefined;
        underWay = heads.underWay(author);
      }
    },
  };
}
