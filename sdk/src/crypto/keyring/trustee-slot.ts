import { concat, equalBytes, fromHex, utf8 } from "../../core/bytes.ts";
import { encodeDagCbor } from "../../core/dag-cbor.ts";
import type { KeyId, PatientId } from "../../core/ids.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { sha256 } from "../hash.ts";
import { type RandomSource, systemRandom } from "../random-source.ts";
import { requireLength } from "../require-length.ts";
import { type Capsule, sealCapsule } from "../threshold/capsule.ts";
import { recoveryLabel } from "./recovery-label.ts";
import { openSlotRoot, sealSlotRoot } from "./slot-key.ts";

/**
 * The root, under two halves: a secret that enough trustees put together, and one in a committee capsule that stewards release after a recovery.
 * Neither trustees nor stewards read anything alone.
 */
export interface TrusteeSlot {
  readonly kind: "trustee";
  readonly patient: Uint8Array;
  /** The committee's key, and Unix seconds of the chain when the slot was made: the capsule's label. */
  readonly keyId: Uint8Array;
  readonly madeAt: number;
  readonly threshold: number;
  /** SHA-256 of each share, so that a wrong one is told from a wrong slot. */
  readonly checks: readonly Uint8Array[];
  readonly capsule: Capsule;
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
}

/** What a trustee keeps: worthless without the others' and the stewards' half. */
export interface TrusteeShare {
  readonly place: number;
  readonly share: Uint8Array;
}

export interface SealTrusteeSlotParameters {
  readonly patient: PatientId;
  readonly keyId: KeyId;
  /** ristretto255 group public key of the committee, 32 bytes. */
  readonly groupKey: Uint8Array;
  /** Unix seconds, of the chain: only a recovery that takes effect later opens the slot. */
  readonly madeAt: number;
  readonly trustees: number;
  /** How many of them it takes: two at least. */
  readonly threshold: number;
  readonly random?: RandomSource | undefined;
}

const checkOf = (share: Uint8Array) => sha256(concat(utf8("anamnesis/trustee-share/v1"), share));

/** Shamir's sharing is loaded when trustees are chosen, or asked, not with the page. */
const shamir = () => import("shamir-secret-sharing");

const aadOf = ({ patient, keyId, madeAt }: Pick<TrusteeSlot, "patient" | "keyId" | "madeAt">) =>
  encodeDagCbor([patient, keyId, madeAt]);

/** @throws CRYPTO_INVALID_PARAMETERS unless 2 ≤ threshold ≤ trustees ≤ 16; CRYPTO_POINT_INVALID, CRYPTO_INVALID_LENGTH */
export async function sealTrusteeSlot(
  root: Uint8Array,
  parameters: SealTrusteeSlotParameters,
): Promise<{ readonly slot: TrusteeSlot; readonly shares: readonly TrusteeShare[] }> {
  const { groupKey, madeAt, trustees, threshold, random = systemRandom } = parameters;
  const isCount = Number.isInteger(trustees) && Number.isInteger(threshold);
  if (!isCount || threshold < 2 || threshold > trustees || trustees > 16) {
    throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { trustees, threshold });
  }
  const ours = random(32);
  const stewards = random(32);
  const salt = random(32);
  const place = { patient: fromHex(parameters.patient), keyId: fromHex(parameters.keyId), madeAt };
  const { split } = await shamir();
  const shares = (await split(ours, trustees, threshold)).map((share, index) => ({ place: index, share }));
  const label = recoveryLabel(parameters.keyId, parameters.patient, madeAt);
  const capsule = await sealCapsule({ groupKey, label, secret: stewards, random });
  const secret = concat(ours, stewards);
  const sealed = await sealSlotRoot({ kind: "trustee", secret, salt, aad: aadOf(place) }, root, random);
  const checks = shares.map(({ share }) => checkOf(share));
  return { slot: { kind: "trustee", ...place, threshold, checks, capsule, salt, sealed }, shares };
}

/** Whether a share is one of this slot's: asked before others are troubled. */
export function isShareOf(slot: TrusteeSlot, { place, share }: TrusteeShare): boolean {
  const check = slot.checks[place];
  return check !== undefined && equalBytes(check, checkOf(share));
}

/**
 * @param stewardsHalf What the committee's partial decryptions of `slot.capsule` open it to, under `recoveryLabel`.
 * @throws CRYPTO_SHARE_WRONG naming the place, CRYPTO_TOO_FEW_SHARES, CRYPTO_SLOT_NOT_OPENED
 */
export async function openTrusteeSlot(
  slot: TrusteeSlot,
  parameters: { readonly shares: readonly TrusteeShare[]; readonly stewardsHalf: Uint8Array },
): Promise<Uint8Array> {
  const { shares, stewardsHalf } = parameters;
  requireLength("stewards' half", stewardsHalf, 32);
  const wrong = shares.find((share) => !isShareOf(slot, share));
  if (wrong) throw new AnamnesisError("CRYPTO_SHARE_WRONG", { place: wrong.place });
  const distinct = new Map(shares.map(({ place, share }) => [place, share]));
  if (distinct.size < slot.threshold) {
    throw new AnamnesisError("CRYPTO_TOO_FEW_SHARES", { given: distinct.size, needed: slot.threshold });
  }
  const { combine } = await shamir();
  // The library writes into nothing of ours, and takes more than enough as gladly as enough.
  const ours = await combine([...distinct.values()].map((share) => Uint8Array.from(share)));
  const secret = concat(ours, stewardsHalf);
  return openSlotRoot({ kind: "trustee", secret, salt: slot.salt, aad: aadOf(slot) }, slot.sealed);
}
