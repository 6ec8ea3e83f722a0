import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { deployedContracts } from "../../node/src/deploy/artifacts.ts";
import { type BundleSize, bundleLimit, measureBundle, overLimit } from "../../scripts/package/bundle-size.ts";
import { root, sdkConsumer } from "./support/workshop.ts";

const everyVerb = 'export { createClient, withActions } from "@anamnesis/sdk";';

/** The first words of each contract's code, as a deployment would carry it. */
const bytecodes = (): readonly string[] =>
  deployedContracts.map((name) => {
    const artifact = JSON.parse(
      readFileSync(join(root, "node", "artifacts", `${name}.sol`, `${name}.json`), "utf8"),
    ) as {
      readonly bytecode: string;
    };
    return artifact.bytecode.slice(2, 130);
  });

const notForBrowsers = /^node:|^(hardhat|@nomicfoundation\/.+|@ignored\/hardhat)(\/|$)/;

/** Modules that compiled code imports, statically or not. */
const importedBy = (text: string): readonly string[] =>
  ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);

describe("the SDK in a browser's bundle", () => {
  let folder = "";
  let size: BundleSize;
  before(async function () {
    this.timeout(240_000);
    folder = await sdkConsumer();
    size = await measureBundle(folder, everyVerb);
  });

  it("loads within its limit with every group of verbs", () => {
    const { initial, whole, inOneFile, contributors } = size;
    const parts = contributors.slice(0, 8).map(({ name, bytes }) => `${name} ${bytes}`);
    const sizes = `${initial} bytes gzipped at once (limit ${bundleLimit}), ${whole} once every verb was used`;
    process.stdout.write(`      ${sizes}; as one file ${inOneFile}\n      before minifying: ${parts.join(", ")}\n`);
    expect(overLimit(size)).to.equal(undefined);
  });

  it("goes red over a limit of 1 KB, and names its largest parts", () => {
    expect(overLimit(size, 1_024)).to.include(String(size.initial)).and.to.include(size.contributors[0]?.name);
  });

  it("is larger with one more library in it", async () => {
    const more = await measureBundle(folder, `${everyVerb}\nexport * from "age-encryption";`);
    expect(more.initial).to.be.greaterThan(size.initial + 5_000);
  });

  it("holds no bytecode of a contract", () => {
    const codes = bytecodes();
    expect(codes).to.have.length(deployedContracts.length);
    expect(codes.filter((code) => size.text.includes(code))).to.deep.equal([]);
    const planted = `${size.text}\nconst bytecode = "0x${codes[0]}";`;
    expect(codes.filter((code) => planted.includes(code))).not.to.have.length(0);
  });

  it("leaves nothing to the application but ethers", () => {
    expect(size.externals.filter((name) => name !== "crypto")).to.deep.equal(["ethers"]);
  });
});

describe("the SDK's compiled code", () => {
  it("imports no module of Node and never Hardhat", async function () {
    this.timeout(240_000);
    const dist = join(await sdkConsumer(), "node_modules", "@anamnesis", "sdk", "dist");
    const files = globSync("**/*.js", { cwd: dist });
    expect(files.length).to.be.greaterThan(100);
    const found = files.flatMap((file) =>
      importedBy(readFileSync(join(dist, file), "utf8"))
        .filter((name) => notForBrowsers.test(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(found).to.deep.equal([]);
    expect(importedBy('const a = await import("node:fs");').filter((name) => notForBrowsers.test(name))).to.have.length(
      1,
    );
  });
});
