import type { RecordId, SeriesId } from "../../core/ids.ts";

/**
 * Whether a version is the one to read: `conflicting` where its series has several that know nothing of one another, `retracted` where its author took it
 * back.
 */
export type VersionState = "current" | "superseded" | "conflicting" | "retracted";

/** What is known of a record among the versions of its series that can be seen. */
export interface Standing {
  readonly state: VersionState;
  /** The versions that amend it directly. */
  readonly amendedBy: readonly RecordId[];
  /** The other versions that stand beside it, none of them amending the other. */
  readonly conflictsWith: readonly RecordId[];
}

/** What a standing follows from. */
export interface VersionedRecord {
  readonly recordId: RecordId;
  readonly series: SeriesId;
  readonly prev: RecordId | null;
  readonly retracted: boolean;
}

/**
 * Orders the versions of each series by what they amend. A version that its author retracted replaces nothing and conflicts with nothing; what amends it
 * counts as amending what it amended. Versions whose predecessors cannot be seen are taken for conflicting unless it is known that they are not.
 */
export function standingsOf(records: readonly VersionedRecord[]): ReadonlyMap<RecordId, Standing> {
  const byId = new Map(records.map((record) => [record.recordId, record]));
  const successors = new Map<RecordId, RecordId[]>();
  for (const { recordId, prev } of records) {
    if (prev !== null) successors.set(prev, [...(successors.get(prev) ?? []), recordId]);
  }
  const isReplaced = new Set<RecordId>();
  for (const { prev, retracted } of records) {
    if (retracted) continue;
    for (let id = prev; id !== null && !isReplaced.has(id); id = byId.get(id)?.prev ?? null) isReplaced.add(id);
  }
  const isLast = ({ recordId, retracted }: VersionedRecord) => !retracted && !isReplaced.has(recordId);
  const last = Map.groupBy(records.filter(isLast), ({ series }) => series);

  return new Map(
    records.map((record): [RecordId, Standing] => {
      const { recordId, series, retracted } = record;
      const amendedBy = successors.get(recordId) ?? [];
      const beside = isLast(record) ? (last.get(series) ?? []).filter((other) => other !== record) : [];
      const conflictsWith = beside.map((other) => other.recordId);
      const stands = conflictsWith.length > 0 ? "conflicting" : "current";
      const state = retracted ? "retracted" : isReplaced.has(recordId) ? "superseded" : stands;
      return [recordId, { state, amendedBy, conflictsWith }];
    }),
  );
}

/** What a reader should know before relying on a record. */
export interface RecordMarks {
  readonly retracted: boolean;
  readonly disputed: boolean;
  readonly state?: VersionState | undefined;
}

/** The same in words, the gravest first; none for a record that nothing is said of. */
export function remarksOn({ retracted, disputed, state }: RecordMarks): readonly string[] {
  return [
    retracted && "Its author marked it as entered in error.",
    disputed && "The patient says that something in it is wrong.",
    state === "conflicting" &&
      "It was amended more than once, and the versions know nothing of one another: read them all.",
    state === "superseded" && "There is a later version of it.",
  ].filter((remark) => remark !== false);
}
