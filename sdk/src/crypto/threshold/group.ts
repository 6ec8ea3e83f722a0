import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { concat, utf8 } from "../../core/bytes.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { bigEndian } from "../encode-integer.ts";
import type { RandomSource } from "../random-source.ts";

/** ristretto255 (RFC 9496): prime order, one encoding of 32 bytes for each element. */
export const Point: typeof ristretto255.Point = ristretto255.Point;
export type Point = InstanceType<typeof Point>;
/** Integers modulo the group's order. */
export const scalars = Point.Fn;

let secondOnce: Point | undefined;

/** A second generator whose logarithm nobody knows: hash_to_ristretto255 (RFC 9380, appendix B) of an empty text. */
export function secondGenerator(): Point {
  secondOnce ??= ristretto255_hasher.hashToCurve(new Uint8Array(), { DST: utf8("anamnesis/capsule/h/v1") });
  return secondOnce;
}

/** Decodes an element. @throws CRYPTO_POINT_INVALID for a non-canonical encoding or the identity. */
export function decodePoint(what: string, bytes: Uint8Array): Point {
  let point: Point;
  try {
    point = Point.fromBytes(bytes);
  } catch (cause) {
    throw new AnamnesisError("CRYPTO_POINT_INVALID", { what }, { cause });
  }
  if (point.is0()) throw new AnamnesisError("CRYPTO_POINT_INVALID", { what });
  return point;
}

/** Decodes a scalar in little-endian. @throws CRYPTO_POINT_INVALID for 0, or a value not below the order. */
export function decodeScalar(what: string, bytes: Uint8Array): bigint {
  let scalar = 0n;
  try {
    scalar = scalars.fromBytes(bytes);
  } catch {
    // Refused below, without a cause: it would print a secret value.
  }
  if (scalar === 0n) throw new AnamnesisError("CRYPTO_POINT_INVALID", { what });
  return scalar;
}

/** x·G of a share, 32 bytes each. @throws CRYPTO_POINT_INVALID */
export function verifyingShareOf(share: Uint8Array): Uint8Array {
  return Point.BASE.multiply(decodeScalar("key share", share)).toBytes();
}

/** A uniform scalar, never 0: 64 bytes reduced, which leaves a bias below 2^-250. */
export function randomScalar(random: RandomSource): bigint {
  for (;;) {
    const wide = random(64).reduceRight((total, byte) => (total << 8n) | BigInt(byte), 0n);
    const scalar = scalars.create(wide);
    if (scalar !== 0n) return scalar;
  }
}

/** hash_to_scalar under `domain` over the parts, each behind its length, so that none can borrow from the next. */
export function hashToScalar(domain: string, parts: readonly Uint8Array[]): bigint {
  const transcript = concat(...parts.flatMap((part) => [bigEndian(part.length, 4), part]));
  return ristretto255_hasher.hashToScalar(transcript, { DST: utf8(domain) });
}
