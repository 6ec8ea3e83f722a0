import { fromHex, type Hex, toHex } from "../../../sdk/src/core/bytes.ts";
import { noId } from "../../../sdk/src/core/ids.ts";
import { proveConsistency, proveInclusion } from "../../../sdk/src/crypto/index.ts";
import type { LogEvidence } from "../../../sdk/src/stewards/index.ts";
import { grownLog, naiveRoot } from "../../support/merkle-log.ts";
import type { Person, World } from "./world.ts";

/** An author's log in memory, and the heads of it that were anchored. */
export function authorLog(world: World, author: Person) {
  const leaves: Uint8Array[] = [];
  const heads: number[] = [];
  return {
    leaves,
    append: (...ids: readonly Hex[]) => void leaves.push(...ids.map((id) => fromHex(id))),
    /** Puts the root of all leaves on the chain. */
    async anchor(): Promise<number> {
      const sent = await world.contracts.logs.connect(author.key).anchorLog(toHex(naiveRoot(leaves)), leaves.length);
      heads.push(leaves.length);
      return (await sent.wait())?.blockNumber as number;
    },
    /** What shows a record in the first head that covers it. */
    async evidenceOf(recordId: Hex, changes: Partial<LogEvidence> = {}): Promise<LogEvidence> {
      const index = leaves.findIndex((leaf) => toHex(leaf) === recordId);
      const size = changes.size ?? (heads.find((head) => head > index) as number);
      const last = heads.at(-1) as number;
      const { read } = grownLog(leaves);
      return {
        ...{ index, size, path: await proveInclusion(read, index, size) },
        later: last === size ? null : { size: last, path: await proveConsistency(read, size, last) },
        ...{ purpose: 1, via: { organisation: noId as never, chain: [], bySeries: false } },
        ...changes,
      };
    },
  };
}
