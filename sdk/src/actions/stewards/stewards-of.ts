import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { type KeyId, providerId } from "../../core/ids.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type Committee, requireCommittee, type StewardsClient } from "../../stewards/index.ts";
import { type Client, requireCapability } from "../client.ts";

const lower = (text: string) => text.toLowerCase() as Hex;

/**
 * The committee as the chain says it is now. Where the deployment pins a key, another one is refused: whoever took over
 * the publishing role could otherwise have new records sealed to a key of theirs.
 * @throws COMMITTEE_INVALID, COMMITTEE_NOT_PINNED, CHAIN_UNREACHABLE
 */
export async function committeeOf(client: Client, options: AbortOptions = {}): Promise<Committee> {
  const current = await readContract(client, () => client.contracts.stewardCommittee.current(), options);
  const keyId = lower(current.keyId) as KeyId;
  const pinned = client.deployment.committeeKey;
  if (pinned !== undefined && pinned !== keyId) throw new AnamnesisError("COMMITTEE_NOT_PINNED", { keyId, pinned });
  return requireCommittee({
    keyId,
    groupKey: lower(current.groupKey),
    epoch: Number(current.epoch),
    threshold: Number(current.threshold),
    members: current.members.map((member, index) => ({
      index,
      provider: providerId(member.provider),
      account: lower(member.account),
      signingKey: lower(member.signingKey),
      verifyingShare: lower(member.verifyingShare),
      endpoint: member.endpoint,
    })),
  });
}

/** What questions to the stewards need, for the committee of this moment. @throws CLIENT_STEWARDS_MISSING, and as committeeOf */
export async function stewardsOf(client: Client, options: AbortOptions = {}): Promise<StewardsClient> {
  const transport = requireCapability(client, "stewards");
  const { description, contracts } = client.deployment;
  return {
    transport,
    committee: await committeeOf(client, options),
    chainId: description.chainId,
    gate: contracts.accessGate,
    now: client.now,
  };
}
