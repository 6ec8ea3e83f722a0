import { copyFileSync } from "node:fs";
import { expect } from "chai";
import { keepAnchoring } from "../../../node/src/steward/anchor-log.ts";
import { type ChainWriter, createChainWriter } from "../../../node/src/steward/chain-writer.ts";
import type { StewardStore } from "../../../node/src/stores/steward-store.ts";
import { toHex } from "../../../sdk/src/core/bytes.ts";
import { logLeafHash } from "../../../sdk/src/crypto/index.ts";
import { naiveRoot } from "../../support/merkle-log.ts";
import { rejection } from "../../support/rejection.ts";
import {
  accountOf,
  anchoringOf,
  appendReceipts,
  ethers,
  headsOnChain,
  ownerOf,
  receiptLogOf,
  storeFolder,
} from "./receipt-logs.ts";
import { createWorld, rpc, type World } from "./world.ts";

const rootOf = (receipts: readonly Uint8Array[]): string => toHex(naiveRoot(receipts.map(logLeafHash)));

/** Where a process can end: before and after each thing that outlives it. */
const steps = ["growLog", "putOutgoingHead", "send", "settleHead"] as const;
type Step = (typeof steps)[number];

describe("A steward's log", function () {
  this.timeout(120_000);
  let world: World;
  let stores: ReturnType<typeof storeFolder>;

  beforeEach(async () => {
    world = await createWorld();
    stores = storeFolder();
  });
  afterEach(async () => {
    await stores.remove();
    world.close();
  });

  it("is anchored in heads that only grow, each settled before the next", async () => {
    const store = await stores.open("a");
    const { round } = anchoringOf(world, 0, store);
    expect(await round()).to.equal("nothing");
    const receipts = [...(await appendReceipts(store, 3))];
    expect(await round()).to.equal("sent");
    receipts.push(...(await appendReceipts(store, 2)));
    expect([await round(), await round(), await round(), await round()]).to.deep.equal([
      "anchored",
      "sent",
      "anchored",
      "nothing",
    ]);
    const heads = await headsOnChain(world, ownerOf(world, 0));
    expect(heads.map(({ size, root }) => [size, root])).to.deep.equal([
      [3, rootOf(receipts.slice(0, 3))],
      [5, rootOf(receipts)],
    ]);
    expect(await store.headOver(2)).to.deep.equal(heads[0]);
    expect(await store.headOver(4)).to.deep.equal(heads[1]);
  });

  it("goes on wherever its process ended, and anchors each head once", async () => {
    let ended = 0;
    let receipts: readonly Uint8Array[] = [];
    for (const step of steps) {
      for (const when of ["before", "after"] as const) {
        const name = `${step} ${when}`;
        const file = name.replace(" ", "-");
        const store = await stores.open(file);
        const before = await headsOnChain(world, ownerOf(world, 1));
        const start = before.at(-1)?.size ?? 0;
        // The chain's log of this steward is its receipts of all rounds: they are brought along.
        receipts = [...receipts, ...(await appendAll(store, receipts, 4))];
        expect(await endsAt(store, step, when), name).to.equal(true);
        ended++;
        const again = await stores.open(file);
        const { round } = anchoringOf(world, 1, again);
        for (let i = 0; i < 4; i++) await round();
        const heads = (await headsOnChain(world, ownerOf(world, 1))).slice(before.length);
        expect(
          heads.map(({ size, root }) => [size, root]),
          name,
        ).to.deep.equal([[start + 4, rootOf(receipts)]]);
        expect(await again.outgoingHead(), name).to.equal(undefined);
        expect(await again.headOver(start + 3), name).to.deep.include({ size: start + 4 });
      }
    }
    expect(ended).to.equal(8);
  });

  /** A database with what was there before, and `count` receipts more. */
  async function appendAll(store: StewardStore, known: readonly Uint8Array[], count: number) {
    for (const encoded of known) {
      const id = toHex(logLeafHash(encoded));
      await store.appendReceipt({ receiptId: id, requestHash: id, patient: id as never, encoded });
    }
    return appendReceipts(store, count);
  }

  /** Runs rounds until one ends at this step, as if the process were killed there. */
  async function endsAt(store: StewardStore, step: Step, when: "before" | "after"): Promise<boolean> {
    const writer = createChainWriter(rpc);
    const dying = <Args extends unknown[], T>(name: Step, work: (...args: Args) => Promise<T>) => {
      return async (...args: Args): Promise<T> => {
        if (name === step && when === "before") throw new Error("killed");
        const done = await work(...args);
        if (name === step) throw new Error("killed");
        return done;
      };
    };
    const killed: StewardStore = {
      ...store,
      growLog: dying("growLog", store.growLog),
      putOutgoingHead: dying("putOutgoingHead", store.putOutgoingHead),
      settleHead: dying("settleHead", store.settleHead),
    };
    const mortal: ChainWriter = { ...writer, send: dying("send", writer.send) };
    const { round } = anchoringOf(world, 1, killed, { writer: mortal });
    for (let i = 0; i < 4; i++) {
      try {
        await round();
      } catch (error) {
        return (error as Error).message === "killed";
      }
    }
    return false;
  }

  it("sends the same bytes again until they are final, and no others", async () => {
    const store = await stores.open("b");
    await appendReceipts(store, 2);
    const sent: string[] = [];
    const writer = createChainWriter(rpc);
    const deaf: ChainWriter = {
      ...writer,
      send: async (raw) => {
        sent.push(raw);
      },
    };
    const { round } = anchoringOf(world, 0, store, { writer: deaf });
    expect([await round(), await round()]).to.deep.equal(["sent", "waiting"]);
    await appendReceipts(store, 5);
    expect(await anchoringOf(world, 0, store, { writer: deaf }).round()).to.equal("waiting");
    expect(sent).to.have.length(3);
    expect(new Set(sent).size).to.equal(1);
    expect(await headsOnChain(world, ownerOf(world, 0))).to.deep.equal([]);
    const { round: heard } = anchoringOf(world, 0, store);
    expect([await heard(), await heard(), await heard()]).to.deep.equal(["waiting", "anchored", "sent"]);
    expect((await headsOnChain(world, ownerOf(world, 0))).map(({ size }) => size)).to.deep.equal([2, 7]);
  });

  it("starts a head anew when another transaction took its place", async () => {
    const store = await stores.open("c");
    await appendReceipts(store, 2);
    const deaf = { ...createChainWriter(rpc), send: async () => undefined };
    await anchoringOf(world, 0, store, { writer: deaf }).round();
    await accountOf(0)
      .connect(ethers.provider as never)
      .sendTransaction({ to: accountOf(1).address, value: 1n });
    const { round } = anchoringOf(world, 0, store);
    expect([await round(), await round()]).to.deep.equal(["sent", "anchored"]);
    expect((await headsOnChain(world, ownerOf(world, 0))).map(({ size }) => size)).to.deep.equal([2]);
  });

  it("is not anchored with an account that is no key of the steward's provider", async () => {
    const store = await stores.open("d");
    await appendReceipts(store, 1);
    const { round } = anchoringOf(world, 0, store, { account: accountOf(1) });
    const { code, details } = await rejection(round());
    expect(code).to.equal("STEWARD_ACCOUNT_FOREIGN");
    expect(details).to.deep.equal({ account: accountOf(1).address.toLowerCase(), provider: ownerOf(world, 0) });
    expect(await store.outgoingHead()).to.equal(undefined);
  });

  it("is found shorter than what was anchored once the database is rolled back, and is not anchored again", async () => {
    const store = await stores.open("now");
    await appendReceipts(store, 3);
    const { round } = anchoringOf(world, 2, store);
    for (let i = 0; i < 2; i++) await round();
    await store.close();
    copyFileSync(stores.path("now"), stores.path("old"));
    const newer = await stores.open("now");
    await appendReceipts(newer, 2);
    for (let i = 0; i < 2; i++) await anchoringOf(world, 2, newer).round();
    const kept = receiptLogOf(world, 2, newer);
    expect(kept.readiness).to.deep.equal({ ready: false, reason: "STEWARD_LOG_UNCHECKED" });
    expect(await kept.check()).to.equal(5);
    expect(kept.readiness).to.deep.equal({ ready: true });

    const older = await stores.open("old");
    const rolledBack = receiptLogOf(world, 2, older);
    const behind = await rejection(rolledBack.check());
    expect([behind.code, behind.details]).to.deep.equal(["STEWARD_LOG_BEHIND", { anchored: 5, size: 3 }]);
    expect(rolledBack.readiness).to.deep.equal({ ready: false, reason: "STEWARD_LOG_BEHIND" });
    expect((await rejection(anchoringOf(world, 2, older).round())).code).to.equal("STEWARD_LOG_BEHIND");

    // Other receipts in the place of the lost ones make a log that is long enough, and another.
    await appendReceipts(older, 4);
    const differs = await rejection(rolledBack.check());
    expect([differs.code, differs.details]).to.deep.equal(["STEWARD_LOG_DIFFERS", { anchored: 5 }]);
    expect(rolledBack.readiness).to.deep.equal({ ready: false, reason: "STEWARD_LOG_DIFFERS" });
    expect((await headsOnChain(world, ownerOf(world, 2))).map(({ size }) => size)).to.deep.equal([3, 5]);
  });

  it("is anchored at an interval until told to stop, whatever fails meanwhile", async () => {
    const store = await stores.open("e");
    await appendReceipts(store, 1);
    const faults: unknown[] = [];
    let rounds = 0;
    const anchoring = anchoringOf(world, 0, store);
    const keeper = keepAnchoring({
      anchoring: {
        round: async () => {
          rounds++;
          if (rounds === 1) throw new Error("the node went away");
          return anchoring.round();
        },
      },
      every: 5,
      onFault: (error) => faults.push(error),
    });
    for (let i = 0; i < 200 && (await store.headOver(0)) === undefined; i++)
      await new Promise((done) => setTimeout(done, 10));
    await keeper.stop();
    expect(await store.headOver(0)).to.deep.include({ size: 1 });
    expect(faults.map((fault) => (fault as Error).message)).to.deep.equal(["the node went away"]);
    const after = rounds;
    await new Promise((done) => setTimeout(done, 40));
    expect(rounds).to.equal(after);
  });
});
