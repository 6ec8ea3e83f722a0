import { eventOf, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { Transacted } from "../../core/types.ts";
import type { Committee } from "../../stewards/index.ts";
import type { Client } from "../client.ts";

export interface PublishCommitteeParameters extends AbortOptions {
  readonly committee: Committee;
  /** `signatures[i]` is of member i, over the whole publication. */
  readonly signatures: readonly Hex[];
}

/**
 * Puts a committee on the chain. The first one is published by the committee administrator; the chain checks that every
 * member has signed. @throws CHAIN_REVERTED with `Committee…`
 */
export async function publishCommittee(
  client: Client,
  { committee, signatures, signal }: PublishCommitteeParameters,
): Promise<Transacted> {
  const { keyId, groupKey, epoch, threshold } = committee;
  const members = committee.members.map(({ provider, account, signingKey, verifyingShare, endpoint }) => ({
    provider,
    account,
    signingKey,
    verifyingShare,
    endpoint,
  }));
  const call = await client.contracts.stewardCommittee.publish.populateTransaction(
    { keyId, groupKey, epoch, threshold, members },
    [...signatures],
    [],
  );
  const sent = await sendTransaction(client, call, { signal });
  eventOf(client, sent, "stewardCommittee", "CommitteePublished");
  return { transaction: sent.transaction };
}
