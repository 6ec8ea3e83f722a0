/**
 * `npm run bench:records -- [--json FILE]`
 *
 * Everything about records at scale in one run: encryption beside node:crypto and age, storage beside bare Helia, a log beside a bare tree, and
 * the cost of a record on the chain beside EAS. `content.ts` and `log.ts` run alone, with numbers of their own. `--json` writes the rows, and
 * draws them in `bench/README.md` when FILE is the committed one.
 */
import { parseArgs } from "node:util";
import { tableOf } from "../report/table.ts";
import { writeResult } from "../report/write.ts";
import { contentRows } from "./content.ts";
import { logRows } from "./log.ts";

const { values } = parseArgs({ options: { json: { type: "string" } } });
const rows = [...(await contentRows()), ...(await logRows())];
process.stdout.write(`${tableOf(rows)}\n`);
if (values.json !== undefined) writeResult("records", values.json, rows, "everything on one machine");
