import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createChainReader, httpJsonRpc, type JsonRpc } from "../../../node/src/steward/index.ts";
import type { Alarm } from "../../../node/src/witness/alarms.ts";
import type { WitnessNode } from "../../../node/src/witness/chain-events.ts";
import { openCheckpoint, originOf } from "../../../node/src/witness/checkpoint.ts";
import type { LogSource } from "../../../node/src/witness/follow-logs.ts";
import { outboxLogs } from "../../../node/src/witness/sources.ts";
import { createWitness, type WitnessParameters } from "../../../node/src/witness/witness.ts";
import { openWitnessStore, type WitnessStore } from "../../../node/src/witness/witness-store.ts";
import { type Hex, toHex } from "../../../sdk/src/core/bytes.ts";
import { proveConsistency, signingKeyPair } from "../../../sdk/src/crypto/index.ts";
import type { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import { memoryStore } from "../../../sdk/src/storage/memory.ts";
import { startCli } from "../../cli/run-cli.ts";
import { actionsFor } from "../../support/actors.ts";
import { grownLog, leavesOf, naiveRoot } from "../../support/merkle-log.ts";
import { type Author, authorsOn, type LocalChain, localChain, outboxOn } from "../outbox/outbox-world.ts";
import { itemOf } from "../outbox/workload.ts";

describe("Witness", function () {
  this.timeout(180_000);
  let chain: LocalChain;
  let author: Author;
  let store: WitnessStore;
  let fromBlock: number;
  const keys = signingKeyPair(new Uint8Array(32).fill(7));

  /** A node over HTTP, with answers that a test replaces. */
  function nodeCalled(
    name: string,
    change: (method: string, params: readonly unknown[], answer: unknown) => unknown,
  ): WitnessNode {
    const honest = httpJsonRpc(chain.url);
    const rpc: JsonRpc = async (method, params) => change(method, params, await honest(method, params));
    const finality = { kind: "instant" } as const;
    const { contracts } = chain.deployment;
    return { name, rpc, reader: createChainReader({ name, rpc, contracts, finality, fromBlock: 0 }) };
  }
  const honest = (name: string) => nodeCalled(name, (_, __, answer) => answer);

  /** A log whose heads are put on the chain as they are given, true or not. */
  function logOf(leaves: readonly Uint8Array[]): { readonly source: LogSource; anchor(size: number): Promise<void> } {
    const { read } = grownLog(leaves);
    return {
      source: async (owner, { size, laterSize }) =>
        owner === author.owner ? proveConsistency(read, size, laterSize) : undefined,
      async anchor(size) {
        const { client } = await actionsFor(chain, author.account);
        const sent = await client.contracts.logRegistry
          .connect(author.account.connect(client.nodes[0].provider))
          .anchorLog(toHex(naiveRoot(leaves.slice(0, size))), size);
        await sent.wait();
      },
    };
  }

  const witness = (changes: Partial<WitnessParameters> = {}) =>
    createWitness({
      ...{
        name: "watch",
        keys,
        store,
        network: { name: "test", chainId: 31_337 },
        contracts: chain.deployment.contracts,
      },
      ...{ fromBlock, nodes: [honest("one"), honest("two")], sources: [] },
      clock: { now: () => 1_000 * time, elapsed: () => performance.now() },
      ...changes,
    });
  let time = 1_763_700_000;
  const kinds = (alarms: readonly { readonly alarm: Alarm }[]) => alarms.map(({ alarm }) => alarm.kind);

  before(async () => {
    chain = await localChain();
  });
  beforeEach(async () => {
    [author] = (await authorsOn(chain, 1)) as [Author];
    store = openWitnessStore(":memory:");
    // Other tests' logs are on the same chain.
    fromBlock = Number(await chain.rpc("eth_blockNumber")) + 1;
  });
  afterEach(() => store.close());

  it("follows logs, cosigns their heads, and is quiet where all is well", async () => {
    const log = logOf(leavesOf("well", 20));
    const { round } = witness({ sources: [log.source] });
    await log.anchor(5);
    const first = await round();
    for (const size of [6, 13, 20]) await log.anchor(size);
    const second = await round();
    expect([first.alarms, second.alarms, first.faults, second.faults]).to.deep.equal([[], [], [], []]);
    expect(second.checked.heads).to.equal(3);
    expect(second.checked.registers).to.be.greaterThan(0);
    const mine = second.logs.find(({ owner }) => owner === author.owner);
    expect(mine).to.deep.include({ size: 20, root: toHex(naiveRoot(leavesOf("well", 20))) });
    const { logRegistry } = chain.deployment.contracts;
    const opened = openCheckpoint(mine!.note, { name: "watch", publicKey: keys.publicKey });
    const origin = originOf({ chainId: 31_337, logRegistry, owner: author.owner });
    expect(opened).to.deep.equal({ origin, size: 20, root: mine!.root, name: "watch", time });
  });

  it("follows the log of an outbox, which shows itself that it goes on", async () => {
    const outbox = outboxOn(chain, [author], { limits: { batch: 10 } });
    const { round } = witness({ sources: [outboxLogs(outbox)] });
    for (const from of [0, 30, 60]) {
      await outbox.accept(Array.from({ length: 30 }, (_, i) => itemOf(3, 0, author.owner, from + i)));
      while (outbox.states()[0]?.anchored !== from + 30) await new Promise((resolve) => setTimeout(resolve, 20));
      expect((await round()).alarms).to.deep.equal([]);
    }
    expect(store.log(author.owner)?.size).to.equal(90);
    await outbox.close();
  });

  it("cries out where a log was rewritten, once", async () => {
    const [log, another] = [logOf(leavesOf("one history", 9)), logOf(leavesOf("another history", 9))];
    await log.anchor(4);
    const { round } = witness({ sources: [another.source] });
    expect((await round()).alarms).to.deep.equal([]);
    await another.anchor(9);
    const { alarms } = await round();
    expect(kinds(alarms)).to.deep.equal(["log-rewritten"]);
    expect(alarms[0]?.alarm).to.deep.include({ owner: author.owner, size: 4, laterSize: 9 });
    expect(kinds((await round()).alarms)).to.deep.equal(["log-rewritten"]);
    // What was cosigned before stands; the new head is not.
    expect(store.log(author.owner)?.size).to.equal(4);
  });

  it("names an owner who does not show in time that its log went on", async () => {
    const log = logOf(leavesOf("silent", 9));
    await log.anchor(4);
    const quiet = witness({ limits: { patience: 60 } });
    await quiet.round();
    await log.anchor(9);
    expect((await quiet.round()).alarms).to.deep.equal([]);
    time += 61;
    expect(kinds((await quiet.round()).alarms)).to.deep.equal(["log-unproven"]);
    expect(
      (await witness({ sources: [log.source] }).round()).logs.find(({ owner }) => owner === author.owner)?.size,
    ).to.equal(9);
  });

  it("cries out where the chain no longer holds a head that it cosigned", async () => {
    const log = logOf(leavesOf("taken back", 5));
    await log.anchor(5);
    expect((await witness().round()).alarms).to.deep.equal([]);
    const root = toHex(naiveRoot(leavesOf("taken back", 5)));
    const forgetful = nodeCalled("one", (method, _, answer) =>
      method === "eth_getLogs" ? (answer as { data: Hex }[]).filter(({ data }) => data !== root) : answer,
    );
    const { alarms } = await witness({ nodes: [forgetful] }).round();
    expect(alarms.map(({ alarm }) => alarm)).to.deep.include({
      ...{ kind: "log-rewritten", owner: author.owner, size: 5, root, laterSize: 5, laterRoot: `0x${"0".repeat(64)}` },
    });
  });

  describe("with two nodes", () => {
    it("cries out where one leaves an event out, and names the block", async () => {
      const log = logOf(leavesOf("left out", 5));
      await log.anchor(5);
      const root = toHex(naiveRoot(leavesOf("left out", 5)));
      let block = 0;
      const silent = nodeCalled("two", (method, _, answer) => {
        if (method !== "eth_getLogs") return answer;
        const logs = answer as { data: Hex; blockNumber: Hex }[];
        block = Number(logs.find(({ data }) => data === root)?.blockNumber);
        return logs.filter(({ data }) => data !== root);
      });
      const { alarms, block: upTo } = await witness({ nodes: [honest("one"), silent] }).round();
      expect(alarms.map(({ alarm }) => alarm)).to.deep.equal([{ kind: "split-view", block, nodes: ["one", "two"] }]);
      expect(upTo).to.equal(block - 1);
    });

    it("cries out where they stand on different blocks, and finds the first", async () => {
      await logOf(leavesOf("forked", 5)).anchor(5);
      const head = Number(await chain.rpc("eth_blockNumber"));
      const from = Math.max(fromBlock, head - 2);
      const forked = nodeCalled("two", (method, params, answer) => {
        const block = answer as { number: Hex; hash: Hex } | null;
        if (method !== "eth_getBlockByNumber" || block === null || Number(block.number) < from) return answer;
        return {
          ...block,
          hash: `0x${createHash("sha256")
            .update(block.hash + String(params.length))
            .digest("hex")}`,
        };
      });
      const { alarms } = await witness({ nodes: [honest("one"), forked] }).round();
      expect(alarms.map(({ alarm }) => alarm)).to.deep.equal([
        { kind: "split-view", block: from, nodes: ["one", "two"] },
      ]);
    });

    it("cries out where a register says another thing than its events", async () => {
      await logOf(leavesOf("state", 5)).anchor(5);
      const { interface: logs } = (await actionsFor(chain, author.account)).client.contracts.logRegistry;
      const asked = logs.encodeFunctionData("logOf", [author.owner]);
      const lying = nodeCalled("two", (method, params, answer) => {
        const isIt = method === "eth_call" && (params[0] as { data: Hex }).data === asked;
        return isIt ? logs.encodeFunctionResult("logOf", [4, `0x${"11".repeat(26)}`]) : answer;
      });
      const { alarms } = await witness({ nodes: [honest("one"), lying] }).round();
      expect(kinds(alarms)).to.deep.equal(["state-differs"]);
      expect(alarms[0]?.alarm).to.deep.include({ node: "two", what: `the head of the log of ${author.owner}` });
    });

    it("says what it could not look at, and raises nothing for it", async () => {
      const unreachable: WitnessNode = { ...honest("two"), reader: { ...honest("two").reader, head: httpDown } };
      const { faults, alarms } = await witness({ nodes: [honest("one"), unreachable] }).round();
      expect([faults, alarms]).to.deep.equal([["STEWARD_CHAIN_UNAVAILABLE"], []]);
    });
  });

  const httpDown = () => httpJsonRpc("http://127.0.0.1:1", { timeout: 500 })("eth_blockNumber", []) as Promise<never>;

  describe("of the storage", () => {
    const blocks = new Map();
    const content = memoryStore({ blocks });

    it("fetches blocks by chance, and cries out where one is gone or altered", async () => {
      blocks.clear();
      const { cid, size } = await content.put(Uint8Array.from({ length: 600_000 }, (_, i) => (i * i) % 251));
      const bodies = async () => [{ cid, offset: 0, length: size }];
      const sampling = (random: number) =>
        witness({ content, bodies, random: () => random, nodes: [honest("one")] }).round();
      for (const random of [0, 0.4, 0.99]) {
        const { alarms, checked } = await sampling(random);
        expect([alarms, checked.bodies, checked.bytes > 0]).to.deep.equal([[], 1, true]);
      }
      const leaves = [...blocks.keys()].filter((key) => blocks.get(key).length >= 50_000);
      const last = leaves.find((key) => blocks.get(key).length < 262_144);
      const kept = blocks.get(last);
      blocks.set(
        last,
        Uint8Array.from(kept, (byte: number, i: number) => (i === 5 ? byte ^ 1 : byte)),
      );
      expect(kinds((await sampling(0.99)).alarms)).to.deep.equal(["block-altered"]);
      blocks.delete(last);
      expect(kinds((await sampling(0.99)).alarms)).to.deep.equal(["block-altered", "block-missing"]);
      blocks.set(last, kept);
      expect((await sampling(0)).alarms).to.have.length(2);
    });
  });

  it("writes checkpoints that another program's Ed25519 confirms", async () => {
    const log = logOf(leavesOf("checkpoint", 3));
    await log.anchor(3);
    const report = await witness({ nodes: [honest("one")] }).round();
    const { note } = report.logs.find(({ owner }) => owner === author.owner) as { note: string };
    const [text = "", signature = ""] = note.split(/(?<=\n)\n/);
    const [, name, data = ""] = /^— (\S+) (\S+)\n$/.exec(signature) ?? [];
    const bytes = Buffer.from(data, "base64");
    const [hash, seconds, signed] = [bytes.subarray(0, 4), bytes.readBigUInt64BE(4), bytes.subarray(12)];
    const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), keys.publicKey]);
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    const message = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
    expect([
      name,
      verify(null, message, key, signed),
      verify(null, Buffer.concat([message, Buffer.from("x")]), key, signed),
    ]).to.deep.equal(["watch", true, false]);
    const expected = createHash("sha256").update("watch\n").update(Uint8Array.of(4)).update(keys.publicKey).digest();
    expect(hash.equals(expected.subarray(0, 4))).to.equal(true);
    const codes = [note.replace("\n3\n", "\n4\n"), `${note.slice(0, -3)}AA\n`, "", text].map((changed) => {
      try {
        return openCheckpoint(changed, { name: "watch", publicKey: keys.publicKey }).origin;
      } catch (error) {
        return (error as AnamnesisError).code;
      }
    });
    expect(codes).to.deep.equal(Array(4).fill("CHECKPOINT_INVALID"));
  });

  it("is a command that leaves a report to file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "anamnesis-witness-"));
    try {
      const file = join(folder, "deployment.json");
      writeFileSync(file, JSON.stringify(chain.deployment));
      const { code, stdout } = await startCli(["witness", "-d", file, "--folder", join(folder, "watch"), "--once"], {
        seconds: 120,
      }).finished;
      expect([code, stdout.includes("**No alarm.**")]).to.deep.equal([0, true]);
      const report = JSON.parse(readFileSync(join(folder, "watch", "report.json"), "utf8"));
      expect(report).to.deep.include({ format: "anamnesis-witness-report/v1", alarms: [] });
      expect(report.checked.events).to.be.greaterThan(0);
      expect(existsSync(join(folder, "watch", "report.md"))).to.equal(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
