import type { ProviderKind } from "../../core/types.ts";
import { AnamnesisError } from "../../errors/index.ts";

/** In the order of the contract's `ProviderKind`, which begins with "none" at 0. */
const kinds = [
  "hospital",
  "clinic",
  "laboratory",
  "pharmacy",
  "payer",
  "researcher",
  "manufacturer",
  "agency",
  "regulator",
  "practitioner",
] as const satisfies readonly ProviderKind[];

/** 0, which contracts refuse, for a kind that is none. */
export const kindNumber = (kind: ProviderKind): number => kinds.indexOf(kind) + 1;

/** @throws CHAIN_ANSWER_INVALID for a number this version does not know. */
export function kindOfNumber(number: bigint | number): ProviderKind {
  const kind = kinds[Number(number) - 1];
  if (!kind) throw new AnamnesisError("CHAIN_ANSWER_INVALID", { providerKind: Number(number) });
  return kind;
}
