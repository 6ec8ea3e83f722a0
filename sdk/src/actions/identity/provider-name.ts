import { keccak256 } from "ethers";
import { type Hex, utf8 } from "../../core/bytes.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { skeleton } from "./skeleton.ts";

const maximumLength = 100;

/** Letters, marks, digits, punctuation and symbols of any script, joined by single spaces. */
const wellFormed = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+( [\p{L}\p{M}\p{N}\p{P}\p{S}]+)*$/u;
const invisible = /\p{Default_Ignorable_Code_Point}/u;

/** A name has one spelling (NFC), nothing invisible, no outer or doubled spaces. @throws PROVIDER_NAME_INVALID */
export function requireProviderName(name: string): string {
  const length = [...name].length;
  if (length > maximumLength || name.normalize("NFC") !== name || !wellFormed.test(name) || invisible.test(name)) {
    throw new AnamnesisError("PROVIDER_NAME_INVALID", { length });
  }
  return name;
}

/** `keccak256` of the name: also EIP-712's encoding of that string, so contracts can check what a wallet showed. @throws PROVIDER_NAME_INVALID */
export function nameHash(name: string): Hex {
  return keccak256(utf8(requireProviderName(name))) as Hex;
}

/** Equal for names that look the same: `keccak256` of the name's skeleton after UTS 39. @throws PROVIDER_NAME_INVALID */
export async function skeletonHash(name: string): Promise<Hex> {
  // The table of lookalikes is loaded only by those who admit providers.
  const { confusables } = await import("./confusables.ts");
  return keccak256(utf8(skeleton(requireProviderName(name), confusables()))) as Hex;
}
