import Table from "cli-table3";
import colours from "picocolors";

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** One JSON value; whole numbers of any size are told as they are. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? each.toString() : each), 2));
}

export function sayTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = new Table({ head: head.map((title) => colours.cyan(title)), style: { head: [], border: [] } });
  for (const row of rows) table.push([...row]);
  say(table.toString());
}

/** Values beside their names. */
export function saySheet(rows: readonly (readonly [name: string, value: string])[]): void {
  const table = new Table({ style: { head: [], border: [], compact: true } });
  for (const [name, value] of rows) table.push([colours.cyan(name), value]);
  say(table.toString());
}

/** Unix seconds as people read them, in UTC. */
export const timeText = (seconds: number): string =>
  `${new Date(seconds * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;

export const answerMark = (isYes: boolean): string => (isYes ? colours.green("✓") : colours.red("✗"));
