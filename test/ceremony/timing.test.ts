import { expect } from "chai";
import { timingRows, welch } from "../../bench/access/timing.ts";
import { Point } from "../../sdk/src/crypto/threshold/group.ts";

const little = (bytes: Uint8Array) => bytes.reduceRight((total, byte) => (total << 8n) | BigInt(byte), 0n);

/** The measurement itself; `npm run bench:access` makes it with enough samples to mean something. */
describe("time of a partial decryption", function () {
  this.timeout(300_000);

  it("is compared by Welch's t", () => {
    // Welch's own example of unequal variances, computed by hand: (10 − 14) / √(4/5 + 10/5).
    const a = [8, 9, 10, 11, 12].map((each) => 10 + (each - 10) * Math.sqrt(4 / 2.5));
    const b = [12, 13, 14, 15, 16].map((each) => 14 + (each - 14) * Math.sqrt(10 / 2.5));
    expect(welch(a, b)).to.be.closeTo(-4 / Math.sqrt(4 / 5 + 10 / 5), 1e-9);
    expect(welch(a, a)).to.equal(0);
  });

  it("would tell of a share that meets the point unblinded", () => {
    const plain = ({ share, U }: { readonly share: Uint8Array; readonly U: Uint8Array }) =>
      Point.fromBytes(U).multiplyUnsafe(little(share));
    const [share] = timingRows(200, plain, ["timing-share"]);
    expect(share?.value).to.be.greaterThan(4.5);
    expect(share?.met).to.equal(false);
  });
});
