import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  type ChainClient,
  type Committee,
  committeeOf,
  createChainClient,
  type StewardMember,
  toHex,
} from "@anamnesis/sdk/internal";
import { faultFields, type Logger } from "../service/index.ts";
import { agreed, chainMoment } from "../steward/chain-moment.ts";
import {
  type Clock,
  createChainReader,
  createReceiptLog,
  createSteward,
  defaultLimits,
  httpJsonRpc,
  type ReceiptLog,
  type Steward,
  type StewardFolder,
} from "../steward/index.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";
import { keptLog } from "./kept-log.ts";

/** The steward's place in the committee, taken as soon as the chain names it there and the share is at hand. */
export interface Seat {
  /** The steward of the current committee; nothing before there is one. */
  readonly steward: Steward | undefined;
  /** Looks at the chain again: a committee may have been published, or another epoch. */
  refresh(): Promise<void>;
  /** Why requests cannot be answered now; none where they can. */
  reasons(): Promise<readonly string[]>;
  /** Waits for a head of the log that is being sent. */
  close(): Promise<void>;
}

interface Seated {
  readonly steward: Steward;
  readonly committee: Committee;
  readonly log: ReceiptLog;
  readonly kept: { stop(): Promise<void> };
}

export interface SeatParameters {
  readonly configuration: StewardServiceConfiguration;
  readonly folder: StewardFolder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onFault: (verb: string, error: unknown) => void;
  /** Brings this steward's shares in step with the chain. */
  readonly follow: () => Promise<unknown>;
}

/** What an operator reads; codes, no addresses. */
const wordsFor = (error: unknown): string => `committee: ${String(faultFields(error)["fault"])}`;

export function takeSeat({ configuration, folder, clock, logger, onFault, follow }: SeatParameters): Seat {
  const { deployment, nodes, limits } = configuration;
  const { description, contracts, system, block } = deployment;
  const stewardLimits = { ...defaultLimits, ...limits };
  const readers = nodes.map((url, position) =>
    createChainReader({
      name: `node ${position + 1}`,
      rpc: httpJsonRpc(url),
      contracts,
      finality: description.finality,
      fromBlock: block,
    }),
  );
  const signingKey = toHex(folder.signing.publicKey);
  let chain: ChainClient | undefined;
  let seated: Seated | undefined;
  let absent = "committee: not yet read";
  let refreshing: Promise<void> | undefined;
  let closed = false;

  async function logOf({ provider: owner }: StewardMember): Promise<ReceiptLog> {
    const log = createReceiptLog({ store: folder.store, nodes: readers, owner, clock, limits: stewardLimits });
    await log.check();
    return log;
  }

  async function seatedIn(committee: Committee): Promise<Seated> {
    const member = committee.members.find((each) => each.signingKey === signingKey);
    if (member === undefined) {
      throw new AnamnesisError("COMMITTEE_INVALID", { reason: "this steward is not a member" });
    }
    // A steward whose log is not the anchored one takes no seat.
    const log = await logOf(member);
    const steward = await stewardOf(committee, member.index, log);
    const { store } = folder;
    try {
      const kept = keptLog({ configuration, log, store, onFault: (error) => onFault("log", error) });
      return { steward, committee, log, kept };
    } catch (error) {
      steward.close();
      throw error;
    }
  }

  async function stewardOf(committee: Committee, index: number, log: ReceiptLog): Promise<Steward> {
    const share = await folder.loadShare(committee);
    try {
      return createSteward({
        index,
        signing: folder.signing,
        share,
        committee,
        system,
        nodes: readers,
        store: folder.store,
        log,
        chainId: description.chainId,
        gate: contracts.accessGate,
        clock,
        limits: stewardLimits,
        onFault,
      });
    } finally {
      share.fill(0);
    }
  }

  async function look(): Promise<void> {
    try {
      chain ??= await createChainClient({ deployment, provider: nodes });
      const committee = await committeeOf(chain);
      const isSame = seated?.committee.keyId === committee.keyId && seated.committee.epoch === committee.epoch;
      await follow();
      if (isSame || closed) return;
      // One log has one keeper: the last must have ended before the next begins. An epoch that is over is answered by nobody, and its
      // share is forgotten, whether there is another or not.
      const last = seated;
      seated = undefined;
      last?.steward.close();
      await last?.kept.stop();
      seated = await seatedIn(committee);
      logger.info({ epoch: committee.epoch, place: seated.steward.address.index }, "seated in the committee");
    } catch (error) {
      const words = wordsFor(error);
      if (words !== absent) logger.warn(faultFields(error), "no seat in the committee of the chain");
      absent = words;
    }
  }

  async function chainReason(): Promise<string | undefined> {
    try {
      const moment = await chainMoment(readers, clock, stewardLimits);
      agreed(await moment.atHead((node, at) => node.committee(at)));
      return undefined;
    } catch (error) {
      const reason = isAnamnesisError(error, "STEWARD_CHAIN_UNAVAILABLE") ? error.details["reason"] : undefined;
      return `chain: ${reason ?? "unavailable"}`;
    }
  }

  return {
    get steward() {
      return seated?.steward;
    },
    refresh() {
      refreshing ??= look().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    async reasons() {
      if (seated === undefined) return [absent];
      const { readiness } = seated.log;
      const reason = readiness.ready ? await chainReason() : `log: ${readiness.reason}`;
      return reason === undefined ? [] : [reason];
    },
    async close() {
      closed = true;
      const last = seated;
      seated = undefined;
      last?.steward.close();
      await last?.kept.stop();
      for (const { provider } of chain?.nodes ?? []) provider.destroy();
    },
  };
}
