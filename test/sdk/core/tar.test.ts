import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { concat, randomBytes } from "../../../sdk/src/core/bytes.ts";
import { readTar, type TarEntry, writeTar } from "../../../sdk/src/core/tar.ts";
import { rejection } from "../../support/rejection.ts";

const files = new Map([
  ["manifest.json", randomBytes(700)],
  [`records/0x${"ab".repeat(32)}`, concat(randomBytes(65_536), randomBytes(1))],
  ["empty", new Uint8Array(0)],
  ["whole", randomBytes(1_024)],
]);

async function* pieces(bytes: Uint8Array, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
async function* entries(): AsyncGenerator<TarEntry> {
  for (const [name, bytes] of files) yield { name, length: bytes.length, content: pieces(bytes, 999) };
}
async function collected(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return concat(...all);
}
const archive = () => collected(writeTar(entries(), 1_700_000_000));

describe("tar", () => {
  it("gives back what was written, in pieces of any length", async () => {
    const bytes = await archive();
    for (const length of [7, 511, 512, 100_000]) {
      const read = new Map<string, Uint8Array>();
      for await (const { name, content } of readTar(pieces(bytes, length))) read.set(name, await collected(content));
      expect([...read.keys()]).to.deep.equal([...files.keys()]);
      for (const [name, content] of files) expect(Buffer.from(read.get(name) ?? []).equals(content)).to.equal(true);
    }
  });

  it("passes over what is not read of an entry", async () => {
    const names: string[] = [];
    for await (const { name, content } of readTar(pieces(await archive(), 700))) {
      names.push(name);
      if (name.startsWith("records")) for await (const _ of content) break;
    }
    expect(names).to.deep.equal([...files.keys()]);
  });

  it("is what the stock tar reads and writes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "anamnesis-tar-"));
    try {
      const file = join(folder, "ours.tar");
      writeFileSync(file, await archive());
      execFileSync("tar", ["-xf", file, "-C", folder]);
      for (const [name, content] of files)
        expect(readFileSync(join(folder, name)).equals(content), name).to.equal(true);
      const theirs = join(folder, "theirs.tar");
      execFileSync("tar", ["--format=ustar", "-cf", theirs, "-C", folder, "whole", "manifest.json"]);
      const read: string[] = [];
      for await (const { name, content } of readTar(pieces(readFileSync(theirs), 4_096))) {
        expect(Buffer.from(await collected(content)).equals(files.get(name) as Uint8Array)).to.equal(true);
        read.push(name);
      }
      expect(read).to.deep.equal(["whole", "manifest.json"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("says the length of a file of ten gigabytes as tar does", async () => {
    async function* long(): AsyncGenerator<TarEntry> {
      yield { name: "scan", length: 10_000_000_001, content: pieces(new Uint8Array(0), 1) };
    }
    const header = (await writeTar(long(), 0).next()).value as Uint8Array;
    const entry = (await readTar(pieces(header, 512)).next()).value as TarEntry;
    expect(entry.length).to.equal(10_000_000_001);
  });

  it("refuses what was cut, changed, or has another length than it says", async () => {
    const bytes = await archive();
    const drained = async (of: Uint8Array) => {
      for await (const { content } of readTar(pieces(of, 4_096))) await collected(content);
    };
    await drained(bytes);
    const changed = bytes.slice();
    changed[3]! ^= 1;
    for (const wrong of [
      bytes.subarray(0, 5_000),
      bytes.subarray(0, bytes.length - 1_024),
      changed,
      randomBytes(2_048),
    ]) {
      expect((await rejection(drained(wrong))).code).to.equal("RECORD_EXPORT_INVALID");
    }
    async function* lying(): AsyncGenerator<TarEntry> {
      yield { name: "short", length: 10, content: pieces(randomBytes(9), 9) };
    }
    expect((await rejection(collected(writeTar(lying(), 0)))).code).to.equal("RECORD_EXPORT_INVALID");
  });
});
