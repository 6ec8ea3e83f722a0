import { expect } from "chai";
import { withProject } from "./plant.ts";

interface Lockfile {
  readonly packages: Readonly<Record<string, object>>;
}
interface Machine {
  readonly os: string;
  readonly cpu: string;
  readonly family: string;
}

const load = async <T>(name: string): Promise<T> =>
  import(new URL(`../../scripts/toolchain/${name}.mjs`, import.meta.url).href) as Promise<T>;
const { isAtLeast, ensureNode } = await load<{
  readonly isAtLeast: (version: string, minimum: string) => boolean;
  readonly ensureNode: (
    root: string,
    machine: { running: string; platform: string },
  ) => Promise<{ readonly path: string }>;
}>("node");
const { missingPackages, packagesFor } = await load<{
  readonly missingPackages: (root: string) => readonly string[];
  readonly packagesFor: (lockfile: Lockfile, machine: Machine) => readonly (readonly [string, object])[];
}>("install");
const { explainNpm } = await load<{ readonly explainNpm: (what: string, output: string) => Error }>("failure");
const { sourceKey } = await load<{ readonly sourceKey: (root: string) => string }>("generate");

describe("bootstrap", () => {
  describe("Node", () => {
    it("compares versions by number", () => {
      expect(["24.2.0", "24.21.0", "26.0.0"].map((version) => isAtLeast(version, "24.2"))).to.deep.equal([
        true,
        true,
        true,
      ]);
      expect(["24.1.9", "20.20.2", "9.9.9"].map((version) => isAtLeast(version, "24.2"))).to.deep.equal([
        false,
        false,
        false,
      ]);
    });

    const project = {
      "package.json": '{ "engines": { "node": ">=24.2" } }',
      "scripts/toolchain/node-versions.json": "{}",
    };

    it("takes the running Node where it is new enough", async () => {
      const { path } = await withProject(project, (root) =>
        ensureNode(root, { running: "24.2.0", platform: "linux-x64" }),
      );
      expect(path).to.equal(process.execPath);
    });

    for (const [platform, hint] of [
      ["win32-x64", "WSL"],
      ["linux-riscv64", "install Node 24.2 or newer"],
    ] as const) {
      it(`says what to do on ${platform}`, async () => {
        const message = await withProject(project, (root) =>
          ensureNode(root, { running: "20.0.0", platform }).then(
            () => "accepted",
            (error: Error) => error.message,
          ),
        );
        expect(message).to.include(hint);
      });
    }
  });

  describe("packages", () => {
    const entry = { version: "1.0.0", integrity: "sha512-a" };
    const lockfile = {
      packages: {
        "": {},
        sdk: {},
        "node_modules/plain": entry,
        "node_modules/mac": { ...entry, os: ["darwin"], optional: true },
        "node_modules/arm": { ...entry, os: ["linux"], cpu: ["arm64"], optional: true },
        "node_modules/glibc": { ...entry, os: ["linux"], cpu: ["x64"], libc: ["glibc"], optional: true },
        "node_modules/musl": { ...entry, os: ["linux"], cpu: ["x64"], libc: ["musl"], optional: true },
      },
    };
    const namesOn = (os: string, cpu: string, family: string): readonly string[] =>
      packagesFor(lockfile, { os, cpu, family }).map(([path]) => path.replace("node_modules/", ""));

    it("knows which packages belong on which machine", () => {
      expect(namesOn("linux", "x64", "glibc")).to.deep.equal(["sdk", "plain", "glibc"]);
      expect(namesOn("linux", "x64", "musl")).to.deep.equal(["sdk", "plain", "musl"]);
      expect(namesOn("darwin", "arm64", "musl")).to.deep.equal(["sdk", "plain", "mac"]);
    });

    const native = { ...entry, os: [process.platform], cpu: [process.arch], optional: true };
    const wanted = { packages: { "": {}, "node_modules/plain": entry, "node_modules/native": native } };
    const missing = (installed: object, files: Readonly<Record<string, string>> = {}): Promise<readonly string[]> =>
      withProject(
        {
          "package-lock.json": JSON.stringify(wanted),
          "node_modules/.package-lock.json": JSON.stringify({ packages: installed }),
          "node_modules/plain/package.json": "{}",
          "node_modules/native/package.json": "{}",
          ...files,
        },
        missingPackages,
      );

    it("accepts a complete installation", async () => {
      expect(await missing({ "node_modules/plain": entry, "node_modules/native": native })).to.deep.equal([]);
    });

    it("finds a native package that npm left out without a word", async () => {
      expect(await missing({ "node_modules/plain": entry })).to.deep.equal(["node_modules/native"]);
    });

    it("finds another version and another checksum", async () => {
      const others = {
        "node_modules/plain": { ...entry, version: "1.0.1" },
        "node_modules/native": { ...native, integrity: "sha512-b" },
      };
      expect(await missing(others)).to.deep.equal(["node_modules/plain", "node_modules/native"]);
    });

    it("finds that nothing is installed", async () => {
      expect(await withProject({ "package-lock.json": JSON.stringify(wanted) }, missingPackages)).to.deep.equal([
        "node_modules",
      ]);
    });
  });

  describe("failures of npm", () => {
    for (const [output, hint] of [
      ["npm error code ENOTFOUND", "cannot be reached"],
      ["npm error code ECONNREFUSED", "cannot be reached"],
      ["npm error code EINTEGRITY", "checksum differs"],
      ["npm error code ENOSPC", "disk is full"],
      ["npm error code EUSAGE", "do not agree"],
      ["npm error something new", "something new"],
    ] as const) {
      it(`explains "${output}"`, () => {
        expect(explainNpm("Installing", output).message).to.include(hint);
      });
    }
  });

  describe("generated types", () => {
    const project = {
      "contracts/a/A.sol": "contract A {}",
      "hardhat.config.ts": "",
      "package-lock.json": "{}",
      "scripts/generate-types.ts": "",
    };

    it("are made again when a contract, the configuration or a version changed, and only then", async () => {
      const keyOf = (changes: Readonly<Record<string, string>>): Promise<string> =>
        withProject({ ...project, ...changes }, sourceKey);
      const key = await keyOf({});
      expect(await keyOf({ "README.md": "x" })).to.equal(key);
      const changed = await Promise.all([
        keyOf({ "contracts/a/A.sol": "contract A { }" }),
        keyOf({ "contracts/a/B.sol": "" }),
        keyOf({ "hardhat.config.ts": " " }),
        keyOf({ "package-lock.json": "{ }" }),
      ]);
      expect(new Set([key, ...changed]).size).to.equal(5);
    });
  });
});
