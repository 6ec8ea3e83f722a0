import {
  type DkgBroadcast,
  type DkgResult,
  type DkgSession,
  type DkgShare,
  startDkg,
} from "../../../../sdk/src/crypto/index.ts";
import { seededRandom } from "../seeded-random.ts";

export interface CeremonyOptions {
  readonly threshold: number;
  readonly size: number;
  readonly seed: string;
  /** Changes what a recipient gets, as a faulty member or network would. */
  readonly tamperBroadcast?: (broadcast: DkgBroadcast, to: number) => readonly DkgBroadcast[];
  readonly tamperShare?: (share: DkgShare) => readonly DkgShare[];
}

/** Runs a whole key generation in process; the same seed gives the same key. */
export function ceremony(options: CeremonyOptions): readonly DkgResult[] {
  const { threshold, size, seed, tamperBroadcast = (each) => [each], tamperShare = (each) => [each] } = options;
  const members = Array.from({ length: size }, (_, i) => i + 1);
  const sessions = members.map((member) =>
    startDkg({ member, threshold, size, random: seededRandom(`${seed}/${member}`) }),
  );
  const broadcasts = sessions.map((session) => session.broadcast);
  const dealt = sessions.flatMap((session, i) => [
    ...session.deal(broadcasts.flatMap((each) => (each.member === i + 1 ? [each] : tamperBroadcast(each, i + 1)))),
  ]);
  const delivered = dealt.flatMap((share) => tamperShare(share).map((each) => ({ each, to: share.to })));
  return sessions.map((session: DkgSession, i) =>
    session.finish(delivered.filter(({ to }) => to === i + 1).map(({ each }) => each)),
  );
}
