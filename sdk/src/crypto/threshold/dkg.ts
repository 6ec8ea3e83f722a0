import { ristretto255_FROST as frost } from "@noble/curves/ed25519.js";
import { concat, equalBytes, toHex, utf8 } from "../../core/bytes.ts";
import type { KeyId } from "../../core/ids.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { bigEndian } from "../encode-integer.ts";
import { sha256 } from "../hash.ts";
import { type RandomSource, systemRandom } from "../random-source.ts";
import { decodePoint } from "./group.ts";

/** Round 1, the same to everybody: commitments to a member's polynomial, and the proof that it knows the constant. */
export interface DkgBroadcast {
  /** From 1 to the committee's size. */
  readonly member: number;
  /** `threshold` elements of 32 bytes. */
  readonly commitment: readonly Uint8Array[];
  /** 64 bytes. */
  readonly proof: Uint8Array;
}

/** Round 2, secret: to be sealed to `to` and to nobody else. */
export interface DkgShare {
  readonly from: number;
  readonly to: number;
  /** A scalar of 32 bytes, little-endian. */
  readonly share: Uint8Array;
}

/** The public part of one epoch of a committee's key. */
export interface CommitteeKey {
  readonly threshold: number;
  readonly groupKey: Uint8Array;
  readonly keyId: KeyId;
  /** x·G of each member, member 1 first. */
  readonly verifyingShares: readonly Uint8Array[];
  /** Equal for all members that saw the same broadcasts; to be compared before the key is published. */
  readonly transcriptHash: Uint8Array;
}

export interface DkgResult extends CommitteeKey {
  readonly member: number;
  /** This member's secret scalar, 32 bytes little-endian. */
  readonly share: Uint8Array;
}

export interface DkgSession {
  readonly broadcast: DkgBroadcast;
  /** Round 2: checks everybody's broadcast (one's own may be among them) and gives a share for each other member. */
  deal(broadcasts: readonly DkgBroadcast[]): readonly DkgShare[];
  /** Round 3: checks the shares dealt to this member and gives the key. */
  finish(shares: readonly DkgShare[]): DkgResult;
}

/** `SHA-256(group public key)`. */
export function keyIdOf(groupKey: Uint8Array): KeyId {
  return toHex(sha256(groupKey)) as KeyId;
}

type FrostSecret = ReturnType<typeof frost.DKG.round1>["secret"];
type FrostBroadcast = ReturnType<typeof frost.DKG.round1>["public"];

const identifier = (member: number) => frost.Identifier.fromNumber(member);

const toFrost = ({ member, commitment, proof }: DkgBroadcast): FrostBroadcast => ({
  identifier: identifier(member),
  commitment: commitment.map((point) => Uint8Array.from(point)),
  proofOfKnowledge: Uint8Array.from(proof),
});

/** One value from each other member, in order. @throws CRYPTO_DKG_ABORTED naming who is missing, doubled or unknown. */
function oneFromEach<T>(
  items: readonly T[],
  memberOf: (item: T) => number,
  own: number,
  size: number,
  round: number,
): T[] {
  const byMember = new Map<number, T>();
  for (const item of items) {
    const member = memberOf(item);
    const known = Number.isInteger(member) && member >= 1 && member <= size;
    if (!known || member === own || byMember.has(member)) {
      const reason = !known ? "not a member" : member === own ? "spoken for this member" : "sent twice";
      throw new AnamnesisError("CRYPTO_DKG_ABORTED", { member, round, reason });
    }
    byMember.set(member, item);
  }
  return Array.from({ length: size }, (_, i) => i + 1)
    .filter((member) => member !== own)
    .map((member) => {
      const item = byMember.get(member);
      if (item === undefined) throw new AnamnesisError("CRYPTO_DKG_ABORTED", { member, round, reason: "missing" });
      return item;
    });
}

/**
 * The library says that some broadcast is wrong, never whose. So each is tried alone among broadcasts made up here,
 * which are right: a run that fails names its member.
 */
function blame(broadcasts: readonly DkgBroadcast[], own: number, signers: { min: number; max: number }): number {
  const madeUp = new Map(
    broadcasts.map(({ member }) => [member, frost.DKG.round1(identifier(member), signers).public]),
  );
  const wrong = broadcasts.find((suspect) => {
    const { secret } = frost.DKG.round1(identifier(own), signers);
    const others = broadcasts.map(({ member }) => madeUp.get(member) as FrostBroadcast);
    others[broadcasts.indexOf(suspect)] = toFrost(suspect);
    try {
      frost.DKG.round2(secret, others);
      return false;
    } catch {
      return true;
    }
  });
  return wrong?.member ?? own;
}

function transcriptHash(broadcasts: readonly DkgBroadcast[], threshold: number): Uint8Array {
  const ordered = broadcasts.toSorted((a, b) => a.member - b.member);
  const counts = [bigEndian(threshold, 4), bigEndian(ordered.length, 4)];
  const parts = ordered.flatMap(({ commitment, proof }) => [...commitment, proof]);
  return sha256(concat(utf8("anamnesis/dkg/v1"), ...counts, ...parts));
}

/**
 * Begins one attempt at a committee key without a dealer. A missing or wrong part aborts the attempt and names the member;
 * there is no complaint round, for that would reveal shares, and nothing of an aborted attempt is used again.
 *
 * `deal` and `finish` throw CRYPTO_DKG_ABORTED { member, round, reason } and CRYPTO_DKG_OUT_OF_ORDER.
 * @throws CRYPTO_INVALID_PARAMETERS unless 2 ≤ t, size / 2 < t ≤ size ≤ 255, and 1 ≤ member ≤ size.
 */
export function startDkg(parameters: {
  readonly member: number;
  readonly threshold: number;
  readonly size: number;
  readonly random?: RandomSource | undefined;
}): DkgSession {
  const { member, threshold, size, random = systemRandom } = parameters;
  const counts = [member, threshold, size].every(Number.isInteger) && size <= 255;
  if (!counts || threshold < 2 || threshold > size || 2 * threshold <= size || member < 1 || member > size) {
    throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { member, threshold, size });
  }
  const signers = { min: threshold, max: size };
  const rng = (length = 32) => Uint8Array.from(random(length));
  const first = frost.DKG.round1(identifier(member), signers, undefined, rng);
  const broadcast = { member, commitment: first.public.commitment, proof: first.public.proofOfKnowledge };
  let secret: FrostSecret | undefined = first.secret;
  let others: DkgBroadcast[] | undefined;

  const forget = () => {
    if (secret) frost.DKG.clean(secret);
    secret = undefined;
    others = undefined;
  };
  /** Whatever goes wrong ends the attempt: its secrets are forgotten before the error is seen. */
  const orForget = <T>(step: () => T): T => {
    try {
      return step();
    } catch (error) {
      forget();
      throw error;
    }
  };

  const deal = (broadcasts: readonly DkgBroadcast[]): DkgShare[] => {
    if (!secret || others) throw new AnamnesisError("CRYPTO_DKG_OUT_OF_ORDER", { round: 2 });
    const foreign = broadcasts.filter((item) => item.member !== member || !sameBroadcast(item, broadcast));
    const received = oneFromEach(foreign, (item) => item.member, member, size, 2);
    let dealt: Record<string, { signingShare: Uint8Array }>;
    try {
      dealt = frost.DKG.round2(secret, received.map(toFrost));
    } catch {
      const blamed = blame(received, member, signers);
      throw new AnamnesisError("CRYPTO_DKG_ABORTED", { member: blamed, round: 2, reason: "wrong proof or commitment" });
    }
    others = received;
    return received.map(({ member: to }) => {
      const share = dealt[identifier(to)]?.signingShare as Uint8Array;
      return { from: member, to, share: Uint8Array.from(share) };
    });
  };

  const finish = (shares: readonly DkgShare[]): DkgResult => {
    if (!secret || !others) throw new AnamnesisError("CRYPTO_DKG_OUT_OF_ORDER", { round: 3 });
    const broadcasts = others;
    const received = oneFromEach(shares, (item) => item.from, member, size, 3);
    for (const [i, { from, to, share }] of received.entries()) {
      const commitments = (broadcasts[i] as DkgBroadcast).commitment.map((point) => Uint8Array.from(point));
      if (to !== member)
        throw new AnamnesisError("CRYPTO_DKG_ABORTED", { member: from, round: 3, reason: "misdirected" });
      try {
        const dealt = { identifier: identifier(member), signingShare: Uint8Array.from(share) };
        frost.validateSecret(dealt, { signers, commitments, verifyingShares: {} });
      } catch {
        throw new AnamnesisError("CRYPTO_DKG_ABORTED", { member: from, round: 3, reason: "wrong share" });
      }
    }
    const key = frost.DKG.round3(
      secret,
      broadcasts.map(toFrost),
      received.map(({ from, share }) => ({ identifier: identifier(from), signingShare: Uint8Array.from(share) })),
    );
    const groupKey = key.public.commitments[0] as Uint8Array;
    decodePoint("group key", groupKey);
    const result = {
      member,
      threshold,
      groupKey,
      keyId: keyIdOf(groupKey),
      share: key.secret.signingShare,
      verifyingShares: Array.from(
        { length: size },
        (_, i) => key.public.verifyingShares[identifier(i + 1)] as Uint8Array,
      ),
      transcriptHash: transcriptHash([...broadcasts, broadcast], threshold),
    };
    forget();
    return result;
  };

  return {
    broadcast,
    deal: (broadcasts) => orForget(() => deal(broadcasts)),
    finish: (shares) => orForget(() => finish(shares)),
  };
}

function sameBroadcast(a: DkgBroadcast, b: DkgBroadcast): boolean {
  return (
    equalBytes(a.proof, b.proof) &&
    a.commitment.length === b.commitment.length &&
    a.commitment.every((point, i) => equalBytes(point, b.commitment[i] as Uint8Array))
  );
}
