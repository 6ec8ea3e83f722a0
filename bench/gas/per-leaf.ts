import { isMet, type Row } from "../report/row.ts";

/** What the head of a log may cost, whatever its number of leaves. */
const MOST_PER_HEAD = 30_000;

/** What one leaf of a log costs when N are anchored by one head. */
export function perLeafRows(rows: readonly Row[]): readonly Row[] {
  const head = rows.find(({ id }) => id === "anchor-log");
  if (head === undefined) return [];
  return [10, 100, 1_000].map((leaves) => {
    const ratio = head.value / MOST_PER_HEAD;
    const row = {
      id: `root-per-leaf-of-${leaves}`,
      what: `one of ${leaves} leaves under one root`,
      value: Math.round(head.value / leaves),
      unit: "gas",
      reference: `30,000 ÷ ${leaves}`,
      referenceValue: MOST_PER_HEAD / leaves,
      ratio,
      target: 1,
      note: "asks another contract whose key it is: 4,700 of it",
    } as const;
    return { ...row, met: isMet(row) };
  });
}
