import { mulAddUnsafe } from "@noble/curves/abstract/curve.js";
import { AnamnesisError } from "../../errors/index.ts";
import { type Capsule, unsealCapsule } from "./capsule.ts";
import { decodePoint, Point } from "./group.ts";
import { lagrangeAtZero } from "./lagrange.ts";
import { type PartialBatch, verifyPartialBatch } from "./partial.ts";

/** What `verifyPartial` gave for one member. */
export interface VerifiedPartial {
  /** The member's number in its epoch, from 1. */
  readonly member: number;
  /** x·U */
  readonly point: Uint8Array;
}

function requireMembers(members: readonly number[], threshold: number): void {
  if (!Number.isInteger(threshold) || threshold < 1)
    throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { threshold });
  const seen = new Set<number>();
  for (const member of members) {
    if (!Number.isInteger(member) || member < 1) throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { member });
    if (seen.has(member)) throw new AnamnesisError("CRYPTO_DUPLICATE_MEMBER", { member });
    seen.add(member);
  }
  if (members.length < threshold) {
    throw new AnamnesisError("CRYPTO_TOO_FEW_PARTIALS", { needed: threshold, given: members.length });
  }
}

/**
 * S = r·Y from the first `threshold` partials, which must be verified and of one epoch.
 * @throws CRYPTO_TOO_FEW_PARTIALS, CRYPTO_DUPLICATE_MEMBER, CRYPTO_POINT_INVALID, CRYPTO_INVALID_PARAMETERS
 */
export function combinePartials(parameters: {
  readonly partials: readonly VerifiedPartial[];
  readonly threshold: number;
}): Uint8Array {
  const { partials, threshold } = parameters;
  requireMembers(
    partials.map(({ member }) => member),
    threshold,
  );
  const used = partials.slice(0, threshold);
  const coefficients = lagrangeAtZero(used.map(({ member }) => member));
  const points = used.map(({ member, point }) => decodePoint(`partial of member ${member}`, point));
  return mulAddUnsafe(Point, points, coefficients).toBytes();
}

/**
 * Opens a capsule with `threshold` verified partials.
 * @throws what {@link combinePartials} does; CRYPTO_OPEN_FAILED for partials of another capsule or epoch, or another label.
 */
export async function openCapsule(parameters: {
  readonly capsule: Capsule;
  readonly label: Uint8Array;
  readonly partials: readonly VerifiedPartial[];
  readonly threshold: number;
}): Promise<Uint8Array<ArrayBuffer>> {
  return unsealCapsule(parameters.capsule, parameters.label, combinePartials(parameters));
}

/** Verified points by capsule (in the order of `U`), and who answered wrongly. */
export interface SortedPartials {
  readonly verified: readonly (readonly VerifiedPartial[])[];
  /** Members whose answer does not hold under their published share; the rest is used without them. */
  readonly liars: readonly number[];
}

/** Checks the answers of several members to one batch, and names those that lie. */
export function sortPartials(parameters: {
  /** In order of members: the first belongs to member 1. */
  readonly verifyingShares: readonly Uint8Array[];
  readonly U: readonly Uint8Array[];
  readonly partials: readonly { readonly member: number; readonly partial: PartialBatch }[];
}): SortedPartials {
  const { verifyingShares, U, partials } = parameters;
  const verified: VerifiedPartial[][] = U.map(() => []);
  const liars: number[] = [];
  for (const { member, partial } of partials) {
    const verifyingShare = verifyingShares[member - 1];
    if (!verifyingShare) throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { member });
    const points = verifyPartialBatch({ verifyingShare, U, partial });
    if (points) points.forEach((point, i) => void verified[i]?.push({ member, point }));
    else liars.push(member);
  }
  return { verified, liars };
}
