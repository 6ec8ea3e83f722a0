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
  /** By members of the committee that was the last one of its key, or for a new key the one in force; none for the very first. */
  readonly endorsements?: readonly CommitteeEndorsement[] | undefined;
}

export interface CommitteeEndorsement {
  /** Place in the committee before, from 0. */
  readonly index: number;
  readonly signature: Hex;
}

/**
 * Puts a committee on the chain. The very first one is published by the committee administrator, any other by anybody; the
 * chain checks that every member has signed, and enough of the committee before. @throws CHAIN_REVERTED with `Committee…`
 */
export async function publishCommittee(
  client: Client,
  { committee, signatures, endorsements = [], signal }: PublishCommitteeParameters,
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
    endorsements.map(({ index, signature }) => ({ index, signature })),
  );
  const sent = await sendTransaction(client, call, { signal });
  eventOf(client, sent, "stewardCommittee", "CommitteePublished");
  return { transaction: sent.transaction };
}
