import type { Row } from "./row.ts";

const number = (value: number | undefined): string => value?.toLocaleString("en") ?? "";
const verdict = ({ met }: Row): string => (met === undefined ? "" : met ? "yes" : "**no**");

interface Column {
  readonly head: string;
  readonly cell: (row: Row) => string;
  readonly isWords?: boolean;
}

const columns: readonly Column[] = [
  { head: "what", cell: ({ what }) => what, isWords: true },
  { head: "value", cell: ({ value, unit }) => `${number(value)} ${unit}` },
  { head: "reference", cell: ({ referenceValue }) => number(referenceValue) },
  { head: "ratio", cell: ({ ratio }) => ratio?.toFixed(3) ?? "" },
  {
    head: "target",
    cell: ({ target, atLeast }) => (target === undefined ? "" : `${atLeast ? "≥" : "≤"} ${number(target)}`),
  },
  { head: "met", cell: verdict },
  { head: "difference", cell: ({ note }) => note ?? "", isWords: true },
];

/** A Markdown table without empty columns, aligned so that it reads well in a terminal too. */
function draw(rows: readonly Row[]): string {
  const drawn = columns
    .map(({ head, cell, isWords = false }) => ({ head, isWords, cells: rows.map(cell) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map((column) => ({ ...column, width: Math.max(column.head.length, ...column.cells.map(({ length }) => length)) }));
  const line = (cellOf: (column: (typeof drawn)[number]) => string): string =>
    `| ${drawn.map((column) => (column.isWords ? cellOf(column).padEnd(column.width) : cellOf(column).padStart(column.width))).join(" | ")} |`;
  const rule = `|${drawn.map(({ isWords, width }) => (isWords ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [line(({ head }) => head), rule, ...rows.map((_, index) => line(({ cells }) => cells[index] ?? ""))].join(
    "\n",
  );
}

/** One table for each thing that is compared with, in the order of the rows. */
export function tableOf(rows: readonly Row[]): string {
  const groups = Map.groupBy(rows, ({ reference, unit }) => reference ?? `no reference, ${unit}`);
  return [...groups].map(([reference, group]) => `**Beside: ${reference}**\n\n${draw(group)}`).join("\n\n");
}
