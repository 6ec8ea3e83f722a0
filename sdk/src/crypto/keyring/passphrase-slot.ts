import { AnamnesisError } from "../../errors/index.ts";
import type { PassphraseSlot } from "./header.ts";

/** log2 of scrypt's cost: about a second and 256 MB, age's own default. */
const defaultWorkFactor = 18;
/** Checked before any work is done, so that a planted header cannot exhaust a phone. */
const maximumWorkFactor = 18;
/** The header lies with the stewards, so that a guess costs them only time. */
const minimumPassphraseLength = 12;

const ageScryptFile = /^age-encryption\.org\/v1\n-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n/;
// How age-encryption says that scrypt gave another key than the file's.
const noMatch = /no identity matched/;

/** The same letters give the same bytes, however the keyboard composed their accents. */
const normalised = (passphrase: string) => passphrase.normalize("NFC");

/** age is loaded when a keyring is opened or sealed, not with the page. */
const age = () => import("age-encryption");

/** @throws CRYPTO_PASSPHRASE_TOO_SHORT under twelve characters, CRYPTO_INVALID_PARAMETERS */
export async function sealPassphraseSlot(
  root: Uint8Array,
  passphrase: string,
  options: { readonly workFactor?: number | undefined } = {},
): Promise<PassphraseSlot> {
  const { workFactor = defaultWorkFactor } = options;
  const text = normalised(passphrase);
  const length = [...text].length;
  if (length < minimumPassphraseLength) {
    throw new AnamnesisError("CRYPTO_PASSPHRASE_TOO_SHORT", { length, minimum: minimumPassphraseLength });
  }
  if (!Number.isInteger(workFactor) || workFactor < 1 || workFactor > maximumWorkFactor) {
    throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { workFactor });
  }
  const { Encrypter } = await age();
  const encrypter = new Encrypter();
  encrypter.setPassphrase(text);
  encrypter.setScryptWorkFactor(workFactor);
  return { kind: "passphrase", file: await encrypter.encrypt(root) };
}

/** @throws CRYPTO_WRONG_PASSPHRASE, CRYPTO_KEYRING_INVALID */
export async function openPassphraseSlot(slot: PassphraseSlot, passphrase: string): Promise<Uint8Array> {
  // Latin-1 keeps one character a byte, and a binary payload cannot make it fail.
  const start = new TextDecoder("latin1").decode(slot.file.subarray(0, 128));
  const workFactor = Number(ageScryptFile.exec(start)?.[1] ?? Number.NaN);
  if (!(workFactor <= maximumWorkFactor)) throw new AnamnesisError("CRYPTO_KEYRING_INVALID", { reason: "slot" });
  const { Decrypter } = await age();
  const decrypter = new Decrypter();
  decrypter.addPassphrase(normalised(passphrase));
  let root: Uint8Array;
  try {
    root = await decrypter.decrypt(slot.file);
  } catch (cause) {
    const wrong = cause instanceof Error && noMatch.test(cause.message);
    throw new AnamnesisError(wrong ? "CRYPTO_WRONG_PASSPHRASE" : "CRYPTO_KEYRING_INVALID", {}, { cause });
  }
  if (root.length !== 32) throw new AnamnesisError("CRYPTO_KEYRING_INVALID", { reason: "root", length: root.length });
  return root;
}
