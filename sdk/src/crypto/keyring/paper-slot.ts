import { type RandomSource, systemRandom } from "../random-source.ts";
import { openPassphraseSlot, sealPassphraseSlot } from "./passphrase-slot.ts";

/** The root in an age file, under a phrase that was made for printing. */
export interface PaperSlot {
  readonly kind: "paper";
  readonly file: Uint8Array;
}

/** Crockford's base 32: no letter that a hand or an eye takes for another. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 130 bits: nobody guesses it, whoever holds the header. */
const length = 26;

/** What a reader makes of a phrase typed from paper. */
function normalised(phrase: string): string {
  const plain = phrase.toUpperCase().replaceAll(/[\s-]/g, "");
  return plain.replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}

/**
 * Makes the phrase and the slot that it opens. The phrase is shown once, to be printed: it is nowhere else.
 * @throws CRYPTO_INVALID_LENGTH, CRYPTO_INVALID_PARAMETERS
 */
export async function sealPaperSlot(
  root: Uint8Array,
  options: { readonly workFactor?: number | undefined; readonly random?: RandomSource | undefined } = {},
): Promise<{ readonly slot: PaperSlot; readonly phrase: string }> {
  const { random = systemRandom } = options;
  // Five bits of each byte: 256 is a multiple of 32, so that every letter is as likely.
  const letters = [...random(length)].map((byte) => alphabet[byte % 32]).join("");
  const { file } = await sealPassphraseSlot(root, letters, options);
  return { slot: { kind: "paper", file }, phrase: (letters.match(/.{1,5}/g) ?? []).join("-") };
}

/** @throws CRYPTO_WRONG_PASSPHRASE, CRYPTO_KEYRING_INVALID */
export function openPaperSlot({ file }: PaperSlot, phrase: string): Promise<Uint8Array> {
  return openPassphraseSlot({ kind: "passphrase", file }, normalised(phrase));
}
