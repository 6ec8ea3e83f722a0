import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import { type Chart, httpTransport } from "@anamnesis/sdk";
import { expect } from "chai";
import { ahead, forked, frozen, remembering } from "./node-words.ts";
import { judged, print, readings, type Tally } from "./readings.ts";
import { type ChainNode, type RpcProxy, rpcProxy, trueNode } from "./rpc-proxy.ts";
import { prepareStage, type Stage } from "./stage.ts";

/** Readings under each fault. */
const times = Number(process.env["ANAMNESIS_FAULT_READINGS"] ?? 3);
/** Seconds that a head may be old here; the machine may be busy. */
const headAge = 8;
/** Milliseconds within which all must open again. */
const HEALED_WITHIN = 60_000;

/** Restarts every steward on these chain nodes. */
async function useNodes({ directory, stewards }: LocalNetwork, nodes: readonly string[]): Promise<void> {
  for (const index of stewards.endpoints.keys()) {
    const file = join(directory, "stewards", String(index + 1), "steward.json");
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), nodes }));
  }
  await stewards.stop();
  await stewards.start();
}

describe("Stewards who read two chain nodes", function () {
  this.timeout(120_000 + 30_000 * times);
  let network: LocalNetwork;
  let stage: Stage;
  let nodes: [RpcProxy, RpcProxy];
  let chart: Chart;

  before(async () => {
    network = await startLocalNetwork({ headAge });
    stage = await prepareStage(network);
    nodes = [await rpcProxy(network.url), await rpcProxy(network.url)];
    await useNodes(
      network,
      nodes.map(({ url }) => url),
    );
    chart = await stage.chart({ stewards: httpTransport() });
  });
  after(async () => {
    for (const node of nodes ?? []) await node.close();
    await network?.stop();
  });

  async function read(what: string, count = times): Promise<Tally> {
    const tally = await readings(chart, stage.records, count);
    print(what, tally);
    return tally;
  }

  async function opensAgain(): Promise<void> {
    const healed = performance.now();
    let tally = await readings(chart, stage.records, 1);
    while (tally.opened === 0 && performance.now() - healed < HEALED_WITHIN) {
      await pause(200);
      tally = await readings(chart, stage.records, 1);
    }
    expect(tally.opened, "opened again").to.equal(1);
    process.stdout.write(`      healed: opened again after ${Math.round(performance.now() - healed)} ms\n`);
  }

  /** Nothing opens while the nodes are as given, for the stewards see no chain they could trust; all opens again afterwards. */
  async function refusesWhile(what: string, fault: ChainNode, which: readonly number[], settle = 0): Promise<void> {
    for (const index of which) (nodes[index] as RpcProxy).become(fault);
    try {
      // A frozen head is frozen from the first question on.
      if (settle > 0) await readings(chart, stage.records, 1);
      await pause(settle);
      // A node that does not answer costs each reading five seconds.
      const tally = await read(what, fault.kind === "mute" ? Math.ceil(times / 3) : times);
      expect(tally.opened).to.equal(0);
      expect(tally.refused).to.deep.equal({ STEWARDS_TOO_FEW: tally.asked });
      const unavailable = [0, 1, 2].map((index) => judged(tally, `${index}: refused (STEWARD_UNAVAILABLE)`));
      expect(unavailable).to.deep.equal([tally.asked, tally.asked, tally.asked]);
      for (const index of which) expect((nodes[index] as RpcProxy).asked).to.be.greaterThan(0);
    } finally {
      for (const node of nodes) node.become(trueNode);
    }
    await opensAgain();
  }

  it("open while both tell the truth: what follows has a counter-case", async () => {
    const tally = await read("two true nodes");
    expect(tally.opened).to.equal(times);
    for (const node of nodes) expect(node.asked).to.be.greaterThan(0);
  });

  const faults: Readonly<Record<string, ChainNode>> = {
    "closes every connection": { kind: "down" },
    "answers nothing": { kind: "mute" },
    "answers what is no JSON": { kind: "babbling" },
    "has a head an hour ahead": { kind: "says", word: ahead(3_600) },
    "has other blocks": { kind: "says", word: forked },
  };
  for (const [what, fault] of Object.entries(faults)) {
    it(`open nothing while one ${what}`, () => refusesWhile(`one node ${what}`, fault, [1]));
  }

  it("open nothing while one stands still for longer than a head may be old", () =>
    refusesWhile("one node stands still", { kind: "says", word: frozen() }, [1], 1_000 * (headAge + 2)));

  it("open nothing while both are gone", () => refusesWhile("both nodes down", { kind: "down" }, [0, 1]));

  /** Readings under a fresh consent while the last node is as given, and after the patient revoked it. */
  async function revokeBefore(what: string, fault: ChainNode, count = times) {
    await stage.grant();
    chart = await stage.chart({ stewards: httpTransport() });
    (nodes.at(-1) as RpcProxy).become(fault);
    const before = await read(`${what}, before the revocation`, count);
    await stage.revoke();
    const after = await read(`${what}, after it`);
    return { before, after };
  }

  it("open nothing once one of them knows of the revocation, whatever the other leaves out", async () => {
    const forgetful = await revokeBefore("a node leaves it out", { kind: "says", word: remembering() });
    expect(forgetful.before.opened).to.equal(times);
    expect(forgetful.after.opened).to.equal(0);
    expect(forgetful.after.refused).to.deep.equal({ SESSION_REFUSED: times });
    expect(forgetful.after.details).to.include({ reason: "CONSENT_ENDED" });

    // One reading, for its head must still be young when the revocation stands on the chain.
    const still = await revokeBefore("a node stands still before it", { kind: "says", word: frozen() }, 1);
    expect(still.before.opened).to.equal(1);
    expect(still.after.opened).to.equal(0);

    for (const node of nodes) node.become(trueNode);
    await stage.grant();
    chart = await stage.chart({ stewards: httpTransport() });
    await opensAgain();
  });

  it("open after a revocation where the node that leaves it out is their only one: the counts can be other than none", async () => {
    await useNodes(network, [nodes[1].url]);
    const { before, after } = await revokeBefore("one lying node alone", { kind: "says", word: remembering() });
    expect(before.opened).to.equal(times);
    expect(after.opened).to.be.greaterThan(0);
  });
});
