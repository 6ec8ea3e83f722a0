import { expect } from "chai";
import { createNonceLane } from "../../../sdk/src/chain/nonce-lane.ts";
import { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import { rejection } from "../../support/rejection.ts";

const later = () => new Promise((resolve) => setTimeout(resolve, 2));

describe("nonce lane", () => {
  it("gives many senders at once one nonce each, in order, and asks the node once", async () => {
    let asked = 0;
    const lane = createNonceLane(async () => {
      asked++;
      return 5;
    });
    const sent: number[] = [];
    const taken = await Promise.all(
      Array.from({ length: 50 }, () =>
        lane.take(async (nonce) => {
          await later();
          sent.push(nonce);
        }),
      ),
    );
    expect(sent).to.deep.equal(Array.from({ length: 50 }, (_, index) => index + 5));
    expect(taken.map(({ nonce }) => nonce)).to.deep.equal(sent);
    expect(asked).to.equal(1);
  });

  it("believes the node again once nothing is in flight", async () => {
    let count = 0;
    const lane = createNonceLane(async () => count);
    const first = await lane.take(async () => undefined);
    const second = await lane.take(async () => undefined);
    expect([first.nonce, second.nonce]).to.deep.equal([0, 1]);
    first.settled();
    first.settled();
    expect((await lane.take(async () => undefined)).nonce).to.equal(2);
    count = 9;
    const third = createNonceLane(async () => count);
    expect((await third.take(async () => undefined)).nonce).to.equal(9);
  });

  it("a failed sending leaves no gap and does not stop those after it", async () => {
    let mined = 3;
    const lane = createNonceLane(async () => mined);
    const ok = () => lane.take(async () => void mined++);
    const failing = lane.take(async () => {
      throw new AnamnesisError("CHAIN_UNREACHABLE");
    });
    const others = [ok(), ok()];
    expect((await rejection(failing)).code).to.equal("CHAIN_UNREACHABLE");
    expect((await Promise.all(others)).map(({ nonce }) => nonce)).to.deep.equal([3, 4]);
  });
});
