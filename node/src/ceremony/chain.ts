import { AnamnesisError } from "@anamnesis/sdk/errors";
import type { Address, Committee, KeyId, ProviderId, SigningContract } from "@anamnesis/sdk/internal";
import type { ChainBlock, StewardNode } from "../steward/chain.ts";
import { agreed, chainMoment } from "../steward/chain-moment.ts";
import type { Clock } from "../steward/clock.ts";
import { defaultLimits, type StewardLimits } from "../steward/limits.ts";
import { type CeremonyPlan, epochOf } from "./plan.ts";

/** What a ceremony reads from the chain, all of it final. Every method throws STEWARD_CHAIN_UNAVAILABLE. */
export interface CeremonyChain {
  readonly contract: SigningContract;
  /** Whether the provider is active and this key its own. */
  isKeyOfActive(provider: ProviderId, account: Address): Promise<boolean>;
  /** 0 where the key was never published. */
  latestEpochOf(keyId: KeyId): Promise<number>;
  /** Undefined where it was never published. */
  committeeOf(keyId: KeyId, epoch: number): Promise<Committee | undefined>;
}

/** Reads through a steward's own nodes, which must agree. */
export function createCeremonyChain(parameters: {
  readonly nodes: readonly StewardNode[];
  readonly clock: Clock;
  readonly contract: SigningContract;
  readonly limits?: Partial<StewardLimits> | undefined;
}): CeremonyChain {
  const { nodes, clock, contract } = parameters;
  const limits = { ...defaultLimits, ...parameters.limits };
  const read = async <T>(work: (node: StewardNode, block: ChainBlock) => Promise<T>): Promise<T> =>
    agreed(await (await chainMoment(nodes, clock, limits)).atFinal(work));
  return {
    contract,
    isKeyOfActive: (provider, account) =>
      read(async (node, block) => {
        const [holder, active] = [await node.providerOfKey(account, block), await node.isActive(provider, block)];
        return active && holder === provider.toLowerCase();
      }),
    latestEpochOf: (keyId) => read((node, block) => node.latestEpochOf(keyId, block)),
    committeeOf: (keyId, epoch) => read((node, block) => node.committeeOf(keyId, epoch, block)),
  };
}

/**
 * The committee that endorses the plan, once the chain agrees with all that the plan says: contract, members, and that the
 * epoch it takes over from is the last one.
 * @throws CEREMONY_PLAN_INVALID naming the member, STEWARD_CHAIN_UNAVAILABLE
 */
export async function requireOnChain(plan: CeremonyPlan, chain: CeremonyChain): Promise<Committee | null> {
  const { contract, chainId, members, previous } = plan;
  if (chainId !== chain.contract.chainId || contract.toLowerCase() !== chain.contract.contract.toLowerCase()) {
    throw new AnamnesisError("CEREMONY_PLAN_INVALID", { contract, chainId, reason: "it is for another network" });
  }
  for (const { provider, account } of members) {
    if (await chain.isKeyOfActive(provider, account)) continue;
    const reason = "the chain lists no such active provider with this key";
    throw new AnamnesisError("CEREMONY_PLAN_INVALID", { steward: provider, account, reason });
  }
  if (previous === null) return null;
  const { keyId, epoch } = previous;
  const known = await chain.committeeOf(keyId, epoch);
  if (known === undefined || (await chain.latestEpochOf(keyId)) !== epoch) {
    const reason = "the epoch it takes over from is not the last one";
    throw new AnamnesisError("CEREMONY_PLAN_INVALID", { keyId, epoch, next: epochOf(plan), reason });
  }
  return known;
}
