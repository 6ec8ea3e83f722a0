import { isMet, type Row } from "./row.ts";

/** A few zero bytes more or less in addresses and ids. */
const TOLERATED_GAS = 64;

/** Sentences about what must not be: a target missed, or a gas number that differs from the committed one. */
export function complaints(rows: readonly Row[], snapshot: Readonly<Record<string, number>>): readonly string[] {
  const missed = rows
    .filter((row) => !isMet(row))
    .map(({ id, value, unit, ratio, target }) =>
      ratio === undefined
        ? `${id}: ${value} ${unit}, more than ${target}`
        : `${id}: ${value} ${unit} is ${ratio.toFixed(3)} times its reference, more than ${target}`,
    );
  const changed = rows
    .filter(({ id, unit, value }) => unit === "gas" && Math.abs(value - (snapshot[id] ?? 0)) > TOLERATED_GAS)
    .map(({ id, value }) => `${id}: ${value} gas, ${snapshot[id] ?? "nothing"} in the snapshot (accept with --update)`);
  return [...missed, ...changed];
}

export const snapshotOf = (rows: readonly Row[]): Readonly<Record<string, number>> =>
  Object.fromEntries(rows.filter(({ unit }) => unit === "gas").map(({ id, value }) => [id, value]));
