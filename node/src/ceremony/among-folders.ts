import { type Hex, type ProviderId, randomBytes, type TypedDataSigner, toHex } from "@anamnesis/sdk/internal";
import type { StewardFolder } from "../steward/steward-folder.ts";
import type { CommitteePublication } from "./attempt.ts";
import type { CeremonyChain } from "./chain.ts";
import { createCeremonyPeer } from "./peer.ts";
import type { CeremonyPlan } from "./plan.ts";
import { runCeremony } from "./run-ceremony.ts";
import { inProcessCeremony } from "./transport.ts";

export interface LocalMember {
  readonly folder: StewardFolder;
  readonly provider: ProviderId;
  /** A key of the provider: vouches for the plan and signs the publication. */
  readonly account: TypedDataSigner;
  readonly endpoint: string;
}

/**
 * Makes a network's first committee key among stewards whose folders are open in this process: the ceremony itself, over
 * an in-process transport. Each share lies in its own folder, and nowhere else, once `publish` has put the outcome on the
 * chain.
 * @throws COMMITTEE_CEREMONY_FAILED, CEREMONY_PLAN_INVALID
 */
export async function runCommitteeCeremony(parameters: {
  readonly members: readonly LocalMember[];
  readonly threshold: number;
  readonly chain: CeremonyChain;
  readonly publish: (publication: CommitteePublication) => Promise<unknown>;
}): Promise<CommitteePublication> {
  const { members, threshold, chain, publish } = parameters;
  const peers = members.map(({ folder, provider, account }) =>
    createCeremonyPeer({ folder, provider, accounts: [account], chain }),
  );
  const cards = await Promise.all(members.map(({ endpoint }, i) => (peers[i] as (typeof peers)[0]).card(endpoint)));
  const plan: CeremonyPlan = {
    v: 1,
    kind: "found",
    ceremonyId: toHex(randomBytes(32)),
    chainId: chain.contract.chainId,
    contract: chain.contract.contract.toLowerCase() as Hex,
    threshold,
    members: cards,
    previous: null,
  };
  for (const peer of peers) await peer.approve(plan);
  const transport = inProcessCeremony(
    new Map(cards.map(({ signingKey }, i) => [signingKey, peers[i] as (typeof peers)[0]])),
  );
  const { signing } = (members[0] as LocalMember).folder;
  const { publication } = await runCeremony({ plan, transport, signing, chain, publish });
  return publication as CommitteePublication;
}
