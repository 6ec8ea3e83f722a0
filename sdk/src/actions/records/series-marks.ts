import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { PatientId, RecordId, SeriesId } from "../../core/ids.ts";
import { inOrder } from "../../core/in-order.ts";
import type { Client } from "../client.ts";

/** What a patient decided about a series, as the chain says it now. */
export interface SeriesMarks {
  /** Labels added to the records' own. */
  readonly restrictions: bigint;
  readonly disputed: boolean;
  /** The patient asked for its erasure. */
  readonly erased: boolean;
}

/** Series in one question. */
const AT_ONCE = 500;
/** Questions at once. */
const ASKED_AT_ONCE = 16;

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
  const { recordRegistry } = client.contracts;
  const retracted = new Set<RecordId>();
  async function* each() {
    yield* authors;
  }
  const ask = async ([recordId, author]: readonly [RecordId, Hex]) => {
    const isRetracted = await readContract(client, () => recordRegistry.isRetracted(recordId, author), options);
    if (isRetracted) retracted.add(recordId);
  };
  for await (const _ of inOrder(each(), ASKED_AT_ONCE, ask));
  return retracted;
}
