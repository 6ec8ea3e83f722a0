import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import { expect } from "chai";
import type { AccessDecision, StewardNode } from "../../node/src/steward/index.ts";
import { type PlantedStewards, plantedStewards } from "./planted-stewards.ts";
import { type RaceResult, race } from "./race.ts";

const rounds = Number(process.env["ANAMNESIS_RACE_ROUNDS"] ?? 3);

const print = (result: RaceResult): void =>
  void process.stdout.write(
    `      ${Object.entries(result)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}\n`,
  );

/** A steward that decides once and remembers: what caching a permission does to a revocation. */
function forgetful(node: StewardNode): StewardNode {
  const remembered = new Map<string, Promise<AccessDecision>>();
  return {
    ...node,
    decide(session, at) {
      const known = remembered.get(session.sessionId) ?? node.decide(session, at);
      remembered.set(session.sessionId, known);
      return known;
    },
  };
}

describe("Readers who hammer while the patient revokes", function () {
  this.timeout(60_000 + 15_000 * rounds);
  let network: LocalNetwork;

  beforeEach(async () => {
    network = await startLocalNetwork({ headAge: 3 });
  });
  afterEach(() => network.stop());

  it("are never given a key at or after the revoking block", async () => {
    const result = await race(network, { rounds });
    print(result);
    expect(result.openedBefore).to.be.at.least(rounds);
    expect(result.askedAfter).to.be.at.least(rounds);
    expect(result.openedAfter).to.equal(0);
    expect(result.receipts).to.be.at.least(2 * result.openedBefore);
    expect(result.receiptsTooLate).to.equal(0);
    expect(result.receiptsOnOldHead).to.equal(0);
  });

  it("are given keys too late by stewards who remember a permission: the counts can be other than none", async () => {
    let planted: PlantedStewards | undefined;
    const readThrough = async () => {
      await network.stewards.stop();
      planted = await plantedStewards(network, forgetful);
      return planted;
    };
    const onEnd = async () => {
      planted?.close();
      await network.stewards.start();
    };
    const result = await race(network, { rounds: 2, readers: 8, readThrough, onEnd });
    print(result);
    expect(result.openedAfter).to.be.greaterThan(0);
    expect(result.receiptsTooLate).to.be.greaterThan(0);
  });
});
