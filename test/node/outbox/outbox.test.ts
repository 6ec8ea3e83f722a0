import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { OpenOutbox } from "../../../node/src/outbox/open-outbox.ts";
import { type ChainWriter, createChainWriter, httpJsonRpc } from "../../../node/src/steward/index.ts";
import { fromHex, type Hex } from "../../../sdk/src/core/bytes.ts";
import { isIncluded } from "../../../sdk/src/crypto/index.ts";
import { rejection } from "../../support/rejection.ts";
import { type Author, authorsOn, type LocalChain, localChain, outboxOn } from "./outbox-world.ts";
import { itemOf, recordOf } from "./workload.ts";

describe("Outbox", function () {
  this.timeout(120_000);
  let chain: LocalChain;
  let authors: Author[];
  let directory: string;
  let opened: OpenOutbox[];

  before(async () => {
    chain = await localChain();
  });
  beforeEach(async () => {
    authors = await authorsOn(chain, 2);
    directory = mkdtempSync(join(tmpdir(), "anamnesis-outbox-"));
    opened = [];
  });
  afterEach(async () => {
    await chain.rpc("evm_setAutomine", [true]);
    for (const outbox of opened) await outbox.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const path = () => join(directory, "outbox.sqlite");
  const opening = (changes: Parameters<typeof outboxOn>[2] = {}, who: readonly Author[] = authors) => {
    const outbox = outboxOn(chain, who, { path: path(), ...changes });
    opened.push(outbox);
    return outbox;
  };
  const items = (author: number, from: number, to: number, run = 1) =>
    Array.from({ length: to - from }, (_, i) => itemOf(run, author, (authors[author] as Author).owner, from + i));
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    const giveUpAt = Date.now() + 60_000;
    while (!(await isSo())) {
      if (Date.now() > giveUpAt) throw new Error("it does not happen");
      await delay(20);
    }
  };
  const settled = (outbox: OpenOutbox) =>
    until(() => outbox.states().every(({ accepted, anchored, underWay }) => anchored === accepted && underWay === 0));

  async function headsOf(owner: Hex): Promise<{ readonly size: number; readonly root: Hex; readonly block: number }[]> {
    const address = chain.deployment.contracts.logRegistry;
    const filter = { address, topics: [null, owner], fromBlock: "0x0", toBlock: "latest" };
    const logs = (await chain.rpc("eth_getLogs", [filter])) as { topics: Hex[]; data: Hex; blockNumber: Hex }[];
    return logs.map((log) => ({ size: Number(log.topics[2]), root: log.data, block: Number(log.blockNumber) }));
  }

  it("gives each record the next place of its author, once, and anchors all", async () => {
    const outbox = opening();
    const first = await outbox.accept(items(0, 0, 3));
    const [again, other] = await Promise.all([outbox.accept(items(0, 1, 5)), outbox.accept(items(1, 0, 2))]);
    expect([first, again, other].map((each) => each.map(({ index }) => index))).to.deep.equal([
      ...[
        [0, 1, 2],
        [1, 2, 3, 4],
        [0, 1],
      ],
    ]);
    await settled(outbox);
    expect(outbox.states().map(({ accepted }) => accepted)).to.deep.equal([5, 2]);
    const heads = await headsOf((authors[0] as Author).owner);
    for (let n = 0; n < 5; n++) {
      const place = await outbox.placeOf(recordOf(1, 0, n));
      const root = heads.find(({ size }) => size === place?.size)?.root as Hex;
      expect(place?.root).to.equal(root);
      expect(isIncluded({ ...place!, root: fromHex(root), leaf: fromHex(recordOf(1, 0, n)) })).to.equal(true);
      expect(isIncluded({ ...place!, root: fromHex(root), leaf: fromHex(recordOf(1, 0, n + 1)) })).to.equal(false);
    }
    expect(await outbox.placeOf(recordOf(1, 0, 5))).to.equal(undefined);
  });

  it("proves every record of a log of more than 256, across kept and hashed subtrees", async () => {
    const outbox = opening({ limits: { batch: 300 } });
    await outbox.accept(items(0, 0, 700));
    await settled(outbox);
    const roots = new Map((await headsOf((authors[0] as Author).owner)).map(({ size, root }) => [size, root]));
    let proven = 0;
    for (let n = 0; n < 700; n++) {
      const place = await outbox.placeOf(recordOf(1, 0, n));
      const root = fromHex(roots.get(place!.size) as Hex);
      if (isIncluded({ ...place!, root, leaf: fromHex(recordOf(1, 0, n)) })) proven++;
    }
    expect([proven, roots.size]).to.deep.equal([700, 3]);
  });

  it("has many transactions under way, settled in one block", async () => {
    const outbox = opening({ limits: { batch: 10 } });
    await chain.rpc("evm_setAutomine", [false]);
    await outbox.accept(items(0, 0, 80));
    await until(() => (outbox.states()[0]?.underWay ?? 0) >= 8);
    await chain.rpc("evm_mine");
    await settled(outbox);
    const heads = await headsOf((authors[0] as Author).owner);
    expect(heads.map(({ size }) => size)).to.deep.equal([10, 20, 30, 40, 50, 60, 70, 80]);
    // A block's state has the last of its heads: what proofs against its header need.
    const last = heads.filter(({ block }) => block === heads[0]?.block).at(-1)?.size;
    expect((await outbox.placeOf(recordOf(1, 0, 0)))?.size).to.equal(last);
  });

  it("replaces a transaction that is stuck by one that pays more, and anchors its head once", async () => {
    const sent: string[] = [];
    const writer = createChainWriter(httpJsonRpc(chain.url));
    // Offers next to nothing at first, as if the base fee had risen since.
    const stingy: ChainWriter = {
      ...writer,
      prices: async () => (sent.length === 0 ? { maxFeePerGas: 10n, maxPriorityFeePerGas: 0n } : writer.prices()),
      send: async (raw) => {
        sent.push(raw);
        await writer.send(raw);
      },
    };
    await chain.rpc("evm_setAutomine", [false]);
    const outbox = opening({ writer: stingy, limits: { stuckAfter: 200 } });
    await outbox.accept(items(0, 0, 5));
    await until(() => new Set(sent).size >= 2);
    await chain.rpc("evm_mine");
    await until(async () => {
      await chain.rpc("evm_mine");
      return outbox.states()[0]?.anchored === 5;
    });
    expect((await headsOf((authors[0] as Author).owner)).map(({ size }) => size)).to.deep.equal([5]);
    expect(outbox.states()[0]).to.include({ accepted: 5, anchored: 5, underWay: 0 });
  });

  it("makes a head anew where another transaction of the account took its place", async () => {
    const [author] = authors as [Author];
    await chain.rpc("evm_setAutomine", [false]);
    const writer = createChainWriter(httpJsonRpc(chain.url));
    let silent = true;
    const outbox = opening({
      writer: { ...writer, send: async (raw) => (silent ? undefined : writer.send(raw)) },
    });
    await outbox.accept(items(0, 0, 4));
    await until(() => outbox.states()[0]?.underWay === 1);
    const nonce = await writer.nextNonce(author.account.address as Hex);
    const other = await author.account.signTransaction({
      ...{ type: 2, chainId: 31_337, nonce, to: author.account.address, gasLimit: 21_000n },
      ...(await writer.prices()),
    });
    await writer.send(other as Hex);
    await chain.rpc("evm_setAutomine", [true]);
    await chain.rpc("evm_mine");
    silent = false;
    await settled(outbox);
    expect((await headsOf(author.owner)).map(({ size }) => size)).to.deep.equal([4]);
  });

  it("goes on where it was closed, with what was signed and never sent", async () => {
    const writer = createChainWriter(httpJsonRpc(chain.url));
    const silent = opening({ writer: { ...writer, send: async () => undefined } });
    await silent.accept(items(0, 0, 7));
    await until(() => silent.states()[0]?.underWay === 1);
    await silent.close();
    expect(await headsOf((authors[0] as Author).owner)).to.deep.equal([]);
    const outbox = opening();
    await settled(outbox);
    expect((await headsOf((authors[0] as Author).owner)).map(({ size }) => size)).to.deep.equal([7]);
    expect((await outbox.accept(items(0, 7, 8)))[0]?.index).to.equal(7);
  });

  it("lets nobody in beyond what may wait, and again once there is room", async () => {
    await chain.rpc("evm_setAutomine", [false]);
    const outbox = opening({ limits: { waiting: 20, inFlight: 1, batch: 10, patience: 100 } });
    await outbox.accept(items(0, 0, 10));
    await until(() => outbox.states()[0]?.underWay === 1);
    await outbox.accept(items(0, 10, 30));
    expect(await rejection(outbox.accept(items(0, 30, 31)))).to.deep.include({ code: "OUTBOX_FULL" });
    expect((await outbox.accept(items(1, 0, 1)))[0]?.index).to.equal(0);
    await chain.rpc("evm_setAutomine", [true]);
    await chain.rpc("evm_mine");
    await settled(outbox);
    expect((await outbox.accept(items(0, 30, 31)))[0]?.index).to.equal(30);
  });

  it("stops where the chain has more of the log than its file, or another log", async () => {
    const [author] = authors as [Author];
    const codes = (): { readonly heard: string[]; readonly onFault: (error: unknown) => void } => {
      const heard: string[] = [];
      return { heard, onFault: (error) => void heard.push((error as { code: string }).code) };
    };
    const writer = createChainWriter(httpJsonRpc(chain.url));
    const [another, older] = [codes(), codes()];
    // Has signed a head of its own, which never got there.
    const silent = { ...writer, send: async () => undefined };
    const second = opening({ path: join(directory, "another"), writer: silent, ...another }, [author]);
    await second.accept(items(0, 0, 9, 2));
    await until(() => second.states()[0]?.underWay === 1);

    const outbox = opening({}, [author]);
    await outbox.accept(items(0, 0, 5));
    await settled(outbox);
    const third = opening({ path: join(directory, "older"), ...older }, [author]);
    for (const [stopped, { heard }, code] of [
      [second, another, "OUTBOX_LOG_DIFFERS"],
      [third, older, "OUTBOX_LOG_BEHIND"],
    ] as const) {
      await until(() => heard.length > 0);
      expect(heard[0]).to.equal(code);
      expect((await rejection(stopped.accept(items(0, 10, 11, 2)))).code).to.equal(code);
    }
    expect((await outbox.accept(items(0, 5, 6)))[0]?.index).to.equal(5);
    await settled(outbox);
    expect((await headsOf(author.owner)).map(({ size }) => size)).to.deep.equal([5, 6]);
  });

  it("writes for its own authors alone, with accounts that are theirs", async () => {
    const [first, second] = authors as [Author, Author];
    const outbox = opening({}, [first]);
    const foreign = { ...itemOf(1, 0, first.owner, 0), author: second.owner };
    expect((await rejection(outbox.accept([itemOf(1, 0, first.owner, 0), foreign]))).code).to.equal(
      "OUTBOX_AUTHOR_UNKNOWN",
    );
    expect(outbox.states()[0]?.accepted).to.equal(0);
    const faults: string[] = [];
    const wrong = opening(
      { path: join(directory, "wrong"), onFault: (error) => void faults.push((error as { code: string }).code) },
      [{ owner: first.owner, account: second.account }],
    );
    await wrong.accept([itemOf(1, 0, first.owner, 0)]);
    await until(() => faults.includes("OUTBOX_ACCOUNT_FOREIGN"));
    expect(await headsOf(first.owner)).to.deep.equal([]);
  });

  it("takes nothing once it is closed", async () => {
    const outbox = outboxOn(chain, authors, { path: path() });
    await outbox.close();
    expect((await rejection(outbox.accept(items(0, 0, 1)))).code).to.equal("OUTBOX_CLOSED");
  });
});
