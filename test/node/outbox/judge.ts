import { DatabaseSync } from "node:sqlite";
import type { OpenOutbox } from "../../../node/src/outbox/open-outbox.ts";
import { fromHex, type Hex, toHex } from "../../../sdk/src/core/bytes.ts";
import { isIncluded } from "../../../sdk/src/crypto/index.ts";
import type { LocalChain } from "./outbox-world.ts";
import { recordOf } from "./workload.ts";

/** What is there in the end, counted. */
export interface Judged {
  /** One line for each thing that is not as it was promised. */
  readonly broken: readonly string[];
  readonly leaves: number;
  readonly proofs: number;
  /** Proofs of other records with the same paths, and how many of those were refused. */
  readonly counterCases: readonly [tried: number, refused: number];
  readonly heads: number;
}

/** Roots of an author's heads as the chain holds them, by size. */
async function headsOnChain({ rpc, deployment }: LocalChain, owner: Hex): Promise<Map<number, Hex>> {
  const filter = {
    address: deployment.contracts.logRegistry,
    topics: [null, owner],
    fromBlock: "0x0",
    toBlock: "latest",
  };
  const logs = (await rpc("eth_getLogs", [filter])) as { topics: Hex[]; data: Hex }[];
  return new Map(logs.map(({ topics, data }) => [Number(topics[2]), data]));
}

/** Holds an outbox's file against what was acknowledged, and every proof against the chain. */
export async function judge(
  chain: LocalChain,
  {
    path,
    outbox,
    owners,
    seed,
    records,
  }: {
    readonly path: string;
    readonly outbox: OpenOutbox;
    readonly owners: readonly Hex[];
    readonly seed: number;
    readonly records: number;
  },
): Promise<Judged> {
  const broken: string[] = [];
  let [leaves, proofs, heads, tried, refused] = [0, 0, 0, 0, 0];
  const database = new DatabaseSync(path, { readOnly: true });
  const select = database.prepare(
    "SELECT l.place, l.record_id FROM leaves l JOIN authors a ON a.id = l.author WHERE a.owner = ? ORDER BY l.place",
  );
  for (const [author, owner] of owners.entries()) {
    const rows = select.all(fromHex(owner)) as { place: number; record_id: Uint8Array }[];
    leaves += rows.length;
    if (rows.length !== records) broken.push(`author ${author}: ${rows.length} leaves of ${records}`);
    const wrong = rows.findIndex(
      ({ place, record_id }, n) => place !== n || toHex(record_id) !== recordOf(seed, author, n),
    );
    if (wrong >= 0) broken.push(`author ${author}: another record at ${wrong}`);
    const roots = await headsOnChain(chain, owner);
    heads += roots.size;
    if (Math.max(0, ...roots.keys()) !== records) broken.push(`author ${author}: the last head is not of ${records}`);
    for (let n = 0; n < records; n++) {
      const place = await outbox.placeOf(recordOf(seed, author, n));
      const root = place && roots.get(place.size);
      const claim = place && root && { ...place, root: fromHex(root) };
      const leaf = (of: number) => fromHex(recordOf(seed, author, of));
      if (claim && claim.index === n && isIncluded({ ...claim, leaf: leaf(n) })) proofs++;
      else broken.push(`author ${author}: no proof of ${n}`);
      if (claim && n % 10 === 0) {
        tried++;
        if (!isIncluded({ ...claim, leaf: leaf(n + 1) })) refused++;
      }
      if (broken.length > 5) break;
    }
  }
  database.close();
  return { broken, leaves, proofs, counterCases: [tried, refused], heads };
}
