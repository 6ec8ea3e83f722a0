import { expect } from "chai";
import fc from "fast-check";
import { toHex } from "../../../../sdk/src/core/bytes.ts";
import {
  appendLeaves,
  emptyFrontier,
  emptyLogRoot,
  frontierNodes,
  frontierRoot,
  isConsistent,
  isIncluded,
  logLeafHash,
  logRoot,
  proveConsistency,
  proveInclusion,
} from "../../../../sdk/src/crypto/index.ts";
import { grownLog, leafOf, leavesOf, naiveRoot } from "../../../support/merkle-log.ts";
import { properties } from "../../../support/properties.ts";
import { rejection } from "../../../support/rejection.ts";

const sizes = fc.integer({ min: 1, max: 70 });

/** A byte string with one bit turned. */
const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 7 ? byte ^ 4 : byte));

describe("merkle log", () => {
  it("hashes leaves as RFC 9162 does, and knows the root of nothing", () => {
    expect(logLeafHash(Buffer.from("a leaf"))).to.deep.equal(leafOf("a leaf"));
    expect(emptyLogRoot).to.deep.equal(naiveRoot([]));
    expect(frontierRoot(emptyFrontier)).to.deep.equal(emptyLogRoot);
  });

  it("has the root of the tree built anew at every size, in any pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 8 }), (pieces) => {
        const leaves = leavesOf(
          "piece",
          pieces.reduce((sum, piece) => sum + piece, 0),
        );
        let frontier = emptyFrontier;
        for (const piece of pieces) {
          frontier = appendLeaves(frontier, leaves.slice(frontier.size, frontier.size + piece)).frontier;
          expect(toHex(frontierRoot(frontier))).to.equal(toHex(naiveRoot(leaves.slice(0, frontier.size))));
          expect(frontier.subtrees).to.have.length(frontierNodes(frontier.size).length);
        }
      }),
      properties(0x9162, 50),
    );
  });

  it("keeps one subtree for each bit of its size, and completes fewer than two nodes a leaf", () => {
    const { frontier, completed } = appendLeaves(emptyFrontier, leavesOf("many", 1_000));
    expect(frontier.subtrees).to.have.length(6);
    expect(completed).to.have.length(1_994);
  });

  it("proves every leaf of every size, and no other leaf, index, size, root or longer path", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, chosen, other) => {
        const leaves = leavesOf("leaf", 71);
        const { read } = grownLog(leaves);
        const index = chosen % size;
        const [root, path] = [await logRoot(read, size), await proveInclusion(read, index, size)];
        const claim = { root, size, leaf: leaves[index] as Uint8Array, index, path };
        expect(root).to.deep.equal(naiveRoot(leaves.slice(0, size)));
        expect(isIncluded(claim)).to.equal(true);
        const wrong = [
          { ...claim, leaf: leaves[(index + 1 + (other % 70)) % 71] as Uint8Array },
          { ...claim, leaf: flipped(claim.leaf) },
          { ...claim, root: flipped(root) },
          { ...claim, index: size },
          { ...claim, index: -1 },
          { ...claim, index: index + 0.5 },
          { ...claim, path: [...path, root] },
          { ...claim, path: [root, ...path] },
          ...path.map((_, i) => ({ ...claim, path: path.with(i, flipped(path[i] as Uint8Array)) })),
          ...path.map((_, i) => ({ ...claim, path: path.toSpliced(i, 1) })),
          ...(size === 1 ? [] : [{ ...claim, index: (index + 1) % size }]),
        ];
        for (const each of wrong) expect(isIncluded(each), JSON.stringify(each)).to.equal(false);
      }),
      properties(0x9163, 60),
    );
  });

  it("proves that every size continues every earlier one, and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (one, another) => {
        const [size, laterSize] = [Math.min(one, another), Math.max(one, another)];
        const leaves = leavesOf("leaf", 70);
        const { read } = grownLog(leaves);
        const [root, laterRoot] = [await logRoot(read, size), await logRoot(read, laterSize)];
        const path = await proveConsistency(read, size, laterSize);
        const claim = { root, size, laterRoot, laterSize, path };
        expect(isConsistent(claim)).to.equal(true);
        const wrong = [
          { ...claim, root: flipped(root) },
          { ...claim, laterRoot: flipped(laterRoot) },
          { ...claim, path: [...path, root] },
          ...path.map((_, i) => ({ ...claim, path: path.with(i, flipped(path[i] as Uint8Array)) })),
          ...path.map((_, i) => ({ ...claim, path: path.toSpliced(i, 1) })),
          ...(size === laterSize
            ? []
            : [{ ...claim, size: laterSize, laterSize: size, root: laterRoot, laterRoot: root }]),
          { ...claim, size: 0 },
        ];
        for (const each of wrong) expect(isConsistent(each), JSON.stringify(each)).to.equal(false);
      }),
      properties(0x9164, 60),
    );
  });

  it("reads each node of a proof once, and few", async () => {
    const { read } = grownLog(leavesOf("leaf", 1_000));
    const asked: string[] = [];
    await proveInclusion(
      (nodes) => {
        asked.push(...nodes.map(({ level, place }) => `${level}/${place}`));
        return read(nodes);
      },
      999,
      1_000,
    );
    expect(asked).to.have.length(new Set(asked).size);
    expect(asked.length).to.be.within(5, 20);
  });

  it("refuses to prove what is not in the log", async () => {
    const { read } = grownLog(leavesOf("leaf", 5));
    for (const [index, size] of [
      [5, 5],
      [-1, 5],
      [0, 0],
    ] as const) {
      const { code, details } = await rejection(proveInclusion(read, index, size));
      expect({ code, details }).to.deep.equal({ code: "LOG_RANGE_INVALID", details: { index, size } });
    }
    for (const [size, laterSize] of [
      [0, 5],
      [5, 4],
    ] as const) {
      const { code, details } = await rejection(proveConsistency(read, size, laterSize));
      expect({ code, details }).to.deep.equal({ code: "LOG_RANGE_INVALID", details: { size, laterSize } });
    }
  });
});

describe("attacks on a merkle log", () => {
  const leaves = leavesOf("honest", 7);
  const { read } = grownLog(leaves);

  it("does not take a node for a leaf (second preimage)", async () => {
    const root = await logRoot(read, 4);
    const [left, right] = await read([
      { level: 1, place: 0 },
      { level: 1, place: 1 },
    ]);
    // The two inner nodes as the leaves of a tree of two: the very same root, were leaves hashed as nodes are.
    const inner = { root, size: 2, leaf: left as Uint8Array, index: 0, path: [right as Uint8Array] };
    expect(isIncluded(inner)).to.equal(true);
    // A leaf hash is given, so the claim above is arithmetic. No data hashes to that node, whatever stands for it:
    const data = Buffer.concat([leaves[0] as Uint8Array, leaves[1] as Uint8Array]);
    expect(isIncluded({ ...inner, leaf: logLeafHash(data) })).to.equal(false);
    // and against the size that was anchored with the root, not even the arithmetic holds.
    expect(isIncluded({ ...inner, size: 4 })).to.equal(false);
    expect(
      isIncluded({ ...inner, size: 4, leaf: leaves[0] as Uint8Array, path: await proveInclusion(read, 0, 4) }),
    ).to.equal(true);
  });

  it("does not take a doubled last leaf for a longer log", async () => {
    const doubled = [...leaves, leaves[6] as Uint8Array];
    expect(naiveRoot(doubled)).not.to.deep.equal(naiveRoot(leaves));
    const path = await proveInclusion(grownLog(doubled).read, 7, 8);
    const claim = { root: naiveRoot(doubled), size: 8, leaf: leaves[6] as Uint8Array, index: 7, path };
    expect(isIncluded(claim)).to.equal(true);
    expect(isIncluded({ ...claim, root: naiveRoot(leaves) })).to.equal(false);
    expect(isIncluded({ ...claim, root: naiveRoot(leaves), size: 7, index: 6 })).to.equal(false);
  });

  it("does not take a proof for another size", async () => {
    const path = await proveInclusion(read, 2, 7);
    const claim = { root: await logRoot(read, 7), size: 7, leaf: leaves[2] as Uint8Array, index: 2, path };
    expect(isIncluded(claim)).to.equal(true);
    for (const size of [3, 4, 9, 16]) expect(isIncluded({ ...claim, size }), `${size}`).to.equal(false);
  });

  it("shows a split view: no later root continues both", async () => {
    const other = [...leaves.slice(0, 4), leafOf("another fifth"), ...leaves.slice(5)];
    const split = grownLog(other);
    const later = { laterRoot: await logRoot(read, 7), laterSize: 7, path: await proveConsistency(read, 5, 7) };
    expect(isConsistent({ root: await logRoot(read, 5), size: 5, ...later })).to.equal(true);
    expect(isConsistent({ root: await logRoot(split.read, 5), size: 5, ...later })).to.equal(false);
    const path = await proveConsistency(split.read, 5, 7);
    expect(isConsistent({ root: await logRoot(split.read, 5), size: 5, ...later, path })).to.equal(false);
  });
});
