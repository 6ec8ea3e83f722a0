/** Row I: storing and fetching a sealed body beside bare Helia adding and reading the same bytes; same blocks on disk, same machine, same run. */
import { randomFillSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { openEmbeddedStore } from "@anamnesis/node";
import type { ContentStore } from "@anamnesis/sdk";
import { heliaStore } from "@anamnesis/sdk/storage/helia";
import { unixfs } from "@helia/unixfs";
import { FsBlockstore } from "blockstore-fs";
import { createHeliaLight } from "helia";
import type { CID } from "multiformats/cid";
import type { Row } from "../report/row.ts";
import { compare, sizeText } from "./interleaved.ts";

const PEER = "bare Helia";

/** A body is never stored twice: what is there already is not written. */
function fresh(body: Uint8Array): Uint8Array {
  for (let at = 0; at < body.length; at += 65_536) randomFillSync(body, at, Math.min(16, body.length - at));
  return body;
}

/** Milliseconds of a `put` without its reading back. */
async function storing(store: ContentStore, body: Uint8Array): Promise<number> {
  const began = performance.now();
  let [first, last]: [number | undefined, number] = [undefined, 0];
  await store.put(body, {
    onProgress({ phase }) {
      if (phase === "storing") return;
      first ??= performance.now();
      last = performance.now();
    },
  });
  return performance.now() - began - (last - (first ?? last));
}

async function drained(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const piece of pieces) length += piece.length;
  return length;
}

export async function storageRows(sizes: readonly number[], rounds: number): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "anamnesis-bench-"));
  const [mine, bare] = [
    createHeliaLight({ blockstore: new FsBlockstore(join(folder, "ours")) }),
    createHeliaLight({ blockstore: new FsBlockstore(join(folder, "bare")) }),
  ];
  const durable = await openEmbeddedStore(join(folder, "durable"));
  const rows: Row[] = [];
  try {
    await Promise.all([mine.start(), bare.start()]);
    const store = heliaStore({ helia: mine });
    const files = unixfs(bare);
    for (const bytes of sizes) {
      const body = randomFillSync(new Uint8Array(bytes));
      let [ours, theirs]: [CID, CID] = [(await store.put(body)).cid, await files.addBytes(body)];
      const common = { bytes, rounds, reference: PEER };
      const add = async () => {
        theirs = await files.addBytes(fresh(body));
        return undefined;
      };
      rows.push(
        await compare({
          ...{
            ...common,
            id: `I-store-${bytes}`,
            what: `store ${sizeText(bytes)}, without reading it back`,
            target: 1 / 1.15,
          },
          note: "the same blockstore, flushed by neither; theirs in its own chunks of 1 MiB, not pinned",
          ours: () => storing(store, fresh(body)),
          theirs: add,
        }),
        await compare({
          ...{ ...common, id: `I-stored-${bytes}`, what: `store ${sizeText(bytes)}, read back and verified` },
          ours: async () => {
            ours = (await store.put(fresh(body))).cid;
            return undefined;
          },
          theirs: add,
        }),
        await compare({
          ...{ ...common, id: `I-durable-${bytes}`, what: `store ${sizeText(bytes)} so that it survives a power cut` },
          note: "every block flushed to the disk, then read back; theirs flushes nothing",
          ours: async () => void (await durable.put(fresh(body))),
          theirs: add,
        }),
        await compare({
          ...{ ...common, id: `I-fetch-${bytes}`, what: `fetch ${sizeText(bytes)}`, target: 1 / 1.15 },
          note: "ours hashes every block; theirs believes the disk",
          ours: async () => void (await drained(store.get(ours))),
          theirs: async () => void (await drained(files.cat(theirs))),
        }),
      );
    }
  } finally {
    await Promise.all([mine.stop(), bare.stop(), durable.close()]);
    await rm(folder, { recursive: true, force: true });
  }
  return rows;
}
