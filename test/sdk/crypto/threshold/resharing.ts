import {
  type DkgResult,
  dealReshare,
  finishReshare,
  type PreviousEpoch,
  type ReshareBroadcast,
  type ReshareShare,
} from "../../../../sdk/src/crypto/index.ts";
import { seededRandom } from "../seeded-random.ts";

export interface ResharingOptions {
  /** Everybody's result of the epoch before. */
  readonly old: readonly DkgResult[];
  readonly dealers: readonly number[];
  /** Of the new epoch. */
  readonly threshold: number;
  readonly size: number;
  readonly seed: string;
  /** Changes what a recipient gets, as a faulty dealer or network would. */
  readonly tamperBroadcast?: (broadcast: ReshareBroadcast, to: number) => readonly ReshareBroadcast[];
  readonly tamperShare?: (share: ReshareShare) => readonly ReshareShare[];
}

export function epochOf(results: readonly DkgResult[]): PreviousEpoch {
  const { groupKey, threshold, verifyingShares } = results[0] as DkgResult;
  return { groupKey, threshold, verifyingShares };
}

export function dealingOf(old: readonly DkgResult[], member: number, options: Omit<ResharingOptions, "old">) {
  const { share, verifyingShares } = old[member - 1] as DkgResult;
  const verifyingShare = verifyingShares[member - 1] as Uint8Array;
  const { threshold, size, seed } = options;
  return dealReshare({ member, share, verifyingShare, threshold, size, random: seededRandom(`${seed}/${member}`) });
}

/** Redistributes in process; the same seed gives the same shares. */
export function resharing(options: ResharingOptions): readonly DkgResult[] {
  const { old, dealers, threshold, size } = options;
  const { tamperBroadcast = (each) => [each], tamperShare = (each) => [each] } = options;
  const dealt = dealers.map((member) => dealingOf(old, member, options));
  const delivered = dealt.flatMap(({ shares }) =>
    shares.flatMap((share) => tamperShare(share).map((each) => ({ each, to: share.to }))),
  );
  return Array.from({ length: size }, (_, i) => i + 1).map((member) =>
    finishReshare({
      previous: epochOf(old),
      dealers,
      threshold,
      size,
      member,
      broadcasts: dealt.flatMap(({ broadcast }) => tamperBroadcast(broadcast, member)),
      shares: delivered.filter(({ to }) => to === member).map(({ each }) => each),
    }),
  );
}
