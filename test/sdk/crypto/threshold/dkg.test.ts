import { ristretto255 } from "@noble/curves/ed25519.js";
import { expect } from "chai";
import { toHex } from "../../../../sdk/src/core/bytes.ts";
import { type DkgBroadcast, type DkgShare, keyIdOf, sha256, startDkg } from "../../../../sdk/src/crypto/index.ts";
import { scalars } from "../../../../sdk/src/crypto/threshold/group.ts";
import { refusal } from "../refusal.ts";
import { type CeremonyOptions, ceremony } from "./ceremony.ts";

const { Point } = ristretto255;
const three: CeremonyOptions = { threshold: 3, size: 4, seed: "dkg" };
const flip = (bytes: Uint8Array, at = 0) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

async function aborts(options: Partial<CeremonyOptions>, details: { member: number; round: number; reason: string }) {
  const error = await refusal(() => ceremony({ ...three, ...options }), "CRYPTO_DKG_ABORTED");
  expect(error.details).to.deep.equal(details);
}

describe("DKG", () => {
  it("gives all members one group key, and each its own share of it", () => {
    const results = ceremony(three);
    const [first] = results as [(typeof results)[0]];
    expect(first.keyId).to.equal(toHex(sha256(first.groupKey)));
    expect(first.keyId).to.equal(keyIdOf(first.groupKey));
    for (const [i, result] of results.entries()) {
      expect(result.member).to.equal(i + 1);
      expect(result.threshold).to.equal(3);
      expect(toHex(result.groupKey)).to.equal(toHex(first.groupKey));
      expect(result.verifyingShares.map(toHex)).to.deep.equal(first.verifyingShares.map(toHex));
      expect(toHex(result.transcriptHash)).to.equal(toHex(first.transcriptHash));
      const own = Point.BASE.multiply(scalars.fromBytes(result.share)).toBytes();
      expect(toHex(own)).to.equal(toHex(first.verifyingShares[i] as Uint8Array));
    }
    expect(new Set(results.map(({ share }) => toHex(share))).size).to.equal(4);
  });

  it("gives another key each time", () => {
    const keys = ["a", "b", "c"].map((seed) => ceremony({ ...three, seed })[0]?.keyId);
    expect(new Set(keys).size).to.equal(3);
  });

  it("takes every size with a majority threshold of at least two, and no other", async () => {
    for (const [threshold, size] of [
      [2, 2],
      [2, 3],
      [3, 3],
      [4, 5],
    ] as const) {
      expect(ceremony({ threshold, size, seed: "sizes" })).to.have.length(size);
    }
    const wrong = [
      [1, 1],
      [1, 2],
      [2, 4],
      [3, 2],
      [0, 3],
      [129, 256],
      [1.5, 2],
    ] as const;
    for (const [threshold, size] of wrong) {
      const error = await refusal(() => startDkg({ member: 1, threshold, size }), "CRYPTO_INVALID_PARAMETERS");
      expect(error.details).to.deep.equal({ member: 1, threshold, size });
    }
    for (const member of [0, 4, -1, 1.5]) {
      await refusal(() => startDkg({ member, threshold: 2, size: 3 }), "CRYPTO_INVALID_PARAMETERS");
    }
  });

  describe("names the member whose broadcast is", () => {
    const only = (member: number, change: (each: DkgBroadcast) => readonly DkgBroadcast[]) => (each: DkgBroadcast) =>
      each.member === member ? change(each) : [each];

    it("missing", () => aborts({ tamperBroadcast: only(3, () => []) }, { member: 3, round: 2, reason: "missing" }));

    it("sent twice", () =>
      aborts({ tamperBroadcast: only(2, (each) => [each, each]) }, { member: 2, round: 2, reason: "sent twice" }));

    it("of nobody in the committee", () =>
      aborts(
        { tamperBroadcast: only(2, (each) => [{ ...each, member: 5 }]) },
        { member: 5, round: 2, reason: "not a member" },
      ));

    const wrong = "wrong proof or commitment";
    for (const liar of [2, 3, 4]) {
      it(`wrongly proved (member ${liar})`, () =>
        aborts(
          { tamperBroadcast: only(liar, (each) => [{ ...each, proof: flip(each.proof, 40) }]) },
          { member: liar, round: 2, reason: wrong },
        ));
    }

    it("without one commitment, or with one that is no point", async () => {
      const cut = only(4, (each) => [{ ...each, commitment: each.commitment.slice(1) }]);
      await aborts({ tamperBroadcast: cut }, { member: 4, round: 2, reason: wrong });
      const zero = only(4, (each) => [{ ...each, commitment: [...each.commitment.slice(0, 2), new Uint8Array(32)] }]);
      await aborts({ tamperBroadcast: zero }, { member: 4, round: 2, reason: wrong });
    });

    it("copied from another member, to cancel or double its part", async () => {
      const copied = ceremonyBroadcast(3);
      const copy = only(4, () => [{ ...copied, member: 4 }]);
      await aborts({ tamperBroadcast: copy }, { member: 4, round: 2, reason: wrong });
    });

    it("one's own, spoken by somebody else", () => {
      const forged = only(2, (each) => [{ ...each, member: 1 }]);
      return aborts({ tamperBroadcast: forged }, { member: 1, round: 2, reason: "spoken for this member" });
    });
  });

  describe("names the member whose share is", () => {
    const only = (from: number, to: number, change: (each: DkgShare) => readonly DkgShare[]) => (each: DkgShare) =>
      each.from === from && each.to === to ? change(each) : [each];

    it("missing", () => aborts({ tamperShare: only(3, 2, () => []) }, { member: 3, round: 3, reason: "missing" }));

    it("wrong in one bit, too short, or above the order", async () => {
      const changes = [
        (each: Uint8Array) => flip(each),
        (each: Uint8Array) => each.slice(1),
        () => new Uint8Array(32).fill(255),
      ];
      for (const change of changes) {
        const tamperShare = only(4, 2, (each) => [{ ...each, share: change(each.share) }]);
        await aborts({ tamperShare }, { member: 4, round: 3, reason: "wrong share" });
      }
    });

    it("meant for another member", () =>
      aborts(
        { tamperShare: only(1, 2, (each) => [{ ...each, to: 3 }]) },
        { member: 1, round: 3, reason: "misdirected" },
      ));

    it("sent twice", () =>
      aborts({ tamperShare: only(1, 2, (each) => [each, each]) }, { member: 1, round: 3, reason: "sent twice" }));
  });

  it("aborts where a member tells one of them something else than its shares say", async () => {
    const other = ceremonyBroadcast(3, "another attempt");
    const tamperBroadcast = (each: DkgBroadcast, to: number) => (each.member === 3 && to === 1 ? [other] : [each]);
    await aborts({ tamperBroadcast }, { member: 3, round: 3, reason: "wrong share" });
  });

  it("shows consistent equivocation in transcript and key, so that nobody publishes", () => {
    // Member 3 runs a second polynomial for member 1 alone, with shares that fit it.
    const second = startDkg({ member: 3, threshold: 3, size: 4 });
    const seen = new Map<number, DkgBroadcast>();
    const results = ceremony({
      ...three,
      tamperBroadcast: (each, to) => {
        seen.set(each.member, each);
        return each.member === 3 && to === 1 ? [second.broadcast] : [each];
      },
      tamperShare: (share) => {
        if (share.from !== 3 || share.to !== 1) return [share];
        return second.deal([...seen.values()].filter(({ member }) => member !== 3)).filter(({ to }) => to === 1);
      },
    });
    const distinct = (values: readonly string[]) => new Set(values).size;
    expect(distinct(results.map(({ transcriptHash }) => toHex(transcriptHash)))).to.equal(2);
    expect(distinct(results.map(({ keyId }) => keyId))).to.equal(2);
    expect(distinct(results.slice(1).map(({ keyId }) => keyId))).to.equal(1);
  });

  it("accepts a broadcast list that holds one's own", () => {
    const sessions = [1, 2].map((member) => startDkg({ member, threshold: 2, size: 2 }));
    const broadcasts = sessions.map(({ broadcast }) => broadcast);
    const dealt = sessions.flatMap((session) => [...session.deal(broadcasts)]);
    expect(dealt.map(({ from, to }) => [from, to])).to.deep.equal([
      [1, 2],
      [2, 1],
    ]);
    const keys = sessions.map((session, i) => session.finish(dealt.filter(({ to }) => to === i + 1)).keyId);
    expect(keys[0]).to.equal(keys[1]);
  });

  it("runs each round once and in order, and nothing after an abort", async () => {
    const [one, two] = [1, 2].map((member) => startDkg({ member, threshold: 2, size: 2 })) as [
      ReturnType<typeof startDkg>,
      ReturnType<typeof startDkg>,
    ];
    const early = startDkg({ member: 1, threshold: 2, size: 2 });
    expect((await refusal(() => early.finish([]), "CRYPTO_DKG_OUT_OF_ORDER")).details).to.deep.equal({ round: 3 });
    const fromOne = one.deal([two.broadcast]);
    const fromTwo = two.deal([one.broadcast]);
    expect((await refusal(() => one.deal([two.broadcast]), "CRYPTO_DKG_OUT_OF_ORDER")).details).to.deep.equal({
      round: 2,
    });
    await refusal(() => one.finish(fromTwo), "CRYPTO_DKG_OUT_OF_ORDER");
    expect(two.finish(fromOne).groupKey).to.have.length(32);
    await refusal(() => two.finish(fromOne), "CRYPTO_DKG_OUT_OF_ORDER");
    const aborted = startDkg({ member: 1, threshold: 2, size: 2 });
    await refusal(() => aborted.deal([]), "CRYPTO_DKG_ABORTED");
    await refusal(() => aborted.deal([two.broadcast]), "CRYPTO_DKG_OUT_OF_ORDER");
  });
});

function ceremonyBroadcast(member: number, seed?: string): DkgBroadcast {
  let found: DkgBroadcast | undefined;
  ceremony({
    ...three,
    ...(seed === undefined ? {} : { seed }),
    tamperBroadcast: (each) => {
      if (each.member === member) found = each;
      return [each];
    },
  });
  return found as DkgBroadcast;
}
