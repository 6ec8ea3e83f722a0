import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runCli } from "./run-cli.ts";

describe("anamnesis verify-proof", function () {
  this.timeout(60_000);
  const frozen = JSON.parse(readFileSync(new URL("../vectors/log/record-proof.json", import.meta.url), "utf8"));
  let folder: string;
  let file: string;
  let document: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "anamnesis-verify-proof-"));
    file = join(folder, "result.anamnesis-proof.json");
    document = join(folder, "result.txt");
    writeFileSync(file, JSON.stringify(frozen.proof));
    writeFileSync(document, Buffer.from(frozen.document.slice(2), "hex"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const head = () => ["--root", frozen.head.root, "--size", String(frozen.head.size)];
  const block = () => ["--block-hash", frozen.block.blockHash, "--contract", frozen.block.contract];

  it("says yes, without any network, and exits with 0", async () => {
    const byHead = await runCli("verify-proof", file, "--document", document, ...head());
    expect([byHead.code, byHead.stderr]).to.deep.equal([0, ""]);
    expect(byHead.stdout).to.include("4 of 5").and.include("the one on record");
    const byBlock = await runCli("verify-proof", file, ...block(), "--json");
    expect(JSON.parse(byBlock.stdout)).to.deep.include({ valid: true, document: false });
    expect(JSON.parse(byBlock.stdout).anchored).to.deep.include({ block: frozen.block.number });
  });

  it("says no to another document or root and exits with 1", async () => {
    writeFileSync(join(folder, "other.txt"), "another text");
    const other = await runCli("verify-proof", file, "--document", join(folder, "other.txt"));
    expect([other.code, other.stdout.includes("its content differs")]).to.deep.equal([1, true]);
    const root = await runCli("verify-proof", file, "--root", frozen.proof.restHash, "--size", "5", "--json");
    expect([root.code, JSON.parse(root.stdout).reason]).to.deep.equal([1, "other-root"]);
  });

  it("exits with 2 for what it cannot answer", async () => {
    const half = await runCli("verify-proof", file, "--root", frozen.head.root);
    const none = await runCli("verify-proof", join(folder, "missing.json"));
    expect([half.code, none.code]).to.deep.equal([2, 2]);
  });
});
