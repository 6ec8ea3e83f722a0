import { concat, equalBytes, fromHex, utf8 } from "../../core/bytes.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { bigEndian } from "../encode-integer.ts";
import { sha256 } from "../hash.ts";
import { type RandomSource, systemRandom } from "../random-source.ts";
import { type CommitteeKey, type DkgResult, keyIdOf } from "./dkg.ts";
import { decodePoint, decodeScalar, Point, randomScalar, scalars } from "./group.ts";
import { lagrangeAtZero } from "./lagrange.ts";

/** The same to everybody: Feldman's commitments to a dealer's polynomial, whose constant is its share. */
export interface ReshareBroadcast {
  /** The dealer's number in the epoch before. */
  readonly member: number;
  /** One element for each member that the new epoch takes to open a record. */
  readonly commitment: readonly Uint8Array[];
}

/** Secret: to be sealed to `to` and to nobody else. */
export interface ReshareShare {
  /** A number of the epoch before. */
  readonly from: number;
  /** A number of the new epoch. */
  readonly to: number;
  /** A scalar of 32 bytes, little-endian. */
  readonly share: Uint8Array;
}

export interface ReshareDealing {
  readonly broadcast: ReshareBroadcast;
  /** One for each member of the new epoch, member 1 first. */
  readonly shares: readonly ReshareShare[];
}

/** The epoch that deals, as the chain publishes it. */
export interface PreviousEpoch {
  readonly groupKey: Uint8Array;
  readonly threshold: number;
  /** x·G of each member, member 1 first. */
  readonly verifyingShares: readonly Uint8Array[];
}

interface NewEpoch {
  readonly threshold: number;
  readonly size: number;
}

/** All that every participant of one attempt must see alike. */
export interface ReshareTranscript extends NewEpoch {
  readonly previous: PreviousEpoch;
  /** Who deals: as many members of the epoch before as it takes to open a record. */
  readonly dealers: readonly number[];
  readonly broadcasts: readonly ReshareBroadcast[];
}

function aborted(member: number, round: number, reason: string): AnamnesisError {
  return new AnamnesisError("CRYPTO_RESHARE_ABORTED", { member, round, reason });
}

function requireEpoch({ threshold, size }: NewEpoch): void {
  const counts = Number.isInteger(threshold) && Number.isInteger(size) && size <= 255;
  if (!counts || threshold < 2 || threshold > size || 2 * threshold <= size) {
    throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { threshold, size });
  }
}

function requireDealers(dealers: readonly number[], { threshold, verifyingShares }: PreviousEpoch): void {
  const known = dealers.every((dealer) => Number.isInteger(dealer) && dealer >= 1 && dealer <= verifyingShares.length);
  if (!known || dealers.length !== threshold || new Set(dealers).size !== dealers.length) {
    throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { dealers: dealers.map(String), threshold });
  }
}

/** One from each dealer, in the order of `dealers`. */
function oneFromEach<T>(items: readonly T[], fromOf: (item: T) => number, dealers: readonly number[], round: number) {
  const seen = new Set<number>();
  for (const from of items.map(fromOf)) {
    if (!dealers.includes(from)) throw aborted(from, round, "not a dealer");
    if (seen.has(from)) throw aborted(from, round, "sent twice");
    seen.add(from);
  }
  return dealers.map((dealer) => {
    const item = items.find((each) => fromOf(each) === dealer);
    if (item === undefined) throw aborted(dealer, round, "missing");
    return item;
  });
}

/** f(j), Horner's way. */
function evaluate(coefficients: readonly bigint[], at: number): bigint {
  return coefficients.reduceRight((sum, each) => scalars.add(scalars.mul(sum, BigInt(at)), each), scalars.ZERO);
}

/** f(j)·G from commitments; all of it is public. */
function evaluateCommitted(commitment: readonly Point[], at: number): Point {
  return commitment.reduceRight((sum, each) => sum.multiplyUnsafe(BigInt(at)).add(each), Point.ZERO);
}

/**
 * Redistributes one member's share (Desmedt and Jajodia 1997): a fresh polynomial with the share as its constant, and its
 * value for each new member. Every attempt deals anew; two dealings from one polynomial must never exist.
 * @throws CRYPTO_SHARE_MISMATCH, CRYPTO_POINT_INVALID; CRYPTO_INVALID_PARAMETERS unless 2 ≤ t and size / 2 < t ≤ size ≤ 255.
 */
export function dealReshare(parameters: {
  /** The dealer's number in the epoch before. */
  readonly member: number;
  /** Its scalar of that epoch, 32 bytes little-endian. */
  readonly share: Uint8Array;
  readonly verifyingShare: Uint8Array;
  /** Of the new epoch. */
  readonly threshold: number;
  readonly size: number;
  readonly random?: RandomSource | undefined;
}): ReshareDealing {
  const { member, share, verifyingShare, threshold, size, random = systemRandom } = parameters;
  requireEpoch({ threshold, size });
  const constant = decodeScalar("key share", share);
  const others = Array.from({ length: threshold - 1 }, () => randomScalar(random));
  const coefficients = [constant, ...others];
  const commitment = coefficients.map((each) => Point.BASE.multiply(each).toBytes());
  if (!equalBytes(commitment[0] as Uint8Array, verifyingShare)) throw new AnamnesisError("CRYPTO_SHARE_MISMATCH");
  const shares = Array.from({ length: size }, (_, i) => ({
    from: member,
    to: i + 1,
    share: scalars.toBytes(evaluate(coefficients, i + 1)),
  }));
  return { broadcast: { member, commitment }, shares };
}

interface CheckedTranscript {
  /** In the order of `dealers`. */
  readonly commitments: readonly (readonly Point[])[];
  readonly key: CommitteeKey;
}

function decodeCommitment({ member, commitment }: ReshareBroadcast, { previous, threshold }: ReshareTranscript) {
  if (commitment.length !== threshold) throw aborted(member, 1, "wrong commitment");
  // A dealer that commits to anything but its published share would change the key, or keep a hand in it.
  const published = previous.verifyingShares[member - 1] as Uint8Array;
  if (!equalBytes(commitment[0] as Uint8Array, published)) throw aborted(member, 1, "not its published share");
  try {
    return commitment.map((element) => decodePoint("commitment", element));
  } catch {
    throw aborted(member, 1, "wrong commitment");
  }
}

function transcriptHash(transcript: ReshareTranscript, broadcasts: readonly ReshareBroadcast[]): Uint8Array {
  const { previous, threshold, size } = transcript;
  const counts = [previous.threshold, threshold, size].map((count) => bigEndian(count, 4));
  const ordered = broadcasts.toSorted((a, b) => a.member - b.member);
  const parts = ordered.flatMap(({ member, commitment }) => [bigEndian(member, 4), ...commitment]);
  return sha256(concat(utf8("anamnesis/reshare/v1"), fromHex(keyIdOf(previous.groupKey)), ...counts, ...parts));
}

function check(transcript: ReshareTranscript): CheckedTranscript {
  const { previous, dealers, threshold, size } = transcript;
  requireEpoch(transcript);
  requireDealers(dealers, previous);
  const broadcasts = oneFromEach(transcript.broadcasts, ({ member }) => member, dealers, 1);
  const commitments = broadcasts.map((broadcast) => decodeCommitment(broadcast, transcript));
  const weights = lagrangeAtZero(dealers);
  const combined = Array.from({ length: threshold }, (_, k) =>
    commitments.reduce((sum, each, i) => sum.add((each[k] as Point).multiplyUnsafe(weights[i] as bigint)), Point.ZERO),
  );
  const groupKey = (combined[0] as Point).toBytes();
  // Constants that are the published shares always give the key; that the chain's shares belong to it is checked here.
  if (!equalBytes(groupKey, previous.groupKey)) throw new AnamnesisError("CRYPTO_RESHARE_KEY_CHANGED");
  const verifyingShares = Array.from({ length: size }, (_, i) => evaluateCommitted(combined, i + 1).toBytes());
  for (const each of verifyingShares) decodePoint("verifying share", each);
  const hash = transcriptHash(transcript, broadcasts);
  return { commitments, key: { threshold, groupKey, keyId: keyIdOf(groupKey), verifyingShares, transcriptHash: hash } };
}

/**
 * The new epoch's public part, which anybody can compute from the broadcasts: what dealers endorse.
 * @throws CRYPTO_RESHARE_ABORTED { member, round, reason } naming the dealer, CRYPTO_RESHARE_KEY_CHANGED,
 * CRYPTO_INVALID_PARAMETERS
 */
export function checkReshare(transcript: ReshareTranscript): CommitteeKey {
  return check(transcript).key;
}

/**
 * Checks what was dealt to one new member and gives its share. The old share may be destroyed only once the new epoch is
 * published. @throws what {@link checkReshare} does
 */
export function finishReshare(
  transcript: ReshareTranscript & { readonly member: number; readonly shares: readonly ReshareShare[] },
): DkgResult {
  const { member, dealers, size } = transcript;
  if (!Number.isInteger(member) || member < 1 || member > size) {
    throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { member, size });
  }
  const { commitments, key } = check(transcript);
  const received = oneFromEach(transcript.shares, ({ from }) => from, dealers, 2);
  const values = received.map(({ from, to, share }, i) => {
    if (to !== member) throw aborted(from, 2, "misdirected");
    let value: bigint;
    try {
      value = decodeScalar("dealt share", share);
    } catch {
      throw aborted(from, 2, "wrong share");
    }
    const committed = evaluateCommitted(commitments[i] as readonly Point[], member);
    if (!Point.BASE.multiply(value).equals(committed)) throw aborted(from, 2, "wrong share");
    return value;
  });
  const weights = lagrangeAtZero(dealers);
  const sum = values.reduce((total, value, i) => scalars.add(total, scalars.mul(value, weights[i] as bigint)), 0n);
  return { ...key, member, share: scalars.toBytes(sum) };
}
