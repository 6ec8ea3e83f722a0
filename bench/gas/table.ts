import type { Row } from "./row.ts";

const number = (value: number | undefined): string => value?.toLocaleString("en") ?? "";
const verdict = ({ met }: Row): string => (met === undefined ? "" : met ? "yes" : "**no**");

/** A Markdown table, aligned so that it reads well in a terminal too. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [
    ["what", "value", "reference", "ratio", "target", "met"],
    ...rows.map((row) => [
      row.what,
      `${number(row.value)} ${row.unit}`,
      number(row.referenceValue),
      row.ratio?.toFixed(3) ?? "",
      row.target === undefined ? "" : `≤ ${number(row.target)}`,
      verdict(row),
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const render = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  const [head = [], ...body] = lines;
  return [render(head), rule, ...body.map(render)].join("\n");
}
