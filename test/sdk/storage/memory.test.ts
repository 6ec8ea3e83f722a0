import { blockKey } from "../../../sdk/src/storage/cid.ts";
import { memoryStore } from "../../../sdk/src/storage/memory.ts";
import { behavesLikeContentStore } from "./content-store.behaviour.ts";

class WatchedMap extends Map<string, Uint8Array> {
  readonly reads: string[] = [];
  override get(key: string): Uint8Array | undefined {
    this.reads.push(key);
    return super.get(key);
  }
}

describe("memoryStore", function () {
  this.timeout(120_000);
  behavesLikeContentStore(async () => {
    const blocks = new WatchedMap();
    return {
      store: memoryStore({ blocks }),
      reads: blocks.reads,
      repairs: true,
      async damageBlock(cid) {
        const bytes = new Map(blocks).get(blockKey(cid))?.slice() as Uint8Array;
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
        blocks.set(blockKey(cid), bytes);
      },
      async loseBlock(cid) {
        blocks.delete(blockKey(cid));
      },
      hasBlock: async (cid) => blocks.has(blockKey(cid)),
      async dispose() {},
    };
  });
});
