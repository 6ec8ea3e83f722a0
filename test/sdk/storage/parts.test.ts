import { expect } from "chai";
import { AnamnesisError, type ErrorCode } from "../../../sdk/src/errors/index.ts";
import { type ContentStore, readAll } from "../../../sdk/src/storage/content-store.ts";
import { withDeadline } from "../../../sdk/src/storage/deadline.ts";
import { withRetry } from "../../../sdk/src/storage/retry.ts";
import { sharedLock } from "../../../sdk/src/storage/shared-lock.ts";
import { storageFailure } from "../../../sdk/src/storage/store-failure.ts";
import { taskPool } from "../../../sdk/src/storage/task-pool.ts";
import { cidOf } from "../../../sdk/src/storage/unixfs.ts";
import { expectCode } from "./content-store.behaviour.ts";

const tick = (ms = 0) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe("readAll", () => {
  /** A store that keeps the first half of its promise. */
  const giving = (...parts: readonly Uint8Array[]): ContentStore => ({
    name: "a store that counts wrongly",
    put: () => Promise.reject(new AnamnesisError("STORAGE_CLOSED")),
    async *get() {
      yield* parts;
    },
    has: async () => true,
    join: () => Promise.reject(new AnamnesisError("STORAGE_CLOSED")),
    remove: async () => {},
    close: async () => {},
  });

  it("refuses a body that ends early or goes on", async () => {
    const { cid } = await cidOf(new Uint8Array(5));
    const cases = [[], [new Uint8Array(4)], [new Uint8Array(5), new Uint8Array(1)], [new Uint8Array(6)]];
    for (const parts of cases) {
      const error = await expectCode(readAll(giving(...parts), cid, { expectedSize: 5 }), "STORAGE_LENGTH_MISMATCH");
      expect(error.details).to.include({ cid: cid.toString(), expected: 5 });
    }
    expect(await readAll(giving(new Uint8Array(2), new Uint8Array(3)), cid, { expectedSize: 5 })).to.have.length(5);
  });

  it("reserves no memory for a size that nobody has", async () => {
    const { cid } = await cidOf(new Uint8Array(5));
    await expectCode(readAll(giving(), cid, { expectedSize: 2 ** 50 }), "STORAGE_LENGTH_MISMATCH");
    await expectCode(readAll(giving(), cid, { expectedSize: -1 }), "STORAGE_INVALID_RANGE");
  });
});

describe("withDeadline", () => {
  const onTimeout = () => new AnamnesisError("STORAGE_TIMEOUT");

  it("ends work that ignores its signal", async () => {
    await expectCode(
      withDeadline(() => new Promise(() => {}), { timeoutMs: 10, onTimeout }),
      "STORAGE_TIMEOUT",
    );
    const signal = AbortSignal.timeout(10);
    const endless = withDeadline(() => new Promise(() => {}), { signal, timeoutMs: 5_000, onTimeout });
    await expectCode(endless, "OPERATION_ABORTED");
  });

  it("counts silence only", async () => {
    const slow = withDeadline(
      async (_signal, extend) => {
        for (let i = 0; i < 6; i++) {
          await tick(15);
          extend();
        }
        return "done";
      },
      { timeoutMs: 60, onTimeout },
    );
    expect(await slow).to.equal("done");
  });

  it("aborts what the work left running", async () => {
    let inner: AbortSignal | undefined;
    await withDeadline(
      async (signal) => {
        inner = signal;
      },
      { timeoutMs: 1_000, onTimeout },
    );
    expect(inner?.aborted).to.equal(true);
  });
});

describe("withRetry", () => {
  const policy = { attempts: 3, firstDelayMs: 1 };
  const failing = (code: ErrorCode) => {
    const state = { tried: 0 };
    return {
      state,
      run: async (): Promise<never> => {
        state.tried += 1;
        throw new AnamnesisError(code);
      },
    };
  };

  it("repeats only what was never answered", async () => {
    const counts: Partial<Record<ErrorCode, number>> = {};
    for (const code of [
      "STORAGE_UNREACHABLE",
      "STORAGE_TIMEOUT",
      "STORAGE_BLOCK_ALTERED",
      "STORAGE_REFUSED",
    ] as const) {
      const { state, run } = failing(code);
      await expectCode(withRetry(run, policy), code);
      counts[code] = state.tried;
    }
    expect(counts).to.deep.equal({
      STORAGE_UNREACHABLE: 3,
      STORAGE_TIMEOUT: 1,
      STORAGE_BLOCK_ALTERED: 1,
      STORAGE_REFUSED: 1,
    });
  });

  it("stops pausing when aborted", async () => {
    const { state, run } = failing("STORAGE_UNREACHABLE");
    const retrying = withRetry(run, { attempts: 3, firstDelayMs: 60_000 }, AbortSignal.timeout(10));
    await expectCode(retrying, "OPERATION_ABORTED");
    expect(state.tried).to.equal(1);
  });
});

describe("sharedLock", () => {
  it("is shared by many and held alone, in the order of asking", async () => {
    const lock = sharedLock();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await tick(5);
      log.push(`${name} ends`);
    };
    await Promise.all([lock.share(work("a")), lock.share(work("b")), lock.hold(work("c")), lock.share(work("d"))]);
    expect(log).to.deep.equal(["a begins", "b begins", "a ends", "b ends", "c begins", "c ends", "d begins", "d ends"]);
    expect(lock.isIdle()).to.equal(true);
  });

  it("is released by work that fails", async () => {
    const lock = sharedLock();
    const fail = async () => {
      throw new AnamnesisError("STORAGE_FAILED");
    };
    await expectCode(lock.hold(fail), "STORAGE_FAILED");
    await expectCode(lock.share(fail), "STORAGE_FAILED");
    expect(await lock.hold(async () => "free")).to.equal("free");
  });
});

describe("taskPool", () => {
  it("runs no more at once than its limit", async () => {
    const pool = taskPool(3);
    let running = 0;
    let most = 0;
    for (let i = 0; i < 10; i++) {
      await pool.add(async () => {
        most = Math.max(most, ++running);
        await tick(1);
        running -= 1;
      });
    }
    await pool.settled();
    expect(most).to.equal(3);
  });

  it("throws the first failure, once nothing runs any more", async () => {
    const pool = taskPool(2);
    let finished = false;
    await pool.add(async () => {
      await tick(1);
      throw new AnamnesisError("STORAGE_FULL");
    });
    await pool.add(async () => {
      await tick(5);
      finished = true;
    });
    await expectCode(pool.settled(), "STORAGE_FULL");
    expect(finished).to.equal(true);
  });
});

describe("storageFailure", () => {
  it("finds the reason wherever a library hid it", async () => {
    const { cid } = await cidOf(new Uint8Array(1));
    const coded = (code: string) => Object.assign(new TypeError("something"), { code });
    const named = (name: string) => Object.assign(new TypeError("Not Found"), { name });
    const http = (status: number, message = "") => Object.assign(new TypeError(message), { response: { status } });
    const cases: readonly (readonly [unknown, ErrorCode])[] = [
      [new TypeError("fetch failed", { cause: coded("ECONNREFUSED") }), "STORAGE_UNREACHABLE"],
      [new TypeError("x", { cause: new AggregateError([coded("ECONNREFUSED")]) }), "STORAGE_UNREACHABLE"],
      [coded("ENOTFOUND"), "STORAGE_UNREACHABLE"],
      [http(503), "STORAGE_UNREACHABLE"],
      [coded("ENOSPC"), "STORAGE_FULL"],
      [new TypeError("PutFailedError: ENOSPC: no space left on device, write"), "STORAGE_FULL"],
      [coded("EACCES"), "STORAGE_REFUSED"],
      [http(403), "STORAGE_REFUSED"],
      [named("NotFoundError"), "STORAGE_BLOCK_MISSING"],
      [coded("ENOENT"), "STORAGE_BLOCK_MISSING"],
      [http(500, "ipld: could not find it"), "STORAGE_BLOCK_MISSING"],
      [http(500, "block in storage has different hash than requested"), "STORAGE_BLOCK_ALTERED"],
      [http(500, "context deadline exceeded"), "STORAGE_TIMEOUT"],
      [http(404, "404 page not found"), "STORAGE_FAILED"],
      [coded("EIO"), "STORAGE_FAILED"],
      ["a string", "STORAGE_FAILED"],
      [undefined, "STORAGE_FAILED"],
    ];
    for (const [thrown, code] of cases) {
      const error = storageFailure(thrown, { store: "a store", cid });
      expect(error.code, String(thrown)).to.equal(code);
      expect(error.details).to.include({ cid: cid.toString(), store: "a store" });
      expect(error.cause).to.equal(thrown);
    }
  });

  it("leaves our own errors as they are", () => {
    const own = new AnamnesisError("OPERATION_ABORTED");
    expect(storageFailure(own, { store: "a store" })).to.equal(own);
  });

  it("repeats no word of the library in what people read", () => {
    const error = storageFailure(new TypeError("token=abc at /home/x"), { store: "a store" });
    expect(error.message).not.to.match(/abc|home/);
  });
});
