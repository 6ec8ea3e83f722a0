import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { peerFetch } from "@anamnesis/node/steward";
import { expect } from "chai";
import {
  type Institution,
  institutionsIn,
  type RunningSteward,
  startSteward,
  stewardProgram,
} from "../support/institutions.ts";
import { localChain } from "../support/local-chain.ts";

const guides = fileURLToPath(new URL("../../docs/guides/", import.meta.url));

/** All blocks of a guide but those of a configuration, whatever they are said to be. */
const blocksIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, language, block]) =>
    language === "json" ? [] : [block as string],
  );

/** The blocks below a heading of a guide, as they stand there. */
function blocksUnder(guide: string, heading: string): readonly string[] {
  const sections = readFileSync(join(guides, guide), "utf8").split(/^(?=## )/m);
  return blocksIn(sections.find((text) => text.startsWith(`## ${heading}`)) ?? "");
}

/** What a block has one type; lines that go on with the last one are part of it. */
const linesOf = (block: string): readonly string[] => block.split("\n").filter((line) => /^[^#\s]/.test(line));

describe("The guides for stewards, word by word", function () {
  this.timeout(600_000);
  let folder: string;
  let institutions: readonly Institution[];
  let key: string | undefined;
  const running = new Map<string, RunningSteward>();
  const typed: string[] = [];
  const named = (name: string) => institutions.find((each) => each.name === name) as Institution;

  async function start(name: string): Promise<void> {
    running.set(name, await startSteward(named(name).file));
  }
  async function stop(name: string): Promise<void> {
    expect(await running.get(name)?.stop()).to.equal(0);
    running.delete(name);
  }

  /** The guide's hosts are nobody's: on this machine all are one, told apart by their ports. */
  function here(line: string): string {
    return line
      .replaceAll(/https:\/\/steward\.(\w+)\.example/g, (_, name: string) => `https://127.0.0.1:${named(name).port}`)
      .replaceAll(/steward\.\w+\.example/g, "127.0.0.1");
  }
  /** Types a block as an operator does; a line that starts a service is started. Returns what was printed. */
  async function operate(block: string | undefined): Promise<string> {
    expect(block, "a block in the guide").to.be.a("string");
    const lines = (block as string).trimEnd().split("\n");
    const starts = lines.flatMap((line) => /^anamnesis-steward --config (\w+)\.json$/.exec(line)?.[1] ?? []);
    const rest = lines.filter((line) => !/^anamnesis-steward --config \w+\.json$/.test(line));
    typed.push(...linesOf(block as string));
    const printed = await new Promise<string>((resolve, reject) => {
      const path = `${join(folder, "bin")}:${process.env["PATH"]}`;
      execFile(
        "bash",
        ["-euo", "pipefail", "-c", here(rest.join("\n"))],
        { cwd: folder, timeout: 300_000, env: { ...process.env, PATH: path, KEY: key } },
        (error, said, complaint) => (error ? reject(new Error(`${complaint}${error.message}`)) : resolve(said)),
      );
    });
    for (const name of starts) await start(name);
    return printed;
  }
  /** What `/readyz` says, once it says what is expected, or at the end. */
  async function readiness(name: string, expected = /^ready$/): Promise<string> {
    const files = { certificate: "north.pem", key: "north.key.pem", authority: "authority.pem" };
    const [certificate, ownKey, authority] = Object.values(files).map((file) => join(folder, "certificates", file));
    const send = peerFetch({ certificate: certificate!, key: ownKey!, authority: authority! });
    for (let said = "", giveUpAt = performance.now() + 60_000; ; ) {
      const answer = await send(`https://127.0.0.1:${named(name).port}/readyz`);
      const { status, reasons } = (await answer.json()) as { status: string; reasons: string[] };
      said = reasons[0] ?? status;
      if (expected.test(said) || performance.now() > giveUpAt) return said;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const outcomeIn = (printed: string) =>
    JSON.parse(printed.slice(printed.lastIndexOf("\n{") + 1)) as { keyId: string; epoch: number };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "anamnesis-guide-"));
    const chain = await localChain();
    institutions = await institutionsIn(folder, chain, ["north", "south", "east"], (name) => ({
      tls: {
        certificate: `certificates/${name}.pem`,
        key: `certificates/${name}.key.pem`,
        authority: "certificates/authority.pem",
      },
    }));
    writeFileSync(join(folder, "committee-admin.key"), chain.registrar.privateKey, { mode: 0o600 });
    mkdirSync(join(folder, "bin"));
    const command = join(folder, "bin", "anamnesis-steward");
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${stewardProgram}" "$@"\n`);
    chmodSync(command, 0o755);
  });
  after(async () => {
    await Promise.all([...running.values()].map((each) => each.stop()));
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it("certificates, and the ceremony that makes the key", async () => {
    await operate(blocksUnder("steward.md", "TLS")[0]);
    await Promise.all(["north", "south", "east"].map(start));
    expect(await readiness("north", /^committee: [A-Z]/), "no committee yet").to.match(/^committee: [A-Z]/);
    const outcome = outcomeIn(await operate(blocksUnder("steward-operations.md", "The ceremony")[0]));
    expect(outcome).to.include({ epoch: 1 });
    key = outcome.keyId;
    for (const name of ["north", "south", "east"]) expect(await readiness(name), name).to.equal("ready");
  });

  it("a backup, and a steward that comes back from it", async () => {
    const [backup, restore] = blocksUnder("steward-operations.md", "Backup and restore");
    await operate(backup);
    await stop("north");
    await operate(restore);
    expect(await readiness("north")).to.equal("ready");
  });

  it("a resharing after an incident, which makes backups of before worthless to who comes back", async () => {
    await stop("east");
    const outcome = outcomeIn(await operate(blocksUnder("steward-operations.md", "Resharing")[0]));
    expect(outcome).to.include({ keyId: key, epoch: 2 });
    for (const name of ["north", "south"]) expect(await readiness(name), name).to.equal("ready");
    await stop("north");
    rmSync(join(folder, "north.broken"), { recursive: true });
    await operate(blocksUnder("steward-operations.md", "Backup and restore")[1]);
    const told = "committee: STEWARD_SHARE_MISSING";
    expect(readFileSync(join(guides, "steward-operations.md"), "utf8")).to.include(told);
    expect(await readiness("north", new RegExp(told))).to.equal(told);
  });

  it("leaves out no block of a shell", () => {
    const all = ["steward.md", "steward-operations.md"].flatMap((guide) =>
      blocksIn(readFileSync(join(guides, guide), "utf8")),
    );
    expect(all).to.have.length(5);
    const lines = all.flatMap(linesOf);
    expect(lines).to.have.length.above(20);
    expect(new Set(typed)).to.deep.equal(new Set(lines));
    process.stdout.write(`      ${lines.length} lines of ${all.length} blocks typed\n`);
  });
});
