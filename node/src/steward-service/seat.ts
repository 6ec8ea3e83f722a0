import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import { type ChainClient, type Committee, committeeOf, createChainClient, toHex } from "@anamnesis/sdk/internal";
import { faultFields, type Logger } from "../service/index.ts";
import { agreed, chainMoment } from "../steward/chain-moment.ts";
import {
  type Clock,
  createChainReader,
  createSteward,
  defaultLimits,
  httpJsonRpc,
  type Steward,
  type StewardFolder,
} from "../steward/index.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";

/** The steward's place in the committee, taken as soon as the chain names it there and the share is at hand. */
export interface Seat {
  /** The steward of the current committee; nothing before there is one. */
  readonly steward: Steward | undefined;
  /** Looks at the chain again: a committee may have been published, or another epoch. */
  refresh(): Promise<void>;
  /** Why requests cannot be answered now; none where they can. */
  reasons(): Promise<readonly string[]>;
  close(): void;
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
  let seated: { readonly steward: Steward; readonly committee: Committee } | undefined;
  let absent = "committee: not yet read";
  let refreshing: Promise<void> | undefined;
  let closed = false;

  async function stewardOf(committee: Committee): Promise<Steward> {
    const index = committee.members.findIndex((member) => member.signingKey === signingKey);
    if (index < 0) throw new AnamnesisError("COMMITTEE_INVALID", { reason: "this steward is not a member" });
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
      // An epoch that is over is answered by nobody; its share is forgotten, whether there is another or not.
      seated?.steward.close();
      seated = undefined;
      const steward = await stewardOf(committee);
      seated = { steward, committee };
      logger.info({ epoch: committee.epoch, place: steward.address.index }, "seated in the committee");
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
      const reason = await chainReason();
      return reason === undefined ? [] : [reason];
    },
    close() {
      closed = true;
      seated?.steward.close();
      seated = undefined;
      for (const { provider } of chain?.nodes ?? []) provider.destroy();
    },
  };
}
