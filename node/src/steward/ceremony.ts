import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Address,
  type Committee,
  committeePublicationData,
  type DkgResult,
  equalBytes,
  type Hex,
  type ProviderId,
  requireCommittee,
  type SigningContract,
  type StewardMember,
  startDkg,
  type TypedDataSigner,
  toHex,
} from "@anamnesis/sdk/internal";
import type { StewardFolder } from "./steward-folder.ts";

export interface CeremonyMember {
  readonly folder: Pick<StewardFolder, "signing" | "saveShare">;
  readonly provider: ProviderId;
  /** A key of the provider: signs the publication. */
  readonly account: TypedDataSigner;
  readonly endpoint: string;
}

/** What StewardCommittee.publish takes for the first epoch of a key. */
export interface CommitteePublication {
  readonly committee: Committee;
  /** `signatures[i]` is of member i. */
  readonly signatures: readonly Hex[];
}

/** Runs the three rounds among the members. No part of the key is ever in one place. */
function distribute(size: number, threshold: number): DkgResult[] {
  const sessions = Array.from({ length: size }, (_, i) => startDkg({ member: i + 1, threshold, size }));
  const broadcasts = sessions.map(({ broadcast }) => broadcast);
  const dealt = sessions.flatMap((session) => session.deal(broadcasts));
  return sessions.map((session, i) => session.finish(dealt.filter(({ to }) => to === i + 1)));
}

function requireAgreement(results: readonly DkgResult[]): DkgResult {
  const first = results[0] as DkgResult;
  const agree = (result: DkgResult) =>
    equalBytes(result.transcriptHash, first.transcriptHash) &&
    equalBytes(result.groupKey, first.groupKey) &&
    result.verifyingShares.every((share, i) => equalBytes(share, first.verifyingShares[i] as Uint8Array));
  const dissenting = results.find((result) => !agree(result));
  if (dissenting) throw new AnamnesisError("COMMITTEE_CEREMONY_FAILED", { member: dissenting.member });
  return first;
}

/**
 * Makes a committee key among stewards of one process: each one's share goes, sealed, into its own folder, and each one
 * signs the publication. Nothing is published here.
 * @throws CRYPTO_DKG_ABORTED naming the member, COMMITTEE_CEREMONY_FAILED, CRYPTO_INVALID_PARAMETERS
 */
export async function runCommitteeCeremony(parameters: {
  readonly members: readonly CeremonyMember[];
  readonly threshold: number;
  /** The StewardCommittee that the publication is for. */
  readonly contract: SigningContract;
}): Promise<CommitteePublication> {
  const { members, threshold, contract } = parameters;
  const results = distribute(members.length, threshold);
  const { groupKey, keyId, verifyingShares } = requireAgreement(results);
  const listed = await Promise.all(
    members.map(
      async ({ folder, provider, account, endpoint }, index): Promise<StewardMember> => ({
        index,
        provider,
        account: (await account.getAddress()) as Address,
        signingKey: toHex(folder.signing.publicKey),
        verifyingShare: toHex(verifyingShares[index] as Uint8Array),
        endpoint,
      }),
    ),
  );
  const committee = requireCommittee({ keyId, groupKey: toHex(groupKey), epoch: 1, threshold, members: listed });
  // A share is on disk before anybody vouches for the key with a signature.
  for (const [i, { folder }] of members.entries()) {
    const { share } = results[i] as DkgResult;
    await folder.saveShare(committee, share);
    share.fill(0);
  }
  const { domain, types, message } = committeePublicationData(contract, committee);
  const mutable = Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));
  const signatures: Hex[] = [];
  for (const { account } of members) signatures.push((await account.signTypedData(domain, mutable, message)) as Hex);
  return { committee, signatures };
}
