import { concat, utf8 } from "../../core/bytes.ts";
import { isAnamnesisError } from "../../errors/index.ts";
import { openWithKey, type SealingKey, sealWithKey } from "../aead.ts";
import { type RandomSource, systemRandom } from "../random-source.ts";
import { decodePoint, decodeScalar, hashToScalar, Point, randomScalar, scalars, secondGenerator } from "./group.ts";

/**
 * A secret sealed to the committee (TDH2, Shoup and Gennaro 1998): it opens with t partial decryptions of `U`, and only
 * under the label it was made for.
 */
export interface Capsule {
  /** U = r·G */
  readonly U: Uint8Array;
  /** Ū = r·H */
  readonly Ubar: Uint8Array;
  /** The proof that both hold the same r, bound to group key, label and `sealed`. */
  readonly challenge: Uint8Array;
  readonly response: Uint8Array;
  /** The secret under AES-256-GCM, keyed by r·Y and the label. */
  readonly sealed: Uint8Array;
}

const sealDomain = utf8("anamnesis/capsule/seal/v1");

/** How S = r·Y seals: under a key for this label, beside this U. */
function capsuleSeal(S: Uint8Array, label: Uint8Array, U: Uint8Array): SealingKey {
  return { key: S, info: concat(sealDomain, label), aad: U };
}

interface Statement {
  readonly groupKey: Uint8Array;
  readonly label: Uint8Array;
  readonly sealed: Uint8Array;
  readonly U: Uint8Array;
  readonly Ubar: Uint8Array;
}

function challengeOf({ groupKey, label, sealed, U, Ubar }: Statement, W: Point, Wbar: Point): bigint {
  const parts = [groupKey, label, sealed, U, Ubar, W.toBytes(), Wbar.toBytes()];
  return hashToScalar("anamnesis/capsule/challenge/v1", parts);
}

/** Seals `secret` for whoever the committee with `groupKey` lets open `label`. @throws CRYPTO_POINT_INVALID */
export async function sealCapsule(parameters: {
  readonly groupKey: Uint8Array;
  readonly label: Uint8Array;
  readonly secret: Uint8Array;
  readonly random?: RandomSource | undefined;
}): Promise<Capsule> {
  const { groupKey, label, secret, random = systemRandom } = parameters;
  const Y = decodePoint("group key", groupKey);
  const H = secondGenerator();
  const r = randomScalar(random);
  const s = randomScalar(random);
  const U = Point.BASE.multiply(r).toBytes();
  const Ubar = H.multiply(r).toBytes();
  const S = Y.multiply(r).toBytes();
  const sealed = await sealWithKey({ ...capsuleSeal(S, label, U), plaintext: secret, random });
  const challenge = challengeOf({ groupKey, label, sealed, U, Ubar }, Point.BASE.multiply(s), H.multiply(s));
  const response = scalars.add(s, scalars.mul(r, challenge));
  return { U, Ubar, challenge: scalars.toBytes(challenge), response: scalars.toBytes(response), sealed };
}

/**
 * Whether the capsule was made for this label and committee by someone who knew its r. A steward must see true before
 * it computes a partial decryption: without the proof, a copied capsule would open under a stranger's record, and the
 * share would answer for any point. @throws CRYPTO_POINT_INVALID for a wrong `groupKey`, which is the caller's own.
 */
export function verifyCapsule(capsule: Capsule, label: Uint8Array, groupKey: Uint8Array): boolean {
  decodePoint("group key", groupKey);
  try {
    const U = decodePoint("U", capsule.U);
    const Ubar = decodePoint("Ubar", capsule.Ubar);
    const challenge = decodeScalar("challenge", capsule.challenge);
    const response = decodeScalar("response", capsule.response);
    // Everything here is public: the faster variable-time products are safe.
    const W = Point.BASE.multiplyUnsafe(response).subtract(U.multiplyUnsafe(challenge));
    const Wbar = secondGenerator().multiplyUnsafe(response).subtract(Ubar.multiplyUnsafe(challenge));
    return challengeOf({ ...capsule, label, groupKey }, W, Wbar) === challenge;
  } catch (error) {
    if (isAnamnesisError(error, "CRYPTO_POINT_INVALID")) return false;
    throw error;
  }
}

/** Opens with the combined S. @throws CRYPTO_OPEN_FAILED */
export function unsealCapsule(capsule: Capsule, label: Uint8Array, S: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return openWithKey({ ...capsuleSeal(S, label, capsule.U), sealed: capsule.sealed });
}
