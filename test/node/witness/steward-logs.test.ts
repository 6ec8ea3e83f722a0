import { expect } from "chai";
import { stewardLogs, storedBodies } from "../../../node/src/witness/sources.ts";
import { createWitness } from "../../../node/src/witness/witness.ts";
import { openWitnessStore } from "../../../node/src/witness/witness-store.ts";
import { fromHex } from "../../../sdk/src/core/bytes.ts";
import { isConsistent, signingKeyPair } from "../../../sdk/src/crypto/index.ts";
import { fetchLogConsistency, type StewardMember, uploadEnvelope } from "../../../sdk/src/stewards/index.ts";
import { memoryStore } from "../../../sdk/src/storage/memory.ts";
import { rejection } from "../../support/rejection.ts";
import { anchoringOf, appendReceipts, headsOnChain, ownerOf } from "../steward/receipt-logs.ts";
import { anchor, consent, createWorld, rpc, seal, type World } from "../steward/world.ts";

describe("Witness of stewards", function () {
  this.timeout(120_000);
  let world: World;

  before(async () => {
    world = await createWorld();
  });
  after(() => world.close());

  const storeOf = (steward: number) => (world.folders[steward] as World["folders"][number]).store;
  async function anchorAll(steward: number): Promise<void> {
    const { round } = anchoringOf(world, steward, storeOf(steward));
    for (let i = 0; i < 2; i++) await round();
  }

  it("is shown by each steward that its receipts only grow", async () => {
    const store = openWitnessStore(":memory:");
    const { round } = createWitness({
      ...{ name: "watch", keys: signingKeyPair(new Uint8Array(32).fill(9)), store },
      ...{ network: { name: "test", chainId: 31_337 }, contracts: world.contracts.addresses, fromBlock: 0 },
      nodes: [{ name: "edr", rpc, reader: world.node }],
      sources: [stewardLogs(async () => world.client)],
    });
    for (const count of [3, 4, 9]) {
      await appendReceipts(storeOf(0), count);
      await anchorAll(0);
      expect((await round()).alarms).to.deep.equal([]);
    }
    expect(store.log(ownerOf(world, 0))?.size).to.equal(16);
    store.close();
  });

  it("gets paths that prove, and none beyond the log", async () => {
    const heads = await headsOnChain(world, ownerOf(world, 0));
    const [first, , last] = heads as [(typeof heads)[0], (typeof heads)[0], (typeof heads)[0]];
    const member = world.publication.committee.members[0] as StewardMember;
    const ask = (size: number, laterSize: number) => fetchLogConsistency(world.client, { member, size, laterSize });
    const claim = { root: fromHex(first.root), size: 3, laterRoot: fromHex(last.root), laterSize: 16 };
    expect(isConsistent({ ...claim, path: await ask(3, 16) })).to.equal(true);
    expect(isConsistent({ ...claim, path: await ask(2, 16) })).to.equal(false);
    for (const [size, laterSize] of [
      [3, 17],
      [0, 3],
      [4, 3],
    ] as const) {
      const { code, details } = await rejection(ask(size, laterSize));
      expect([code, details["reason"]]).to.deep.equal(["STEWARD_REFUSED", "RECEIPT_NOT_ANCHORED"]);
    }
  });

  it("samples the bodies of what a steward keeps", async () => {
    await consent(world, world.alice, world.hospital, ["laboratory"], 3);
    const storage = memoryStore();
    const cids = new Set<string>();
    for (const text of ["one", "two", "three"]) {
      const record = await seal(world, world.alice, ["laboratory"], text, {
        storeBody: async (body) => (await storage.put(body)).cid,
      });
      await anchor(world, record);
      await uploadEnvelope(world.client, { envelope: record.envelope });
      cids.add(record.envelope.publicPart.body.cid.toString());
    }
    const all = await storedBodies(storeOf(0), () => 0)(10);
    expect(new Set(all.map(({ cid }) => cid.toString()))).to.deep.equal(cids);
    expect(await storedBodies(storeOf(0), () => 0.999)(10)).to.have.length(1);
    expect(await storedBodies(storeOf(1), () => 0.4)(1)).to.have.length(1);
  });
});
