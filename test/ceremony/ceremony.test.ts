import { expect } from "chai";
import { toHex } from "../../sdk/src/core/bytes.ts";
import type { Committee } from "../../sdk/src/stewards/index.ts";
import { opens, planOf, run, sealed, wireBetween } from "./ceremony-world.ts";
import { type SimulatedChain, simulatedChain } from "./simulated-chain.ts";
import { type SimulatedSteward, simulatedSteward } from "./simulated-steward.ts";

describe("ceremony", () => {
  let chain: SimulatedChain;
  let stewards: readonly SimulatedSteward[];

  before(async () => {
    chain = simulatedChain();
    stewards = await Promise.all(["ann", "bo", "cy", "di", "ed"].map((name) => simulatedSteward(name, chain)));
  });
  after(async () => {
    for (const steward of stewards) await steward.close();
  });

  it("founds a key among three, then hands it to five, and what was sealed before opens after", async () => {
    const three = stewards.slice(0, 3);
    const [ann] = stewards as [SimulatedSteward];
    const plan = planOf(chain, three, 2);
    for (const { peer } of three) await peer?.approve(plan);
    let from = performance.now();
    const { publication } = await run(chain, plan, ann, wireBetween(three));
    console.log("found", performance.now() - from);
    const first = publication?.committee as Committee;
    const record = await sealed(first.groupKey);
    expect(await opens(record, first, three.slice(1))).to.equal(true);

    const next = planOf(chain, stewards, 3, first);
    for (const { peer } of stewards) await peer?.approve(next);
    from = performance.now();
    const second = (await run(chain, next, ann, wireBetween(stewards))).publication?.committee as Committee;
    console.log("reshare", performance.now() - from);
    expect([second.keyId, second.groupKey, second.epoch]).to.deep.equal([first.keyId, first.groupKey, 2]);
    expect(await opens(record, second, stewards.slice(2))).to.equal(true);
    for (const { folder } of stewards) expect(await folder.shares()).to.deep.equal([{ keyId: first.keyId, epoch: 2 }]);
    expect(toHex(stewards[0]!.folder.signing.publicKey)).to.equal(ann.card.signingKey);
  });
});
