import { expect } from "chai";
import { asCompleted } from "../../../sdk/src/core/as-completed.ts";

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function* of<T>(items: readonly T[], seen: { given: number; returned?: boolean } = { given: 0 }) {
  try {
    for (const item of items) {
      seen.given += 1;
      yield item;
    }
  } finally {
    seen.returned = true;
  }
}

describe("Tasks in the order in which they end", () => {
  it("gives every result once, the quick ones first", async () => {
    const tasks = [60, 5, 30, 1].map((milliseconds) => () => wait(milliseconds).then(() => milliseconds));
    const results: number[] = [];
    for await (const result of asCompleted(of(tasks), 4)) results.push(result);
    expect(results).to.deep.equal([1, 5, 30, 60]);
  });

  it("runs no more at once than it may, takes no task early, and waits for none that could run", async () => {
    let running = 0;
    let most = 0;
    const seen = { given: 0 };
    const tasks = Array.from({ length: 20 }, () => async () => {
      most = Math.max(most, ++running);
      await wait(5);
      running -= 1;
    });
    let ended = 0;
    for await (const _ of asCompleted(of(tasks, seen), 3)) {
      ended += 1;
      expect(seen.given - ended).to.be.at.most(3);
    }
    expect([ended, most]).to.deep.equal([20, 3]);
  });

  it("gives what has ended while the next task is long in coming", async () => {
    async function* slowly() {
      yield async () => "first";
      await wait(300);
      yield async () => "second";
    }
    const startedAt = performance.now();
    for await (const result of asCompleted(slowly(), 4)) {
      if (result === "first") expect(performance.now() - startedAt).to.be.below(200);
    }
    expect(performance.now() - startedAt).to.be.at.least(290);
  });

  it("throws the first failure, of a task or of their source", async () => {
    const failing = [async () => 1, () => Promise.reject(new RangeError("second"))];
    const error = await (async () => {
      for await (const _ of asCompleted(of(failing), 1));
    })().catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(RangeError);
    async function* broken() {
      yield async () => 1;
      throw new TypeError("source");
    }
    const results: number[] = [];
    const broke = await (async () => {
      for await (const result of asCompleted(broken(), 1)) results.push(result);
    })().catch((cause: unknown) => cause);
    expect(broke).to.be.instanceOf(TypeError);
    expect(results).to.deep.equal([1]);
  });

  it("ends its source when whoever reads has had enough", async () => {
    const seen: { given: number; returned?: boolean } = { given: 0 };
    const tasks = Array.from({ length: 20 }, (_, i) => async () => i);
    for await (const _ of asCompleted(of(tasks, seen), 2)) break;
    await wait(10);
    expect(seen.returned).to.equal(true);
    expect(seen.given).to.be.below(5);
  });
});
