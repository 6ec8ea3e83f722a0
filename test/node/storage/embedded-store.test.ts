import { access, mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unixfs } from "@helia/unixfs";
import { FsBlockstore } from "blockstore-fs";
import { expect } from "chai";
import { createHeliaLight } from "helia";
import { blockFile } from "../../../node/src/storage/block-file.ts";
import { openEmbeddedStore } from "../../../node/src/storage/embedded-store.ts";
import { readAll } from "../../../sdk/src/storage/content-store.ts";
import { chunkSize, cidOf } from "../../../sdk/src/storage/unixfs.ts";
import {
  behavesLikeContentStore,
  cutInto,
  expectCode,
  gather,
  leafOf,
  same,
} from "../../sdk/storage/content-store.behaviour.ts";
import { seededBytes } from "../../sdk/storage/seeded-bytes.ts";

describe("openEmbeddedStore", function () {
  this.timeout(60_000);
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "anamnesis-store-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  describe("as a content store", () => {
    behavesLikeContentStore(
      async () => {
        const own = await mkdtemp(join(tmpdir(), "anamnesis-store-"));
        const store = await openEmbeddedStore(own);
        return {
          store,
          repairs: true,
          damageBlock: (cid) => flipOneByte(blockFile(own, cid)),
          loseBlock: (cid) => unlink(blockFile(own, cid)),
          hasBlock: (cid) =>
            access(blockFile(own, cid)).then(
              () => true,
              () => false,
            ),
          async dispose() {
            await store.close();
            await rm(own, { recursive: true, force: true });
          },
        };
      },
      { countsReads: false },
    );
  });

  describe("on disk", () => {
    it("keeps bodies from one opening to the next", async () => {
      const body = seededBytes(1, 2 * chunkSize);
      const first = await openEmbeddedStore(directory);
      const { cid } = await first.put(body);
      await first.close();
      const second = await openEmbeddedStore(directory);
      expect(same(await readAll(second, cid, { expectedSize: body.length }), body)).to.equal(true);
      await second.close();
    });

    it("knows after reopening which blocks other bodies share", async () => {
      const long = seededBytes(2, 2 * chunkSize + 1);
      const first = await openEmbeddedStore(directory);
      const short = await first.put(long.slice(0, chunkSize));
      const whole = await first.put(long);
      await first.close();
      const second = await openEmbeddedStore(directory);
      await second.remove(short.cid);
      expect(same(await readAll(second, whole.cid, { expectedSize: long.length }), long)).to.equal(true);
      await second.remove(whole.cid);
      const files = await readdir(join(directory, "blocks"), { recursive: true });
      expect(files.filter((file) => file.endsWith(".data"))).to.deep.equal([]);
      await second.close();
    });

    it("refuses a block of which one byte was flipped in its file, naming it", async () => {
      const store = await openEmbeddedStore(directory);
      const body = seededBytes(3, 2 * chunkSize);
      const { cid } = await store.put(body);
      const leaf = await leafOf(body, 1);
      await flipOneByte(blockFile(directory, leaf));
      const error = await expectCode(readAll(store, cid, { expectedSize: body.length }), "STORAGE_BLOCK_ALTERED");
      expect(error.details).to.include({ cid: leaf.toString() });
      await store.close();
    });

    it("refuses a block whose file was cut short or grew", async () => {
      const store = await openEmbeddedStore(directory);
      const { cid } = await store.put(seededBytes(4, 1_000));
      const file = blockFile(directory, cid);
      const sound = await readFile(file);
      for (const torn of [sound.subarray(0, 999), new Uint8Array(0), Buffer.concat([sound, Buffer.of(0)])]) {
        await writeFile(file, torn);
        await expectCode(gather(store.get(cid)), "STORAGE_BLOCK_ALTERED");
      }
      await writeFile(file, sound);
      expect(await readAll(store, cid, { expectedSize: 1_000 })).to.have.length(1_000);
      await store.close();
    });

    it("calls a fault of the disk a fault, not a missing block", async () => {
      const store = await openEmbeddedStore(directory);
      const { cid } = await store.put(seededBytes(5, 10));
      const file = blockFile(directory, cid);
      await unlink(file);
      // A directory in its place: the file system answers EISDIR.
      await mkdir(file);
      const error = await expectCode(gather(store.get(cid)), "STORAGE_FAILED");
      expect(error.details).to.include({ cid: cid.toString() });
      await store.close();
    });

    it("leaves no file behind when a body is given up half way", async () => {
      const store = await openEmbeddedStore(directory);
      const controller = new AbortController();
      const put = store.put(cutInto(seededBytes(6, 6 * chunkSize), chunkSize), {
        signal: controller.signal,
        onProgress: ({ bytes }) => bytes > 2 * chunkSize && controller.abort(),
      });
      await expectCode(put, "OPERATION_ABORTED");
      const files = await readdir(directory, { recursive: true, withFileTypes: true });
      expect(files.filter((entry) => entry.isFile()).map((entry) => entry.name)).to.deep.equal([]);
      // Counter-case: a body that was not given up leaves its blocks and its root.
      await store.put(seededBytes(6, 10));
      const after = await readdir(directory, { recursive: true, withFileTypes: true });
      expect(after.filter((entry) => entry.isFile())).to.have.length(2);
      await store.close();
    });

    it("clears what a process that died while writing left unfinished", async () => {
      await (await openEmbeddedStore(directory)).close();
      await writeFile(join(directory, "unfinished", "half"), "half a block");
      await (await openEmbeddedStore(directory)).close();
      expect(await readdir(join(directory, "unfinished"))).to.deep.equal([]);
    });

    it("says so when the directory cannot be made", async () => {
      const file = join(directory, "file");
      await writeFile(file, "");
      const error = await expectCode(openEmbeddedStore(join(file, "store")), "STORAGE_FAILED");
      expect(error.details.store).to.contain(join(file, "store"));
    });

    it("is read by any other Helia with the usual packages", async () => {
      const body = seededBytes(7, 5 * chunkSize + 7);
      const store = await openEmbeddedStore(directory);
      const { cid } = await store.put(body);
      await store.close();
      const helia = createHeliaLight({ blockstore: new FsBlockstore(join(directory, "blocks")) });
      await helia.start();
      expect(same(await gather(unixfs(helia).cat(cid)), body)).to.equal(true);
      await helia.stop();
    });
  });
});

describe("blockFile", () => {
  it("points at the file of a block", async () => {
    const { cid } = await cidOf(new Uint8Array(0));
    expect(blockFile("store", cid)).to.equal(
      join("store", "blocks", "VI", "BCIQOHMGEIKMPYHAUTL57JSEZN64SIJ5OIHSGJG4TJSSJLGI3PBJLQVI.data"),
    );
  });
});

async function flipOneByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(file, bytes);
}
