import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { deployedContracts } from "../../node/src/deploy/artifacts.ts";
import { runPlainly } from "./support/run-plainly.ts";
import { root, tarballs, workshopFolder } from "./support/workshop.ts";

const filesOf = (tarball: string): readonly string[] =>
  execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.slice("package/".length));

async function lint(tarball: string): Promise<readonly string[]> {
  const contents = readFileSync(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: Uint8Array.from(contents).buffer }, strict: true });
  return messages.map((message) => formatMessage(message, pkg ?? {}, { color: false }) ?? message.code);
}

const attw = (tarball: string) => {
  const program = join(root, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
  const args = [program, tarball, "--profile", "esm-only", "--format", "ascii", "--no-color", "--no-emoji"];
  return runPlainly(process.execPath, args, { folder: workshopFolder(), seconds: 60 });
};

for (const name of ["sdk", "node"] as const) {
  describe(`the tarball of @anamnesis/${name}`, () => {
    let tarball = "";
    before(async function () {
      this.timeout(120_000);
      tarball = (await tarballs())[name];
    });

    it("satisfies publint, suggestions included", async () => {
      expect(await lint(tarball)).to.deep.equal([]);
    });

    it("has types that resolve as its code does", async () => {
      const { stdout } = await attw(tarball);
      expect(stdout).to.include(`@anamnesis/${name}`).and.to.include("node16 (from ESM)");
    });

    it("carries README, licence, sources for its maps, and nothing that was left over", () => {
      const files = filesOf(tarball);
      expect(files).to.include.members(["package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.d.ts"]);
      const maps = files.filter((file) => file.endsWith(".js.map"));
      expect(maps).not.to.have.length(0);
      for (const map of maps) expect(files).to.include(map.replace(/^dist\//, "src/").replace(/\.js\.map$/, ".ts"));
      expect(files.filter((file) => /\.tsbuildinfo$|\.test\.|(^|\/)\.env/.test(file))).to.deep.equal([]);
    });
  });
}

describe("the tarball of @anamnesis/node", () => {
  it("carries the compiled contracts that a deployment needs", async () => {
    const files = filesOf((await tarballs()).node).filter((file) => file.startsWith("artifacts/"));
    expect(files).to.have.members(deployedContracts.map((name) => `artifacts/${name}.sol/${name}.json`));
  });
});

describe("publint", () => {
  it("finds a package whose entry is missing", async () => {
    const data = JSON.stringify({ name: "planted", type: "module", exports: "./gone.js" });
    const { messages } = await publint({
      pkgDir: "package",
      pack: { files: [{ name: "package/package.json", data }] },
    });
    expect(messages.map(({ code }) => code)).to.include("FILE_DOES_NOT_EXIST");
  });
});
