import { readdir, readFile, unlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect } from "chai";
import { create as createPredecessor } from "ipfs-http-client";
import { create as createCurrent } from "kubo-rpc-client";
import { base32upper } from "multiformats/bases/base32";
import type { CID } from "multiformats/cid";
import { readAll } from "../../sdk/src/storage/content-store.ts";
import { type KuboClient, kuboStore } from "../../sdk/src/storage/kubo.ts";
import { memoryStore } from "../../sdk/src/storage/memory.ts";
import { chunkSize, cidOf } from "../../sdk/src/storage/unixfs.ts";
import { behavesLikeContentStore, expectCode, gather, leafOf, same } from "../sdk/storage/content-store.behaviour.ts";
import { seededBytes } from "../sdk/storage/seeded-bytes.ts";
import { type KuboDaemon, kuboBinary, startKubo } from "./kubo-daemon.ts";

const clients: Record<string, (daemon: KuboDaemon) => KuboClient> = {
  "kubo-rpc-client": ({ url, token }) => createCurrent({ url, headers: { authorization: `Bearer ${token}` } }),
  "ipfs-http-client": ({ url, token }) => createPredecessor({ url, headers: { authorization: `Bearer ${token}` } }),
};

describe("kuboStore over a real Kubo", function () {
  this.timeout(60_000);
  let daemon: KuboDaemon;

  before("build Kubo where that was not done yet", async function () {
    this.timeout(30 * 60_000);
    await kuboBinary();
    daemon = await startKubo({ hashOnRead: false });
  });
  after(() => daemon?.stop());

  for (const [library, connect] of Object.entries(clients)) {
    describe(`through ${library}`, () => {
      behavesLikeContentStore(
        async () => {
          const { client, reads } = watched(connect(daemon));
          return {
            store: kuboStore({ client }),
            reads,
            repairs: false,
            damageBlock: (cid) => flipOneByte(daemon, cid),
            loseBlock: async (cid) => unlink(await fileOf(daemon, cid)),
            hasBlock: (cid) =>
              fileOf(daemon, cid).then(
                () => true,
                () => false,
              ),
            dispose: () => emptied(daemon),
          };
        },
        { runs: 20 },
      );

      it("names the node without its credentials", () => {
        expect(kuboStore({ client: connect(daemon) }).name).to.equal(`Kubo at 127.0.0.1:${daemon.port}`);
      });

      it("pins what it keeps", async () => {
        const store = kuboStore({ client: connect(daemon) });
        const { cid } = await store.put(seededBytes(701, chunkSize + 1));
        expect(await pins(daemon)).to.include(cid.toString());
        await store.remove(cid);
        expect(await pins(daemon)).not.to.include(cid.toString());
      });

      it("says so when the token is wrong", async () => {
        const store = kuboStore({ client: connect({ ...daemon, token: "wrong" }) });
        const { cid } = await cidOf(seededBytes(702, 10));
        const calls = [() => store.put(seededBytes(702, 10)), () => gather(store.get(cid)), () => store.has(cid)];
        for (const call of calls) await expectCode(call(), "STORAGE_REFUSED");
      });

      it("catches what `cat` passes off as a success", async () => {
        const body = seededBytes(703, 3 * chunkSize);
        const store = kuboStore({ client: connect(daemon) });
        const { cid } = await store.put(body);
        await unlink(await fileOf(daemon, await leafOf(body, 2)));
        const trusting = connect(daemon) as unknown as { cat(cid: CID): AsyncIterable<Uint8Array> };
        const short = await gather(trusting.cat(cid));
        expect(short.length, "Kubo's own answer, without an error").to.equal(2 * chunkSize);
        await expectCode(readAll(store, cid, { expectedSize: body.length }), "STORAGE_BLOCK_MISSING");
        await store.remove(cid);
      });
    });
  }

  describe("with two clients at one node", () => {
    it("shares bodies, and every store agrees on their address", async () => {
      const body = seededBytes(710, 2 * chunkSize + 9);
      const [writer, reader] = Object.values(clients).map((connect) => kuboStore({ client: connect(daemon) }));
      if (!writer || !reader) throw new Error("two clients are needed");
      const { cid } = await writer.put(body);
      expect((await memoryStore().put(body)).cid.equals(cid)).to.equal(true);
      expect(same(await readAll(reader, cid, { expectedSize: body.length }), body)).to.equal(true);
      await reader.remove(cid);
      expect(await writer.has(cid)).to.equal(false);
    });
  });

  describe("when the node has other habits", () => {
    it("does not depend on the node's own import settings", async () => {
      await daemon.restart({ chunker: "size-1048576" });
      const body = seededBytes(720, 1_000_000);
      const store = kuboStore({ client: connectAny(daemon) });
      expect((await store.put(body)).cid.equals((await cidOf(body)).cid)).to.equal(true);
    });

    it("gives the same verdict where the node itself checks hashes on reading", async () => {
      await daemon.restart({ hashOnRead: true });
      const store = kuboStore({ client: connectAny(daemon) });
      const body = seededBytes(721, 2 * chunkSize);
      const { cid } = await store.put(body);
      expect(same(await readAll(store, cid, { expectedSize: body.length }), body)).to.equal(true);
      await flipOneByte(daemon, await leafOf(body, 1));
      const error = await expectCode(readAll(store, cid, { expectedSize: body.length }), "STORAGE_BLOCK_ALTERED");
      expect(error.details).to.include({ cid: (await leafOf(body, 1)).toString() });
    });

    it("keeps bodies across a restart of the node", async () => {
      const store = kuboStore({ client: connectAny(daemon) });
      const body = seededBytes(722, chunkSize + 1);
      const { cid } = await store.put(body);
      await daemon.restart();
      expect(same(await readAll(store, cid, { expectedSize: body.length }), body)).to.equal(true);
    });
  });

  describe("when the node is gone", () => {
    it("says so, and works again once it is back", async () => {
      const own = await startKubo();
      try {
        const body = seededBytes(730, 1_000);
        const store = kuboStore({ client: connectAny(own), retry: { attempts: 1, firstDelayMs: 1 } });
        const { cid } = await store.put(body);
        await own.end();
        const calls = [
          () => store.put(body),
          () => gather(store.get(cid)),
          () => store.has(cid),
          () => store.remove(cid),
        ];
        for (const call of calls) await expectCode(call(), "STORAGE_UNREACHABLE");
        await own.restart();
        expect(await store.has(cid)).to.equal(true);
      } finally {
        await own.stop();
      }
    });
  });
});

function connectAny(daemon: KuboDaemon): KuboClient {
  const [connect] = Object.values(clients);
  if (!connect) throw new Error("no client");
  return connect(daemon);
}

/** The client, noting each block it is asked for. */
function watched(client: KuboClient): { readonly client: KuboClient; readonly reads: readonly string[] } {
  const reads: string[] = [];
  return {
    reads,
    client: {
      add: (body, options) => client.add(body, options),
      pin: client.pin,
      block: {
        get: (cid, options) => {
          reads.push(String(cid));
          return client.block.get(cid, options);
        },
        stat: (cid, options) => client.block.stat(cid, options),
        rm: (cid, options) => client.block.rm(cid, options),
      },
    },
  };
}

/** Kubo keeps a block as `blocks/<two characters>/<multihash in base32>.data`. */
async function fileOf(daemon: KuboDaemon, cid: CID): Promise<string> {
  const name = `${base32upper.encoder.encode(cid.multihash.bytes).slice(1)}.data`;
  const found = (await readdir(join(daemon.directory, "blocks"), { recursive: true })).find(
    (file) => basename(file) === name,
  );
  if (!found) throw new Error(`Kubo has no block ${cid}`);
  return join(daemon.directory, "blocks", found);
}

async function flipOneByte(daemon: KuboDaemon, cid: CID): Promise<void> {
  const file = await fileOf(daemon, cid);
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
  await writeFile(file, bytes);
}

async function rpc(daemon: KuboDaemon, command: string): Promise<string> {
  const answer = await fetch(`${daemon.url}/api/v0/${command}`, {
    method: "POST",
    headers: { authorization: `Bearer ${daemon.token}` },
    signal: AbortSignal.timeout(10_000),
  });
  return answer.text();
}

async function pins(daemon: KuboDaemon): Promise<readonly string[]> {
  const { Keys } = JSON.parse(await rpc(daemon, "pin/ls?type=recursive")) as { readonly Keys?: object };
  return Object.keys(Keys ?? {});
}

/**
 * A fresh state for the next client: blocks that were damaged on purpose would stay, and of those deleted behind its back
 * the running node still believes that it has them.
 */
async function emptied(daemon: KuboDaemon): Promise<void> {
  for (const cid of await pins(daemon)) await rpc(daemon, `pin/rm?arg=${cid}`);
  await rpc(daemon, "repo/gc?silent=true");
  await daemon.restart();
}
