import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { compileConsumer } from "./support/compile-consumer.ts";
import { examplesOf, readmeExample } from "./support/readme-example.ts";
import { root, sdkConsumer } from "./support/workshop.ts";
import { writeConsumer } from "./support/write-consumer.ts";

describe("the installed SDK's types", () => {
  let folder = "";
  before(async function () {
    this.timeout(240_000);
    folder = await sdkConsumer();
    writeConsumer(folder);
  });

  it("compile with the README's example for Node, every declaration checked", async () => {
    await compileConsumer(folder, "tsconfig.nodenext.json");
  });

  it("compile with it for a bundler, optional properties exact", async () => {
    await compileConsumer(folder, "tsconfig.bundler.json");
  });

  it("compile with every example of the guides", async () => {
    const guides = globSync("docs/guides/*.md", { cwd: root });
    const files = guides.flatMap((guide) => {
      const examples = examplesOf(guide);
      const blocks = readFileSync(join(root, guide), "utf8").match(/^```ts$/gm) ?? [];
      expect(examples, guide).to.have.length(blocks.length);
      return examples.map((code, index) => ({ name: `${basename(guide, ".md")}-${index}.ts`, code }));
    });
    expect(files).not.to.have.length(0);
    for (const { name, code } of files) writeFileSync(join(folder, name), code);
    const settings = { extends: "./tsconfig.bundler.json", include: [], files: files.map(({ name }) => name) };
    writeFileSync(join(folder, "tsconfig.guides.json"), JSON.stringify(settings));
    await compileConsumer(folder, "tsconfig.guides.json");
  });

  it("refuse an example that grants for a purpose that does not exist", async () => {
    const wrong = readmeExample("README.md").replace(
      'purpose: "treatment" } as const',
      'purpose: "curiosity" } as const',
    );
    expect(wrong).to.include("curiosity");
    writeFileSync(join(folder, "wrong.ts"), wrong);
    const settings = { extends: "./tsconfig.bundler.json", include: [], files: ["wrong.ts"] };
    writeFileSync(join(folder, "tsconfig.wrong.json"), JSON.stringify(settings));
    const failure = await compileConsumer(folder, "tsconfig.wrong.json").then(
      () => "compiled",
      (error: unknown) => String(error),
    );
    // Settings that take every file of the folder must not find it.
    rmSync(join(folder, "wrong.ts"));
    expect(failure).to.include("wrong.ts").and.to.include('"curiosity"');
  });
});

describe("the example in the package's README", () => {
  it("is the one in the README of the project", () => {
    expect(readmeExample("sdk/README.md")).to.equal(readmeExample("README.md"));
  });
});
