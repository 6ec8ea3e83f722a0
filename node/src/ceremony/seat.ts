import { isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  equalBytes,
  fromHex,
  type Hex,
  type ProviderId,
  type TypedDataSigner,
  toHex,
  verifyingShareOf,
} from "@anamnesis/sdk/internal";
import type { StewardFolder } from "../steward/steward-folder.ts";
import type { CeremonyChain } from "./chain.ts";
import type { CeremonyState } from "./state.ts";

/** Who a steward is in ceremonies, and what it keeps. */
export interface CeremonySelf {
  readonly folder: Pick<
    StewardFolder,
    "secrets" | "signing" | "sealing" | "loadShare" | "saveShare" | "destroyShare" | "shares"
  >;
  readonly provider: ProviderId;
  /** The provider's: the one that plans name, and the one that the committee before named, where they differ. */
  readonly accounts: readonly TypedDataSigner[];
  readonly chain: CeremonyChain;
}

/** A steward's places in one plan; 0 is none. */
export interface Seat {
  /** Among the new members. */
  readonly member: number;
  /** Among the committee before. */
  readonly former: number;
}

export function seatOf({ plan, previous }: Pick<CeremonyState, "plan" | "previous">, signingKey: Hex): Seat {
  const member = plan.members.findIndex((each) => each.signingKey === signingKey) + 1;
  const former = (previous?.members.findIndex((each) => each.signingKey === signingKey) ?? -1) + 1;
  return { member, former };
}

export const signingKeyOf = ({ folder }: Pick<CeremonySelf, "folder">): Hex => toHex(folder.signing.publicKey);

/** The share that a dealer redistributes, if it holds the published one. */
export async function publishedShare(
  { folder }: Pick<CeremonySelf, "folder">,
  { previous }: Pick<CeremonyState, "previous">,
  { former }: Seat,
): Promise<Uint8Array | undefined> {
  const published = previous?.members[former - 1]?.verifyingShare;
  if (previous === null || published === undefined) return undefined;
  try {
    const share = await folder.loadShare(previous);
    return equalBytes(verifyingShareOf(share), fromHex(published)) ? share : undefined;
  } catch (error) {
    if (isAnamnesisError(error, "STEWARD_SHARE_MISSING")) return undefined;
    throw error;
  }
}
