import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openEmbeddedStore } from "../../node/src/storage/embedded-store.ts";
import { readAll } from "../../sdk/src/storage/content-store.ts";
import { chunkSize, cidOf } from "../../sdk/src/storage/unixfs.ts";
import { expectCode, same } from "../sdk/storage/content-store.behaviour.ts";
import { seededBytes } from "../sdk/storage/seeded-bytes.ts";

/** Here and not beside the other tests, because a small file system can only be mounted by root. */
describe("openEmbeddedStore on a full disk", function () {
  this.timeout(30_000);
  let directory: string;

  before(async function () {
    if (process.getuid?.() !== 0) this.skip();
    directory = await mkdtemp(join(tmpdir(), "anamnesis-full-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", directory]);
  });
  after(async () => {
    if (!directory) return;
    execFileSync("umount", [directory]);
    await rm(directory, { recursive: true, force: true });
  });

  it("says so, keeps nothing half, loses nothing, and takes what fits afterwards", async () => {
    const store = await openEmbeddedStore(directory);
    const kept = seededBytes(1, 2 * chunkSize);
    const { cid } = await store.put(kept);
    const tooLarge = seededBytes(2, 20 * chunkSize);
    await expectCode(store.put(tooLarge), "STORAGE_FULL");
    expect(await store.has((await cidOf(tooLarge)).cid)).to.equal(false);
    const files = await readdir(directory, { recursive: true, withFileTypes: true });
    expect(
      files.filter((entry) => entry.isFile()),
      "two leaves, their node, one root",
    ).to.have.length(4);
    expect(same(await readAll(store, cid, { expectedSize: kept.length }), kept)).to.equal(true);
    const small = seededBytes(3, 3 * chunkSize);
    const stored = await store.put(small);
    expect(same(await readAll(store, stored.cid, { expectedSize: small.length }), small)).to.equal(true);
    await store.close();
  });
});
