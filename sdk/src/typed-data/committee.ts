import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "../core/bytes.ts";
import type { KeyId, ProviderId } from "../core/ids.ts";
import type { Address } from "../core/types.ts";
import { type SigningContract, type TypedData, typedData } from "./types.ts";

/** One steward, as `StewardCommittee` publishes it. */
export interface CommitteeMember {
  readonly provider: ProviderId;
  readonly account: Address;
  /** Ed25519 public key of receipts and replies. */
  readonly signingKey: Hex;
  /** Compressed ristretto255 point. */
  readonly verifyingShare: Hex;
  readonly endpoint: string;
}

export interface CommitteePublicationParameters {
  readonly keyId: KeyId;
  readonly groupKey: Hex;
  readonly epoch: number;
  readonly threshold: number;
  /** The member at index i holds share i + 1. */
  readonly members: readonly CommitteeMember[];
}

/** Members as signatures name them: `keccak256(abi.encode(Member[]))`. */
export function membersHash(members: readonly CommitteeMember[]): Hex {
  const rows = members.map((member) => [
    member.provider,
    member.account,
    member.signingKey,
    member.verifyingShare,
    member.endpoint,
  ]);
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(["tuple(bytes32,address,bytes32,bytes32,string)[]"], [rows]),
  ) as Hex;
}

/** Signed by every new member, and by enough of the epoch before, for `StewardCommittee.publish`. */
export function committeePublicationData(
  contract: SigningContract,
  { keyId, groupKey, epoch, threshold, members }: CommitteePublicationParameters,
): TypedData<"CommitteePublication"> {
  const message = { keyId, groupKey, epoch, threshold, members: membersHash(members) };
  return typedData("CommitteePublication", contract, message);
}
