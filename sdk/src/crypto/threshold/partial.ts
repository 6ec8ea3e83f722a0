import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { AnamnesisError } from "../../errors/index.ts";
import { type RandomSource, systemRandom } from "../random-source.ts";
import { decodePoint, decodeScalar, Point, randomScalar, scalars } from "./group.ts";

/**
 * A steward's x·U, given as the sum of E1 = r·U and E2 = (x − r)·U with a fresh r: the library blinds products of a
 * secret with the base point only, so the share itself never meets a foreign point.
 */
export interface PartialDecryption {
  /** r·G, the key of the first proof; the second's is X − R, which the verifier computes. */
  readonly R: Uint8Array;
  readonly E1: Uint8Array;
  readonly proof1: Uint8Array;
  readonly E2: Uint8Array;
  readonly proof2: Uint8Array;
}

/** One answer for many capsules: two lists, and still two proofs. */
export interface PartialBatch {
  readonly R: Uint8Array;
  readonly E1: readonly Uint8Array[];
  readonly proof1: Uint8Array;
  readonly E2: readonly Uint8Array[];
  readonly proof2: Uint8Array;
}

/** Capsules that one batch may hold. */
export const maximumBatch = 256;

function requireBatch(size: number): void {
  if (size < 1 || size > maximumBatch) throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { capsules: size });
}

/**
 * The partial decryptions of many capsules whose proofs were checked, with RFC 9497's batched proof of equal logarithms.
 * @throws CRYPTO_SHARE_MISMATCH, CRYPTO_POINT_INVALID, CRYPTO_INVALID_PARAMETERS unless 1 to 256 are given.
 */
export function partialDecryptBatch(parameters: {
  /** The steward's scalar, 32 bytes little-endian. */
  readonly share: Uint8Array;
  readonly verifyingShare: Uint8Array;
  readonly U: readonly Uint8Array[];
  readonly random?: RandomSource | undefined;
}): PartialBatch {
  const { share, verifyingShare, U, random = systemRandom } = parameters;
  requireBatch(U.length);
  for (const point of U) decodePoint("U", point);
  const x = decodeScalar("key share", share);
  const X = decodePoint("verifying share", verifyingShare);
  let r = randomScalar(random);
  while (r === x) r = randomScalar(random);
  const rest = scalars.sub(x, r);
  const R = Point.BASE.multiply(r);
  const restKey = Point.BASE.multiply(rest);
  if (!R.add(restKey).equals(X)) throw new AnamnesisError("CRYPTO_SHARE_MISMATCH");
  const rng = (length = 32) => Uint8Array.from(random(length));
  const evaluate = (scalar: bigint, key: Point) =>
    ristretto255_oprf.voprf.blindEvaluateBatch(scalars.toBytes(scalar), key.toBytes(), [...U], rng);
  const first = evaluate(r, R);
  const second = evaluate(rest, restKey);
  return { R: R.toBytes(), E1: first.evaluated, proof1: first.proof, E2: second.evaluated, proof2: second.proof };
}

/** {@link partialDecryptBatch} for one capsule. */
export function partialDecrypt(parameters: {
  readonly share: Uint8Array;
  readonly verifyingShare: Uint8Array;
  readonly U: Uint8Array;
  readonly random?: RandomSource | undefined;
}): PartialDecryption {
  const batch = partialDecryptBatch({ ...parameters, U: [parameters.U] });
  return { ...batch, E1: batch.E1[0] as Uint8Array, E2: batch.E2[0] as Uint8Array };
}

// Verifying is part of RFC 9497's Finalize; a blind of 1 makes its unblinding a no-op, and its output is not used.
const noBlind = /* @__PURE__ */ Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
const noInput = new Uint8Array();

function requireProof(
  key: Uint8Array,
  U: readonly Uint8Array[],
  evaluated: readonly Uint8Array[],
  proof: Uint8Array,
): void {
  const items = U.map((blinded, i) => ({
    input: noInput,
    blind: noBlind,
    blinded,
    evaluated: evaluated[i] as Uint8Array,
  }));
  ristretto255_oprf.voprf.finalizeBatch(items, key, proof);
}

/**
 * The points x·U where both proofs hold under the verifying share from the chain; false where anything of the answer is
 * wrong. @throws CRYPTO_POINT_INVALID for a wrong `verifyingShare` or `U`, which are the caller's own.
 */
export function verifyPartialBatch(parameters: {
  readonly verifyingShare: Uint8Array;
  readonly U: readonly Uint8Array[];
  readonly partial: PartialBatch;
}): readonly Uint8Array[] | false {
  const { verifyingShare, U, partial } = parameters;
  requireBatch(U.length);
  const X = decodePoint("verifying share", verifyingShare);
  for (const point of U) decodePoint("U", point);
  if (partial.E1.length !== U.length || partial.E2.length !== U.length) return false;
  try {
    const restKey = X.subtract(decodePoint("R", partial.R)).toBytes();
    requireProof(partial.R, U, partial.E1, partial.proof1);
    requireProof(restKey, U, partial.E2, partial.proof2);
    return partial.E1.map((point, i) => {
      const sum = Point.fromBytes(point).add(Point.fromBytes(partial.E2[i] as Uint8Array));
      return sum.toBytes();
    });
  } catch {
    return false;
  }
}

/** {@link verifyPartialBatch} for one capsule. */
export function verifyPartial(parameters: {
  readonly verifyingShare: Uint8Array;
  readonly U: Uint8Array;
  readonly partial: PartialDecryption;
}): Uint8Array | false {
  const { partial } = parameters;
  const points = verifyPartialBatch({
    verifyingShare: parameters.verifyingShare,
    U: [parameters.U],
    partial: { ...partial, E1: [partial.E1], E2: [partial.E2] },
  });
  return points && (points[0] as Uint8Array);
}
