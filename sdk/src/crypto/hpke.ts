import type { CipherSuite } from "@hpke/core";
import type { XWing } from "@hpke/hybridkem-x-wing";
import { AnamnesisError } from "../errors/index.ts";
import { bufferSource } from "./buffer-source.ts";
import { requireLength } from "./require-length.ts";

export const xwingPublicKeyLength = 1216;
export const xwingEncapsulationLength = 1120;

/** The private key *is* the 32-byte seed (draft-connolly-cfrg-xwing-kem, section 5.2). */
export interface XWingKeyPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

export interface HpkeSealed {
  /** The encapsulated key, 1,120 bytes. */
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

interface Suite {
  readonly suite: CipherSuite;
  readonly kem: XWing;
}

let suiteOnce: Promise<Suite> | undefined;

// Loaded at the first use: a page that only shows consents never fetches the lattice code.
function loadSuite(): Promise<Suite> {
  suiteOnce ??= Promise.all([import("@hpke/core"), import("@hpke/hybridkem-x-wing")]).then(([core, hybrid]) => {
    const kem = new hybrid.XWing();
    return { kem, suite: new core.CipherSuite({ kem, kdf: new core.HkdfSha256(), aead: new core.Aes256Gcm() }) };
  });
  return suiteOnce;
}

// The library hands out a key's whole underlying buffer, so it must never get a view into a larger one.
const ownBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

/** @throws CRYPTO_INVALID_LENGTH unless the seed has 32 bytes. */
export async function xwingKeyPair(seed: Uint8Array): Promise<XWingKeyPair> {
  requireLength("X-Wing seed", seed, 32);
  const { kem } = await loadSuite();
  const pair = await kem.generateKeyPairDerand(Uint8Array.from(seed));
  return {
    publicKey: new Uint8Array(await kem.serializePublicKey(pair.publicKey)),
    privateKey: Uint8Array.from(seed),
  };
}

/**
 * HPKE base mode (RFC 9180, section 6.1), X-Wing (0x647A), HKDF-SHA256 (1), AES-256-GCM (2), one message a key.
 * @throws CRYPTO_INVALID_LENGTH, CRYPTO_KEY_INVALID where the public key cannot be used.
 */
export async function hpkeSeal(parameters: {
  readonly publicKey: Uint8Array;
  readonly info: Uint8Array;
  readonly aad: Uint8Array;
  readonly plaintext: Uint8Array;
  /** 64 bytes that fix the encapsulation; for known answers only. */
  readonly encapsulationSeed?: Uint8Array | undefined;
}): Promise<HpkeSealed> {
  const { publicKey, info, aad, plaintext, encapsulationSeed } = parameters;
  requireLength("X-Wing public key", publicKey, xwingPublicKeyLength);
  const { suite, kem } = await loadSuite();
  const recipientPublicKey = await kem.deserializePublicKey(ownBuffer(publicKey));
  const ekm = encapsulationSeed && { ekm: ownBuffer(encapsulationSeed) };
  let sender: Awaited<ReturnType<CipherSuite["createSenderContext"]>>;
  try {
    sender = await suite.createSenderContext({ recipientPublicKey, info: ownBuffer(info), ...ekm });
  } catch (cause) {
    throw new AnamnesisError("CRYPTO_KEY_INVALID", { what: "X-Wing public key" }, { cause });
  }
  const ciphertext = await sender.seal(bufferSource(plaintext), bufferSource(aad));
  return { enc: new Uint8Array(sender.enc), ciphertext: new Uint8Array(ciphertext) };
}

/** @throws CRYPTO_INVALID_LENGTH, CRYPTO_OPEN_FAILED for another key, info or AAD, or anything changed. */
export async function hpkeOpen(
  parameters: HpkeSealed & {
    readonly privateKey: Uint8Array;
    readonly info: Uint8Array;
    readonly aad: Uint8Array;
  },
): Promise<Uint8Array<ArrayBuffer>> {
  const { privateKey, enc, info, aad, ciphertext } = parameters;
  requireLength("X-Wing private key", privateKey, 32);
  requireLength("encapsulated key", enc, xwingEncapsulationLength);
  const { suite, kem } = await loadSuite();
  const recipientKey = await kem.deserializePrivateKey(ownBuffer(privateKey));
  const context = { recipientKey, enc: ownBuffer(enc), info: ownBuffer(info) };
  try {
    return new Uint8Array(await suite.open(context, bufferSource(ciphertext), bufferSource(aad)));
  } catch (cause) {
    throw new AnamnesisError("CRYPTO_OPEN_FAILED", { length: ciphertext.length }, { cause });
  }
}
