import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { inOrder } from "../../../sdk/src/core/in-order.ts";

async function* numbers(count: number, onTaken: (each: number) => void = () => {}) {
  for (let each = 0; each < count; each++) {
    onTaken(each);
    yield each;
  }
}

async function collected<T>(results: AsyncIterable<T>): Promise<{ given: T[]; error: unknown }> {
  const given: T[] = [];
  try {
    for await (const each of results) given.push(each);
  } catch (error) {
    return { given, error };
  }
  return { given, error: undefined };
}

describe("inOrder", () => {
  it("keeps the order whatever ends first, and no more at work than allowed", async () => {
    for (const limit of [1, 2, 4, 50]) {
      let running = 0;
      let most = 0;
      const work = async (each: number) => {
        most = Math.max(most, ++running);
        await delay(each % 3);
        running -= 1;
        return each * 2;
      };
      const { given } = await collected(inOrder(numbers(20), limit, work));
      expect(given).to.deep.equal([...Array(20).keys()].map((each) => each * 2));
      expect(most).to.be.within(Math.min(limit, 2), limit);
    }
  });

  it("gives a result without waiting for more to come", async () => {
    const first = Promise.withResolvers<void>();
    async function* slow() {
      yield 1;
      await first.promise;
      yield 2;
    }
    const results = inOrder(slow(), 4, async (each) => each);
    expect(await results.next()).to.deep.equal({ done: false, value: 1 });
    first.resolve();
    expect(await results.next()).to.deep.equal({ done: false, value: 2 });
    expect((await results.next()).done).to.equal(true);
  });

  it("gives what came before a failure of the work, then the failure, and takes nothing more", async () => {
    const taken: number[] = [];
    const work = async (each: number) => {
      if (each === 3) throw new RangeError("three");
      return each;
    };
    const { given, error } = await collected(
      inOrder(
        numbers(100, (each) => taken.push(each)),
        4,
        work,
      ),
    );
    expect(given).to.deep.equal([0, 1, 2]);
    expect(String(error)).to.include("three");
    expect(taken.length).to.be.lessThan(9);
  });

  it("gives what came before a failure of the source, then the failure", async () => {
    async function* broken() {
      yield* numbers(3);
      throw new RangeError("dry");
    }
    const { given, error } = await collected(inOrder(broken(), 4, (each) => delay(2, each)));
    expect(given).to.deep.equal([0, 1, 2]);
    expect(String(error)).to.include("dry");
  });

  it("ends the source when whoever reads has had enough", async () => {
    let isEnded = false;
    async function* watched() {
      try {
        yield* numbers(100);
      } finally {
        isEnded = true;
      }
    }
    for await (const _ of inOrder(watched(), 2, async (each) => each)) break;
    await delay(1);
    expect(isEnded).to.equal(true);
  });
});
