import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { acceptedLosses, complaints } from "../../../bench/gas/check.ts";
import type { Result, Row } from "../../../bench/report/row.ts";

const root = resolve(fileURLToPath(new URL("../../..", import.meta.url)));
const result = JSON.parse(readFileSync(join(root, "bench/results/gas.json"), "utf8")) as Result;
const snapshot = JSON.parse(readFileSync(join(root, "bench/gas/snapshot.json"), "utf8")) as Record<string, number>;

/** The committed rows, with one of them changed. */
const doctored = (id: string, change: Partial<Row>): readonly Row[] =>
  result.rows.map((row) => (row.id === id ? { ...row, ...change } : row));

const exitCodeOf = (rows: readonly Row[]): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), "anamnesis-gas-"));
  const file = join(folder, "rows.json");
  writeFileSync(file, JSON.stringify({ ...result, rows }));
  return new Promise((done) => {
    const command = ["bench/gas/main.ts", "--check", "--from", file];
    execFile(process.execPath, command, { cwd: root }, (error) => {
      rmSync(folder, { recursive: true });
      done(typeof error?.code === "number" ? error.code : 0);
    });
  });
};

describe("Gas check", () => {
  it("accepts what was measured", async () => {
    expect(complaints(result.rows, snapshot)).to.deep.equal([]);
    expect(await exitCodeOf(result.rows)).to.equal(0);
  });

  it("goes red when a verb costs more than its target", async () => {
    const rows = doctored("open-session", { ratio: 1.151 });
    expect(complaints(rows, snapshot)).to.have.length(1);
    expect(await exitCodeOf(rows)).to.equal(1);
  });

  it("goes red when a number differs from the snapshot", () => {
    expect(complaints(doctored("revoke", { value: (snapshot["revoke"] ?? 0) + 65 }), snapshot)).to.have.length(1);
    expect(complaints(doctored("revoke", { value: (snapshot["revoke"] ?? 0) - 65 }), snapshot)).to.have.length(1);
    expect(complaints(doctored("revoke", { value: (snapshot["revoke"] ?? 0) + 12 }), snapshot)).to.deep.equal([]);
  });

  it("goes red when a contract grows past its size", () => {
    expect(complaints(doctored("size-accessGate", { value: 22_529 }), snapshot)).to.have.length(1);
  });

  it("goes red when cost grows with the number of grants", () => {
    expect(complaints(doctored("growth-revoke-1000", { ratio: 1.0001 }), snapshot)).to.have.length(1);
  });

  it("prints each accepted loss as missed, and goes red when it grows or is over", () => {
    expect(Object.keys(acceptedLosses)).not.to.be.empty;
    for (const [id, { most, decision }] of Object.entries(acceptedLosses)) {
      expect(result.rows.find((row) => row.id === id)?.met, id).to.equal(false);
      expect(complaints(doctored(id, { ratio: most + 0.001 }), snapshot), id).to.have.length(1);
      expect(complaints(doctored(id, { ratio: 0.1 }), snapshot), id).to.have.length(1);
      expect(globSync(`docs/decisions/${decision}-*.md`, { cwd: root }), id).to.have.length(1);
    }
  });

  it("stands beside every peer, and says what is different", () => {
    const peers = result.rows.filter(({ id }) => id.includes("-beside-"));
    for (const peer of ["eas", "eas-packed", "roles", "naive-1", "naive-100"]) {
      expect(
        peers.filter(({ id }) => id.endsWith(`-beside-${peer}`)),
        peer,
      ).not.to.be.empty;
    }
    expect(peers.filter(({ note = "" }) => note === "")).to.deep.equal([]);
  });

  it("holds every verb that the protocol promises to keep cheap", () => {
    const targeted = result.rows
      .filter(({ target, unit }) => target !== undefined && unit === "gas")
      .map(({ id }) => id);
    expect(targeted).to.include.members([
      "grant",
      "revoke",
      "anchor",
      "anchor-own",
      "open-session",
      "open-session-stated",
    ]);
  });
});
