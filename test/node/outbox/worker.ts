import { writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Wallet } from "ethers";
import { openOutbox } from "../../../node/src/outbox/open-outbox.ts";
import { createChainReader, createChainWriter, httpJsonRpc } from "../../../node/src/steward/index.ts";
import { itemOf, type Said, type Work } from "./workload.ts";

/** A process that hands records to an outbox until all are anchored, or it is killed. It says what was acknowledged, at once. */
const work = JSON.parse(process.argv[2] as string) as Work;
const say = (line: Said): void => void writeSync(1, `${JSON.stringify(line)}\n`);

if (work.planted === "appends again") {
  // Forgets to look whether a record is there already, and nothing else stops it.
  const prepare = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string) {
    this.exec("DROP INDEX IF EXISTS leaves_by_record");
    return prepare.call(this, sql.replace("WHERE record_id = ?", "WHERE record_id = ? AND 0"));
  };
}

const rpc = httpJsonRpc(work.url);
const finality = { kind: "instant" } as const;
const { contracts } = work;
const outbox = openOutbox({
  path: work.path,
  authors: work.authors.map(({ owner, key }) => ({ owner, account: new Wallet(key) })),
  nodes: [createChainReader({ name: "evm", rpc, contracts, finality, fromBlock: 0 })],
  writer: createChainWriter(rpc),
  chainId: work.chainId,
  logRegistry: contracts.logRegistry,
  limits: { batch: work.batch, batchWithin: 300, every: 100, stuckAfter: 5_000, headAge: 86_400 },
});

await Promise.all(
  work.authors.map(async ({ owner }, author) => {
    for (let n = work.from[author] as number; n < work.records; n += work.step) {
      const end = Math.min(work.records, n + work.step);
      const items = Array.from({ length: end - n }, (_, i) => itemOf(work.seed, author, owner, n + i));
      if (work.planted === "acknowledges first") {
        // As one would that writes behind.
        say({ author, acknowledged: end });
        setTimeout(() => void outbox.accept(items).catch(() => undefined), 10_000).unref();
        continue;
      }
      const accepted = await outbox.accept(items);
      const isInOrder = accepted.every(({ index }, i) => index === n + i);
      if (!isInOrder && work.planted === undefined) throw new Error(`author ${author}: another place than ${n}`);
      say({ author, acknowledged: end });
    }
  }),
);
while (outbox.states().some(({ accepted, anchored }) => anchored < accepted)) {
  await new Promise((resolve) => setTimeout(resolve, 50));
}
await outbox.close();
say({ drained: true });
