import { expect } from "chai";
import { errorCatalog } from "../../scripts/checks/error-catalog.ts";
import { fileLength } from "../../scripts/checks/file-length.ts";
import { forbiddenSyntax } from "../../scripts/checks/forbidden-syntax.ts";
import { forbiddenText } from "../../scripts/checks/forbidden-text.ts";
import { completeLockfile } from "../../scripts/checks/lockfile.ts";
import { mappingKeys } from "../../scripts/checks/mapping-keys.ts";
import { pinnedVersions } from "../../scripts/checks/pinned-versions.ts";
import { readCatalog, renderErrors } from "../../scripts/errors/render.ts";
import { findingsOf, withProject } from "./plant.ts";

describe("conventions", () => {
  describe("no any, one family of errors", () => {
    it("accepts narrow types, and both words in comments, text and names", async () => {
      const text = 'const company: unknown = "any new Error(";\n// any\nthrow new AnamnesisError("INPUT_INVALID_ID");';
      expect(await findingsOf(forbiddenSyntax, { "sdk/src/core/x.ts": text })).to.deep.equal([]);
    });

    for (const text of [
      "let x: any;",
      "const f = (x: readonly any[]) => x;",
      'throw new Error("no");',
      'throw TypeError("no");',
      "class Mine extends Error {}",
    ]) {
      it(`finds ${text}`, async () => {
        expect(await findingsOf(forbiddenSyntax, { "sdk/src/core/x.ts": text })).to.have.length(1);
        expect(await findingsOf(forbiddenSyntax, { "node/src/x.ts": text })).to.have.length(1);
      });
    }
  });

  describe("nothing left over", () => {
    it("accepts ordinary text", async () => {
      const files = {
        "README.md": "See https://www.npmjs.com/package/ethers and docs/work/plan.md and https://example.org/home/a/b.",
        "sdk/src/x.ts": "registry.connect(alice).register(); const todos = 1;",
        "test/a.test.ts": "describe('x', function () { this.skip(); });",
      };
      expect(await findingsOf(forbiddenText, files)).to.deep.equal([]);
    });

    // Put together from pieces: otherwise the check would find this file.
    const defects: readonly (readonly [what: string, path: string, text: string])[] = [
      ["the path of a machine", "docs/x.md", `see /${"home"}/alice/x`],
      ["the path of a workspace", "scripts/x.ts", `const at = "/${"work"}/main/x";`],
      ["the host of a registry", "docs/x.json", `{ "resolved": "https://${"registry"}.example.org/a.tgz" }`],
      ["unfinished work", "contracts/X.sol", `// ${"TO"}${"DO"}: later`],
      ["a test chosen by hand", "test/x.test.ts", `it.${"only"}("x", () => {});`],
      ["a test left out by hand", "test/x.test.ts", `describe.${"skip"}("x", () => {});`],
      ["a silenced type error", "sdk/src/x.ts", `// @ts-${"ignore"}`],
    ];
    for (const [what, path, text] of defects) {
      it(`finds ${what}`, async () => {
        const findings = await findingsOf(forbiddenText, { [path]: text });
        expect(findings).to.have.length(1);
        expect(findings[0]).to.include(path);
      });
    }

    it("looks into no built or installed file", async () => {
      const text = `// ${"FIX"}${"ME"}`;
      expect(
        await findingsOf(forbiddenText, {
          "node_modules/a/x.ts": text,
          "sdk/dist/x.js": text,
          "sdk/src/generated/x.ts": text,
        }),
      ).to.deep.equal([]);
      expect(await findingsOf(forbiddenText, { "sdk/src/x.ts": text })).to.have.length(1);
    });
  });

  describe("length of files", () => {
    const lines = (count: number): string => "x\n".repeat(count);

    it("fails above the cap and not at it", async () => {
      expect(await findingsOf(fileLength, { "sdk/src/a.ts": lines(300), "contracts/A.sol": lines(300) })).to.deep.equal(
        [],
      );
      expect(
        await findingsOf(fileLength, { "sdk/src/a.ts": lines(301), "contracts/A.sol": lines(301) }),
      ).to.have.length(2);
    });

    it("notes a file above what is usual", async () => {
      const findings = await withProject({ "sdk/src/a.ts": lines(221), "sdk/src/b.ts": lines(220) }, (root) =>
        fileLength.run(root),
      );
      expect(findings.map(({ file, isWarning }) => [file, isWarning])).to.deep.equal([["sdk/src/a.ts", true]]);
    });
  });

  describe("named mapping keys", () => {
    it("tells a named key from an unnamed one", async () => {
      expect(
        await findingsOf(mappingKeys, { "contracts/A.sol": "mapping(bytes32 id => uint256) private _a;" }),
      ).to.deep.equal([]);
      expect(
        await findingsOf(mappingKeys, { "contracts/A.sol": "mapping(bytes32 => uint256) private _a;" }),
      ).to.have.length(1);
    });
  });

  describe("exact versions", () => {
    const manifest = (version: string): string => JSON.stringify({ dependencies: { a: version } });

    it("accepts one exact version", async () => {
      for (const version of ["1.2.3", "1.2.3-rc.1", "npm:other@1.0.0"]) {
        expect(await findingsOf(pinnedVersions, { "sdk/package.json": manifest(version) }), version).to.deep.equal([]);
      }
    });

    for (const version of ["^1.2.3", "~1.2.3", ">=1", "*", "latest", "1.2", "github:a/b", "npm:other@^1.0.0"]) {
      it(`finds ${version}`, async () => {
        expect(await findingsOf(pinnedVersions, { "apps/x/package.json": manifest(version) })).to.have.length(1);
      });
    }
  });

  describe("lockfile and toolchain", () => {
    const sum = `sha512-${"A".repeat(86)}==`;
    const entry = { version: "1.0.0", integrity: sum };
    const platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];
    const native = Object.fromEntries(platforms.map((platform) => [`node_modules/native-${platform}`, entry]));
    const parent = {
      ...entry,
      optionalDependencies: Object.fromEntries(platforms.map((platform) => [`native-${platform}`, "1.0.0"])),
    };
    const project = (changes: object = {}, nodes: object = {}) => ({
      "package.json": JSON.stringify({ engines: { node: ">=24.2" } }),
      "package-lock.json": JSON.stringify({
        lockfileVersion: 3,
        packages: { "": {}, "node_modules/native": parent, ...native, ...changes },
      }),
      "scripts/toolchain/node-versions.json": JSON.stringify({
        ...Object.fromEntries(platforms.map((platform) => [platform, { version: "24.2.0", integrity: sum }])),
        ...nodes,
      }),
    });

    it("accepts a complete one", async () => {
      expect(await findingsOf(completeLockfile, project())).to.deep.equal([]);
    });

    const defects: readonly (readonly [what: string, changes: object, nodes: object])[] = [
      ["a missing native package", { "node_modules/native-darwin-arm64": undefined }, {}],
      ["a package without checksum", { "node_modules/a": { version: "1.0.0" } }, {}],
      ["a nested package without checksum", { "apps/cli/node_modules/a": { version: "1.0.0" } }, {}],
      ["a weak checksum", { "node_modules/a": { version: "1.0.0", integrity: "sha1-x" } }, {}],
      [
        "the host of a registry",
        { "node_modules/a": { ...entry, resolved: "https://packages.example.org/a.tgz" } },
        {},
      ],
      ["an unknown install script", { "node_modules/a": { ...entry, hasInstallScript: true } }, {}],
      ["a Node older than engines", {}, { "linux-x64": { version: "24.1.9", integrity: sum } }],
      ["a Node without checksum", {}, { "linux-x64": { version: "24.2.0", integrity: "sha512-x" } }],
      ["a platform without Node", {}, { "darwin-arm64": undefined }],
    ];
    for (const [what, changes, nodes] of defects) {
      it(`finds ${what}`, async () => {
        expect(await findingsOf(completeLockfile, project(changes, nodes))).to.have.length(1);
      });
    }

    it("reads the lockfile of what measurements compare with as well", async () => {
      const withPeers = (peer: object) => ({
        ...project(),
        "bench/eas/package-lock.json": JSON.stringify({ lockfileVersion: 3, packages: { "node_modules/peer": peer } }),
      });
      expect(await findingsOf(completeLockfile, withPeers(entry))).to.deep.equal([]);
      const resolved = "https://packages.example.org/peer.tgz";
      expect(await findingsOf(completeLockfile, withPeers({ ...entry, resolved }))).to.have.length(1);
    });
  });

  describe("error catalog", () => {
    const project = {
      "sdk/src/errors/catalog/input.ts":
        'export const inputErrors = { INPUT_BAD: { message: "It is bad.", remedy: "Make it | good." } };',
      "sdk/src/errors/catalog.ts":
        'import { inputErrors } from "./catalog/input.ts";\nexport const errorCatalog = { ...inputErrors };',
    };
    const pageOf = (files: typeof project): Promise<string> =>
      withProject(files, async (root) => renderErrors(await readCatalog(root)));

    it("accepts the page that the catalog gives", async () => {
      const page = await pageOf(project);
      expect(page).to.include("| `INPUT_BAD` | It is bad. | Make it \\| good. |");
      expect(await findingsOf(errorCatalog, { ...project, "docs/errors.md": page })).to.deep.equal([]);
    });

    it("finds an old page, and none", async () => {
      const page = await pageOf(project);
      expect(
        await findingsOf(errorCatalog, { ...project, "docs/errors.md": page.replace("bad.", "worse.") }),
      ).to.have.length(1);
      expect(await findingsOf(errorCatalog, project)).to.have.length(1);
    });

    it("finds a domain that is not part of the catalog", async () => {
      const files = { ...project, "sdk/src/errors/catalog.ts": "export const errorCatalog = {};" };
      const findings = await findingsOf(errorCatalog, { ...files, "docs/errors.md": await pageOf(project) });
      expect(findings).to.have.length(1);
      expect(findings[0]).to.include("INPUT_BAD is written, but not part of the catalog");
    });

    it("notes a code that nothing throws and no test names", async () => {
      const thrown = { "sdk/src/x.ts": '"INPUT_BAD"', "test/x.test.ts": '"INPUT_BAD"' };
      const page = { "docs/errors.md": await pageOf(project) };
      expect(await withProject({ ...project, ...page }, (root) => errorCatalog.run(root))).to.have.length(2);
      expect(await withProject({ ...project, ...page, ...thrown }, (root) => errorCatalog.run(root))).to.deep.equal([]);
    });
  });
});
