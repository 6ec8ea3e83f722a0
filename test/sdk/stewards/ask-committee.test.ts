import { expect } from "chai";
import type { AbortOptions } from "../../../sdk/src/core/abort.ts";
import { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import { askUntil } from "../../../sdk/src/stewards/ask-committee.ts";
import { hedgeDelay, noteAnswer } from "../../../sdk/src/stewards/hedge-delay.ts";
import {
  isValid,
  type StewardMember,
  type StewardsClient,
  type StewardTransport,
} from "../../../sdk/src/stewards/index.ts";

const transport = (): StewardTransport => ({
  request: () => Promise.reject(new AnamnesisError("STEWARD_UNREACHABLE")),
});

function clientOf(size: number, threshold: number, changes: Partial<StewardsClient> = {}): StewardsClient {
  const members = Array.from({ length: size }, (_, index) => ({ index }) as StewardMember);
  const committee = { threshold, members } as unknown as StewardsClient["committee"];
  return { committee, chainId: 1, gate: "0x00", transport: transport(), ...changes };
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Steward `index` is slow, fails, or answers at once; who was asked is kept, with the moment. */
function stewards(behaviour: (place: number) => "answers" | "fails" | "hangs" | "is busy") {
  const asked: { readonly at: number; readonly signal: AbortSignal | undefined }[] = [];
  const startedAt = performance.now();
  const ask = async (_: StewardMember, { signal }: AbortOptions): Promise<number> => {
    const place = asked.length;
    asked.push({ at: performance.now() - startedAt, signal });
    switch (behaviour(place)) {
      case "answers":
        return place;
      case "fails":
        throw new AnamnesisError("STEWARD_UNREACHABLE", { steward: place });
      case "is busy":
        throw new AnamnesisError("STEWARD_REFUSED", { steward: place, reason: "STEWARD_BUSY" });
      case "hangs":
        await new Promise((resolve) => signal?.addEventListener("abort", resolve, { once: true }));
        throw new AnamnesisError("OPERATION_ABORTED");
    }
  };
  return { asked, ask };
}

const enough = (threshold: number) => (outcomes: readonly Parameters<typeof isValid>[0][]) =>
  outcomes.filter(isValid).length >= threshold;

describe("Asking a committee", () => {
  it("asks no more than the threshold while answers come in time", async () => {
    const { asked, ask } = stewards(() => "answers");
    expect(await askUntil(clientOf(7, 4, { hedgeAfter: 200 }), ask, enough(4))).to.have.length(4);
    await wait(250);
    expect(asked).to.have.length(4);
  });

  it("asks one more after each delay while one is slow, and tells the slow one to stop once there are enough", async () => {
    const { asked, ask } = stewards((place) => (place === 0 || place === 4 ? "hangs" : "answers"));
    const outcomes = await askUntil(clientOf(7, 4, { hedgeAfter: 100 }), ask, enough(4));
    expect(outcomes.filter(isValid)).to.have.length(4);
    expect(asked).to.have.length(6);
    expect(asked[4]!.at).to.be.within(90, 900);
    expect(asked[5]!.at - asked[4]!.at).to.be.within(90, 900);
    expect(asked[0]!.signal?.aborted).to.equal(true);
    await wait(150);
    expect(asked).to.have.length(6);
  });

  it("asks all others at once when one fails", async () => {
    const { asked, ask } = stewards((place) => (place === 1 ? "fails" : "answers"));
    const outcomes = await askUntil(clientOf(7, 4, { hedgeAfter: 10_000 }), ask, enough(4));
    expect(outcomes.filter(isValid)).to.have.length(4);
    expect(asked).to.have.length(7);
    expect(asked[6]!.at).to.be.below(1_000);
  });

  it("asks who was too busy a second time, and not a third", async () => {
    const twice = stewards((place) => (place < 3 ? "is busy" : "answers"));
    const outcomes = await askUntil(clientOf(3, 2, { hedgeAfter: 10_000 }), twice.ask, enough(2));
    expect(outcomes.filter(isValid)).to.have.length(2);
    expect(twice.asked.length).to.be.within(5, 6);
    const never = stewards(() => "is busy");
    const busy = await askUntil(clientOf(3, 2, { hedgeAfter: 10_000 }), never.ask, enough(2));
    expect(busy.map(({ verdict }) => verdict.reason)).to.deep.equal(Array(3).fill("STEWARD_BUSY"));
    expect(never.asked).to.have.length(6);
  });

  it("ends when all have spoken, without waiting for the delay", async () => {
    const { asked, ask } = stewards((place) => (place < 2 ? "answers" : "fails"));
    const startedAt = performance.now();
    const outcomes = await askUntil(clientOf(3, 3, { hedgeAfter: 10_000 }), ask, enough(3));
    expect(outcomes).to.have.length(3);
    expect(outcomes.filter(isValid)).to.have.length(2);
    expect(asked).to.have.length(3);
    expect(performance.now() - startedAt).to.be.below(5_000);
  });

  it("passes an abort of the whole on to everybody asked", async () => {
    const { asked, ask } = stewards(() => "hangs");
    const stop = new AbortController();
    const asking = askUntil(clientOf(3, 2, { hedgeAfter: 10_000 }), ask, enough(2), { signal: stop.signal }).then(
      () => "ended",
      (error: AnamnesisError) => error.code,
    );
    await wait(20);
    stop.abort();
    expect(await asking).to.equal("OPERATION_ABORTED");
    expect(asked.map(({ signal }) => signal?.aborted)).to.deep.equal([true, true]);
  });

  describe("the delay", () => {
    it("is what 95 in 100 of the last answers took, within bounds, once enough is known", () => {
      const client = clientOf(3, 2);
      expect(hedgeDelay(client)).to.equal(500);
      for (let i = 1; i <= 7; i++) noteAnswer(client, 200);
      expect(hedgeDelay(client)).to.equal(500);
      noteAnswer(client, 300);
      expect(hedgeDelay(client)).to.equal(300);
      for (let i = 0; i < 64; i++) noteAnswer(client, 100);
      noteAnswer(client, 9_000);
      expect(hedgeDelay(client)).to.equal(100);
      for (let i = 0; i < 64; i++) noteAnswer(client, 1);
      expect(hedgeDelay(client)).to.equal(50);
      for (let i = 0; i < 64; i++) noteAnswer(client, 9_000);
      expect(hedgeDelay(client)).to.equal(1_500);
    });

    it("is learnt for each way to the stewards by itself, and may be fixed", () => {
      const slow = clientOf(3, 2);
      for (let i = 0; i < 64; i++) noteAnswer(slow, 1_000);
      expect(hedgeDelay(slow)).to.equal(1_000);
      expect(hedgeDelay(clientOf(3, 2))).to.equal(500);
      expect(hedgeDelay({ ...slow, hedgeAfter: 7 })).to.equal(7);
    });
  });
});
