import { type Committee, equalBytes, fromHex, type Hex, verifyingShareOf } from "@anamnesis/sdk/internal";
import type { ShareName } from "../steward/steward-folder.ts";
import { epochOf } from "./plan.ts";
import { type CeremonySelf, signingKeyOf } from "./seat.ts";
import { type CeremonyState, keyIdOfResult, knownPlans, loadState, resultsOf, saveState } from "./state.ts";

/** What came of looking at the chain. */
export interface Settled {
  /** Epochs that this steward now holds a share of. */
  readonly taken: readonly Committee[];
  /** Shares of epochs that are over, destroyed. */
  readonly destroyed: readonly ShareName[];
  /** Epochs that name this steward, but of which it holds no share; the share before is not destroyed then. */
  readonly missing: readonly ShareName[];
}

/** What it takes to follow the chain: no account, no other steward. */
export type Settling = Pick<CeremonySelf, "folder" | "chain">;

const memberIn = (committee: Committee, signingKey: Hex) =>
  committee.members.find((member) => member.signingKey === signingKey);

async function holds({ folder }: Settling, committee: Committee, signingKey: Hex): Promise<boolean> {
  const known = await folder.shares();
  if (!known.some(({ keyId, epoch }) => keyId === committee.keyId && epoch === committee.epoch)) return false;
  const published = memberIn(committee, signingKey)?.verifyingShare;
  return published !== undefined && equalBytes(verifyingShareOf(await folder.loadShare(committee)), fromHex(published));
}

/** The committee that ended this plan, if the chain has published one; whichever attempt or plan it came from. */
async function publishedFor({ chain }: Settling, state: CeremonyState): Promise<Committee | undefined> {
  const epoch = epochOf(state.plan);
  const results = resultsOf(state);
  const keys = state.plan.kind === "reshare" ? [state.plan.previous?.keyId] : results.map(keyIdOfResult);
  for (const keyId of new Set(keys)) {
    if (keyId === undefined || (await chain.latestEpochOf(keyId)) < epoch) continue;
    return chain.committeeOf(keyId, epoch);
  }
  return undefined;
}

/** Puts the share that was published where the steward finds it. False where this steward must have one and has not. */
async function takeShare(self: Settling, state: CeremonyState, committee: Committee): Promise<boolean> {
  const signingKey = signingKeyOf(self);
  const member = memberIn(committee, signingKey);
  if (member === undefined || (await holds(self, committee, signingKey))) return true;
  const published = fromHex(member.verifyingShare);
  const result = resultsOf(state).find(({ share }) => equalBytes(verifyingShareOf(share), published));
  if (result === undefined) return false;
  await self.folder.saveShare(committee, result.share);
  return true;
}

/** One plan of which the chain has decided: its share is taken, everything else about it forgotten. */
async function settlePlan(self: Settling, planHash: Hex): Promise<Committee | undefined> {
  const { secrets } = self.folder;
  const state = await loadState(secrets, planHash);
  if (state === undefined || state.settled !== null) return undefined;
  const committee = await publishedFor(self, state);
  if (committee === undefined || !(await takeShare(self, state, committee))) return undefined;
  const { keyId, epoch } = committee;
  await saveState(secrets, planHash, { ...state, attempt: null, kept: [], settled: { keyId, epoch } });
  return memberIn(committee, signingKeyOf(self)) && committee;
}

/** Destroys every share whose key has a later epoch, once what replaces it is held and verified. */
async function destroyReplaced(self: Settling): Promise<Pick<Settled, "destroyed" | "missing">> {
  const { folder, chain } = self;
  const signingKey = signingKeyOf(self);
  const destroyed: ShareName[] = [];
  const missing: ShareName[] = [];
  for (const share of await folder.shares()) {
    const latest = await chain.latestEpochOf(share.keyId);
    if (latest <= share.epoch) continue;
    const committee = await chain.committeeOf(share.keyId, latest);
    if (committee === undefined) continue;
    if (memberIn(committee, signingKey) !== undefined && !(await holds(self, committee, signingKey))) {
      missing.push({ keyId: share.keyId, epoch: latest });
      continue;
    }
    await folder.destroyShare(share);
    destroyed.push(share);
  }
  return { destroyed, missing };
}

/**
 * Follows the chain, from whatever a crash or a long sleep left behind. An old share goes only after the new epoch is
 * published and final, and the steward's own new share stands on disk and is the published one.
 * @throws STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function settleCeremonies(self: Settling): Promise<Settled> {
  const taken: Committee[] = [];
  for (const planHash of await knownPlans(self.folder.secrets)) {
    const committee = await settlePlan(self, planHash);
    if (committee !== undefined) taken.push(committee);
  }
  return { taken, ...(await destroyReplaced(self)) };
}
