import { decodeEvent, eventTopic, head, pagesOfLogs, readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { type PatientId, type RecordId, recordId, type SeriesId } from "../../core/ids.ts";
import type { Client } from "../client.ts";

/** What a patient decided about a series, as the chain says it now. */
export interface SeriesMarks {
  /** Labels added to the records' own. */
  readonly restrictions: bigint;
  readonly disputed: boolean;
  /** The patient asked for its erasure. */
  readonly erased: boolean;
}

/** Series or records asked for at once. */
const AT_ONCE = 500;

function* groupsOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += AT_ONCE) yield items.slice(start, start + AT_ONCE);
}

/** @throws CHAIN_UNREACHABLE */
export async function marksOfSeries(
  client: Client,
  patient: PatientId,
  series: Iterable<SeriesId>,
  options: AbortOptions,
): Promise<ReadonlyMap<SeriesId, SeriesMarks>> {
  const { recordRegistry } = client.contracts;
  const marks = new Map<SeriesId, SeriesMarks>();
  for (const some of groupsOf([...new Set(series)])) {
    const states = await readContract(client, () => recordRegistry.statesOf(patient, [...some]), options);
    for (const [i, { restrictions, isDisputed, isErased }] of states.entries()) {
      marks.set(some[i] as SeriesId, { restrictions, disputed: isDisputed, erased: isErased });
    }
  }
  return marks;
}

/** Those of the given records that their own author marked as entered in error. @throws CHAIN_UNREACHABLE */
export async function retractedAmong(
  client: Client,
  authors: ReadonlyMap<RecordId, Hex>,
  options: AbortOptions,
): Promise<ReadonlySet<RecordId>> {
  const retracted = new Set<RecordId>();
  const range = { from: client.deployment.block, to: (await head(client, options)).number };
  for (const some of groupsOf([...authors.keys()])) {
    const topics = [eventTopic(client, "recordRegistry", "RecordRetracted"), some] as const;
    for await (const { logs } of pagesOfLogs(client, range, [{ contracts: ["recordRegistry"], topics }], options)) {
      for (const log of logs) {
        const args = decodeEvent(client, log)?.args;
        const id = recordId(String(args?.["recordId"]));
        // Anybody may mark any id in their own name: only the author's word counts.
        if (String(args?.["author"]).toLowerCase() === authors.get(id)) retracted.add(id);
      }
    }
  }
  return retracted;
}
