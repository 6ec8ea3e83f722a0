import type { ContractName } from "../../sdk/src/core/types.ts";
import { isMet, type Row } from "../report/row.ts";
import { floorCodes } from "./floors.ts";
import { growthRows } from "./growth.ts";
import { type Comparison, compare, readGas } from "./measure.ts";
import { peerRows } from "./peers/rows.ts";
import { perLeafRows } from "./per-leaf.ts";
import { createScenario, type Scenario } from "./scenario.ts";
import { verbs } from "./verbs.ts";

/** The most any verb may cost, as a multiple of its floor. */
const MOST_RATIO = 1.15;
const MOST_BYTES = 22 * 1_024;
const ours: readonly ContractName[] = [
  "patientRegistry",
  "providerRegistry",
  "consentRegistry",
  "recordRegistry",
  "accessGate",
  "stewardCommittee",
  "logRegistry",
];

/** ConsentRegistry asks a library for the words, and its floor makes the same call; the others rebuild them on their own. */
const wordsNote = "words that a contract rebuilds itself are not in the floor, those of a linked library are";

function verbRow({ verb, real, floor }: Comparison<number>): Row {
  const { id, what, note } = verb;
  if (floor === undefined) return { id, what, value: real, unit: "gas", note: "no floor: used now and then" };
  const row = {
    id,
    what,
    value: real,
    unit: "gas",
    reference: "floor in assembly",
    referenceValue: floor,
    ratio: real / floor,
    ...(note === undefined ? {} : { note }),
    ...(id.endsWith("-signed") ? { note: wordsNote } : {}),
  } as const;
  return { ...row, target: MOST_RATIO, met: isMet({ ...row, target: MOST_RATIO }) };
}

async function sizeRow(scenario: Scenario, name: ContractName): Promise<Row> {
  const code = (await scenario.request("eth_getCode", scenario.contracts[name], "latest")) as string;
  const row = {
    id: `size-${name}`,
    what: `run-time size of ${name}`,
    value: code.length / 2 - 1,
    unit: "bytes",
  } as const;
  return { ...row, target: MOST_BYTES, met: isMet({ ...row, target: MOST_BYTES }) };
}

/** Measures everything of the group, on a chain of its own. */
export async function measureRows(): Promise<readonly Row[]> {
  const scenario = await createScenario();
  try {
    const floors = await floorCodes(scenario);
    const rows: Row[] = [];
    for (const verb of verbs) rows.push(verbRow(await compare(scenario, verb, floors, readGas)));
    const peers = await peerRows(scenario, rows);
    for (const name of ours) rows.push(await sizeRow(scenario, name));
    return [...rows, ...perLeafRows(rows), ...peers, ...(await growthRows(scenario))];
  } finally {
    await scenario.close();
  }
}
