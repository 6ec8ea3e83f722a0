import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";

const root = resolve(import.meta.dirname, "..", "..");

interface Fault {
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly test: string;
  readonly runs: number;
  /** What the test says then. */
  readonly says: string;
}

/** Mistakes that a tired engineer could make, and what must notice them. */
const faults: readonly Fault[] = [
  {
    what: "a member that skips the check of the constant commitment",
    file: "sdk/src/crypto/threshold/reshare.ts",
    find: 'if (!equalBytes(commitment[0] as Uint8Array, published)) throw aborted(member, 1, "not its published share");',
    replace: "void published;",
    test: "liars",
    runs: 2,
    says: "an honest steward was named by an honest one|no end|liars named|CRYPTO_RESHARE_KEY_CHANGED",
  },
  {
    what: "a steward that reuses an attempt's polynomial",
    file: "node/src/ceremony/step-open.ts",
    find: "seed: randomBytes(32),",
    replace: "seed: new Uint8Array(Buffer.alloc(32, turn.planHash)),",
    test: "kills",
    runs: 1,
    says: "polynomials used twice",
  },
  {
    what: "a steward that destroys its share before the next epoch is there",
    file: "node/src/ceremony/settle.ts",
    find: "if (latest <= share.epoch) continue;",
    replace: "if (latest < share.epoch) continue;",
    test: "kills",
    runs: 1,
    says: "share after the founding",
  },
  {
    what: "a steward that speaks before it remembers",
    file: "node/src/ceremony/peer.ts",
    find: "if (outcome.state) await saveState(secrets, request.plan, outcome.state);",
    replace:
      "if (outcome.state) setTimeout(() => saveState(secrets, request.plan, outcome.state as CeremonyState), 5);",
    test: "kills",
    runs: 8,
    says: "no end|AssertionError",
  },
];

/** A copy of all that the simulations need, with the libraries where they are. */
function copyTo(folder: string): void {
  for (const path of [
    "sdk",
    "node",
    "test/ceremony",
    "test/support",
    "package.json",
    "tsconfig.json",
    "tsconfig.base.json",
  ]) {
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      filter: (source) => !/\/(node_modules|dist|artifacts)$/.test(source),
    });
  }
  const libraries = join(folder, "node_modules");
  mkdirSync(join(libraries, "@anamnesis"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@anamnesis") symlinkSync(join(root, "node_modules", name), join(libraries, name));
  }
  for (const name of ["sdk", "node"]) symlinkSync(join(folder, name), join(libraries, "@anamnesis", name));
}

function run(
  folder: string,
  test: string,
  runs: number,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((done, fail) => {
    const file = `test/ceremony/${test}.test.ts`;
    const child = spawn("mocha", ["--extension", "ts", "--timeout", "0", "--full-trace", file], {
      cwd: folder,
      env: { ...process.env, ANAMNESIS_CEREMONY_RUNS: String(runs), NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", fail);
    child.on("close", (code) => done({ code, output: Buffer.concat(chunks).toString("utf8") }));
  });
}

describe("the simulated ceremonies, over stewards with a fault", function () {
  this.timeout(20 * 60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "anamnesis-planted-"));
    copyTo(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const test of ["kills", "liars"]) {
    it(`pass without one: ${test}`, async () => {
      const { code, output } = await run(folder, test, 2);
      expect(code, output.slice(-3000)).to.equal(0);
      expect(output).to.include("1 passing");
    });
  }

  for (const { what, file, find, replace, test, runs, says } of faults) {
    it(`go red over ${what}`, async () => {
      const path = join(folder, file);
      const text = readFileSync(path, "utf8");
      expect(text.split(find), `${find} in ${file}`).to.have.length(2);
      writeFileSync(path, text.replace(find, replace));
      try {
        const { code, output } = await run(folder, test, runs);
        expect(code, output.slice(-3000)).to.equal(1);
        expect(output).to.match(new RegExp(says)).and.to.include("1 failing");
      } finally {
        writeFileSync(path, text);
      }
    });
  }
});
