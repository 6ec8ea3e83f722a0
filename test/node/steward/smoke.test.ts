import { expect } from "chai";
import { listRecords, releaseKeys, uploadEnvelope } from "../../../sdk/src/stewards/index.ts";
import { anchor, consent, createWorld, openSession, revoke, seal, type World } from "./world.ts";

describe("smoke", () => {
  let world: World;
  before(async function () {
    this.timeout(60000);
    world = await createWorld();
  });
  after(() => world.close());
  it("opens", async function () {
    this.timeout(60000);
    await consent(world, world.alice, world.hospital, ["laboratory", "medications"], 3);
    await consent(world, world.alice, world.clinic, ["laboratory"], 1);
    const record = await seal(world, world.alice, ["laboratory"]);
    await anchor(world, record);
    console.log(await uploadEnvelope(world.client, { envelope: record.envelope }));
    const session = await openSession(world, world.alice, ["laboratory"]);
    const listing = await listRecords(world.client, { session });
    expect(listing.records.map((r) => r.recordId)).to.deep.equal([record.recordId]);
    const t = performance.now();
    const released = await releaseKeys(world.client, { session, records: [record.recordId] });
    console.log(performance.now() - t, released);
    await revoke(world, world.alice, world.clinic);
    try {
      await releaseKeys(world.client, { session, records: [record.recordId] });
      expect.fail("opened");
    } catch (e) {
      console.log(e);
    }
  });
});
