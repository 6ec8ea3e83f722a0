import { fromHex, type Hex } from "../core/bytes.ts";
import type { KeyId, ProviderId } from "../core/ids.ts";
import { keyIdOf } from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import type { StewardAddress } from "./transport.ts";

/** One member as published on the chain. */
export interface StewardMember extends StewardAddress {
  readonly provider: ProviderId;
  /** Signs the committee's publications. */
  readonly account: Hex;
  /** x·G of this member's share, 32 bytes. */
  readonly verifyingShare: Hex;
}

/** One epoch of one committee key, as StewardCommittee publishes it. */
export interface Committee {
  readonly keyId: KeyId;
  /** ristretto255, 32 bytes. */
  readonly groupKey: Hex;
  readonly epoch: number;
  /** How many members it takes to open a record. */
  readonly threshold: number;
  /** The member at index i holds share i + 1. */
  readonly members: readonly StewardMember[];
}

/** @throws COMMITTEE_INVALID unless key id, threshold and places hold together. */
export function requireCommittee(committee: Committee): Committee {
  const { keyId, groupKey, threshold, members } = committee;
  const reason =
    keyIdOf(fromHex(groupKey)) !== keyId
      ? "the key id is not the key's"
      : threshold < 1 || threshold > members.length
        ? "the threshold does not fit the members"
        : members.some((member, place) => member.index !== place)
          ? "a member stands in another's place"
          : undefined;
  if (reason !== undefined) throw new AnamnesisError("COMMITTEE_INVALID", { keyId, epoch: committee.epoch, reason });
  return committee;
}
