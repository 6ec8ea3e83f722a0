import { utf8 } from "../../../../sdk/src/core/bytes.ts";
import {
  type DkgResult,
  type PartialBatch,
  partialDecryptBatch,
  type VerifiedPartial,
  verifyPartialBatch,
} from "../../../../sdk/src/crypto/index.ts";
import { seededRandom } from "../seeded-random.ts";
import { ceremony } from "./ceremony.ts";

export const label = utf8("anamnesis/release/v1 of one record");
export const otherLabel = utf8("anamnesis/release/v1 of a stranger's record");
export const secret = seededRandom("data key")(32);

/** Three of five. */
export const committee: readonly DkgResult[] = ceremony({ threshold: 3, size: 5, seed: "fixture" });
export const { groupKey, verifyingShares } = committee[0] as DkgResult;

export const verifyingShareOf = (member: number, of = committee) =>
  (of[0] as DkgResult).verifyingShares[member - 1] as Uint8Array;

export function answer(member: number, U: readonly Uint8Array[], of = committee): PartialBatch {
  const { share } = of[member - 1] as DkgResult;
  return partialDecryptBatch({ share, verifyingShare: verifyingShareOf(member, of), U });
}

/** The verified point of each member for one capsule. */
export function verifiedOf(members: readonly number[], U: Uint8Array, of = committee): readonly VerifiedPartial[] {
  return members.map((member) => {
    const points = verifyPartialBatch({
      verifyingShare: verifyingShareOf(member, of),
      U: [U],
      partial: answer(member, [U], of),
    });
    if (!points) throw new TypeError(`partial of member ${member} does not hold`);
    return { member, point: points[0] as Uint8Array };
  });
}

/** Encodings that RFC 9496 refuses (its appendix A.2), one of each kind, and the identity, which we refuse besides. */
export const badPoints: Readonly<Record<string, string>> = {
  identity: "00".repeat(32),
  "not below the field's prime": `${"ed"}${"ff".repeat(30)}7f`,
  "highest bit set": `00${"ff".repeat(31)}`,
  "negative field element": `01${"00".repeat(31)}`,
  "no square root": "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
  "negative product": "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
  "y is zero": `ec${"ff".repeat(30)}7f`,
  "small order on the curve": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "too short": "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d",
};
