import { expect } from "chai";
import type { BaseContract } from "ethers";
import { deploy, networkHelpers } from "../chain.ts";

/** `HeadDouble.sol`. */
interface HeadDouble extends BaseContract {
  read(head: bigint): Promise<readonly [string, bigint, bigint, bigint]>;
  has(head: bigint, flag: bigint): Promise<boolean>;
  withFlags(head: bigint, added: bigint): Promise<bigint>;
  withoutFlags(head: bigint, removed: bigint): Promise<bigint>;
  withController(head: bigint, next: string, floor: bigint): Promise<bigint>;
  withNextGeneration(head: bigint, floor: bigint): Promise<bigint>;
}

const deployDouble = () => deploy<HeadDouble>("HeadDouble");
const load = () => networkHelpers.loadFixture(deployDouble);

const [alice, bob] = [`0x${"a1".repeat(20)}`, `0x${"b2".repeat(20)}`] as const;
const [floor, generation, flags] = [0xfe_dcba_9876n, 0xabcd_ef01n, 0x81_8181n];
const head = (flags << 232n) | (generation << 200n) | (floor << 160n) | BigInt(alice);
const latest = 2n ** 40n - 1n;

describe("PatientHead", () => {
  const fieldsOf = async (double: HeadDouble, word: bigint) => {
    const [controller, ...rest] = await double.read(word);
    return [controller.toLowerCase(), ...rest];
  };

  it("holds controller, floor, generation and flags, each in its place", async () => {
    expect(await fieldsOf(await load(), head)).to.deep.equal([alice, floor, generation, flags]);
  });

  it("adds and takes flags, and leaves the rest", async () => {
    const double = await load();
    const more = await double.withFlags(head, 0x81_0002n);
    expect(await fieldsOf(double, more)).to.deep.equal([alice, floor, generation, 0x81_8183n]);
    const less = await double.withoutFlags(more, 0x80_0102n);
    expect(await fieldsOf(double, less)).to.deep.equal([alice, floor, generation, 0x01_8081n]);
    expect([await double.has(head, 0x80_0002n), await double.has(head, 2n)]).to.deep.equal([true, false]);
  });

  it("takes another controller with a later floor, and never an earlier one", async () => {
    const double = await load();
    for (const [given, kept] of [
      [latest, latest],
      [floor + 1n, floor + 1n],
      [floor, floor],
      [floor - 1n, floor],
      [0n, floor],
    ] as const) {
      const next = await double.withController(head, bob, given);
      expect(await fieldsOf(double, next)).to.deep.equal([bob, kept, generation, flags]);
    }
  });

  it("counts generations, and wraps after the last", async () => {
    const double = await load();
    const next = await double.withNextGeneration(head, latest);
    expect(await fieldsOf(double, next)).to.deep.equal([alice, latest, generation + 1n, flags]);
    const last = head | (0xffff_ffffn << 200n);
    expect(await fieldsOf(double, await double.withNextGeneration(last, floor))).to.deep.equal([
      alice,
      floor,
      0n,
      flags,
    ]);
  });
});
