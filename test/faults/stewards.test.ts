import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import { expect } from "chai";
import { askAlone } from "./ask-alone.ts";
import { judged, print, readings, type Tally } from "./readings.ts";
import { type Roads, roads } from "./roads.ts";
import { prepareStage, type Stage } from "./stage.ts";
import { type TcpProxy, tcpProxy, type Wire } from "./tcp-proxy.ts";

/** Readings under each fault. */
const times = Number(process.env["ANAMNESIS_FAULT_READINGS"] ?? 3);

describe("One of three stewards gone", function () {
  this.timeout(60_000 + 30_000 * times);
  let network: LocalNetwork;
  let stage: Stage;
  let roadsOfDoctor: Roads;
  let chart: Awaited<ReturnType<Stage["chart"]>>;
  const proxies: TcpProxy[] = [];

  before(async () => {
    network = await startLocalNetwork();
    stage = await prepareStage(network);
    for (const endpoint of network.stewards.endpoints) proxies.push(await tcpProxy(endpoint));
    roadsOfDoctor = roads();
    for (const [index, { url }] of proxies.entries()) roadsOfDoctor.divert(index, url);
    chart = await stage.chart({ stewards: roadsOfDoctor });
  });
  after(async () => {
    for (const proxy of proxies) await proxy.close();
    await network?.stop();
  });

  async function read(what: string): Promise<Tally> {
    const tally = await readings(chart, stage.records, times);
    print(what, tally);
    return tally;
  }

  /** Reads before, during and after; during, all open by the others, and after, the victim answers by itself. */
  async function withoutOne(victim: number, what: string, harm: () => unknown, heal: () => unknown): Promise<Tally> {
    const answers = () =>
      askAlone(
        stage,
        chart,
        roadsOfDoctor,
        victim,
        stage.records.map(({ recordId }) => recordId),
      );
    expect((await answers()).released, "before").to.have.length(stage.records.length);
    await harm();
    const asked = roadsOfDoctor.asked(victim);
    let tally: Tally;
    try {
      // Two of three are asked at first: at random, the victim may be the third each time.
      do tally = await read(what);
      while (tally.opened === tally.asked && roadsOfDoctor.asked(victim) === asked);
      expect(tally.opened).to.equal(tally.asked);
      expect(judged(tally, `${victim}: valid`), "valid answers of the victim").to.equal(0);
      expect(judged(tally, `${victim}: lied`), "a fault of the wire, held against the steward").to.equal(0);
    } finally {
      await heal();
    }
    expect((await answers()).released, "after").to.have.length(stage.records.length);
    return tally;
  }

  it("opens everything by three: what follows has a counter-case", async () => {
    const tally = await read("all three");
    expect(tally.opened).to.equal(times);
  });

  it("opens everything while one is dead, and asks it again once it is back", async () => {
    const { stewards } = network;
    const tally = await withoutOne(
      0,
      "dead by SIGKILL",
      () => stewards.kill(0),
      () => stewards.start(0),
    );
    expect(judged(tally, "0: unreachable (STEWARD_UNREACHABLE)")).to.be.greaterThan(0);
  });

  it("opens everything while one hangs by SIGSTOP", async () => {
    const pid = network.stewards.processOf(1) as number;
    const tally = await withoutOne(
      1,
      "stopped by SIGSTOP",
      () => process.kill(pid, "SIGSTOP"),
      () => process.kill(pid, "SIGCONT"),
    );
    expect(tally.slowest, "nobody waits for it to time out").to.be.lessThan(10_000);
  });

  const wires: Readonly<Record<string, Wire>> = {
    "every connection reset": { kind: "reset" },
    "a partition that swallows everything": { kind: "silent" },
    "six seconds late both ways": { kind: "late", milliseconds: 6_000 },
    "every answer cut after 600 bytes": { kind: "cut", after: 600 },
  };
  for (const [position, [what, wire]] of Object.entries(wires).entries()) {
    const victim = position % 3;
    it(`opens everything under ${what}`, async () => {
      const proxy = proxies[victim] as TcpProxy;
      const tally = await withoutOne(
        victim,
        what,
        () => proxy.become(wire),
        () => proxy.become({ kind: "whole" }),
      );
      expect(tally.slowest).to.be.lessThan(10_000);
      expect(proxy.connections).to.be.greaterThan(0);
    });
  }

  it("says who did what where two of three are gone, and opens again once one is back", async () => {
    const [first, second] = proxies as [TcpProxy, TcpProxy, TcpProxy];
    first.become({ kind: "reset" });
    second.become({ kind: "reset" });
    const without = await read("two of three unreachable");
    first.become({ kind: "whole" });
    const { details } = without;
    expect(without.opened).to.equal(0);
    expect(without.refused).to.deep.equal({ STEWARDS_TOO_FEW: times });
    expect(details).to.include({ members: 3, answered: 1, valid: 1, needed: 2 });
    expect(details["verdicts"]).to.deep.equal([
      "0: unreachable (STEWARD_UNREACHABLE)",
      "1: unreachable (STEWARD_UNREACHABLE)",
      "2: valid",
    ]);
    const again = await read("one of them back");
    expect(again.opened).to.equal(times);
    second.become({ kind: "whole" });
  });
});
