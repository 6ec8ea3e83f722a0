import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Property } from "./properties.ts";

/** A change to a contract on which a property must fail: what shows that the property says something. */
export interface Mutant {
  readonly property: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const readMutants = (root: string): readonly Mutant[] =>
  JSON.parse(readFileSync(join(root, "proofs", "mutants.json"), "utf8")) as readonly Mutant[];

/** The text with the mutation, which must fit exactly once. */
export function mutate(text: string, { property, file, find, replace }: Mutant): string {
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`the mutant of ${property} fits ${places} times into ${file}, not once`);
  if (find === replace) throw new Error(`the mutant of ${property} changes nothing`);
  return text.replace(find, () => replace);
}

/** Mutants of no property, and properties without a mutant, in plain words. */
export function findGaps(properties: readonly Property[], mutants: readonly Mutant[]): readonly string[] {
  const names = properties.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const known = new Set(names);
  const covered = new Set(mutants.map(({ property }) => property));
  return [
    ...twice.map((name) => `${name} is the name of two properties`),
    ...mutants.filter(({ property }) => !known.has(property)).map(({ property }) => `${property} is no property`),
    ...names.filter((name) => !covered.has(name)).map((name) => `${name} has no mutant`),
  ];
}

/** One of `shares` parts of the list, each once in as many turns. */
export const shareOf = <T>(list: readonly T[], shares: number, turn: number): readonly T[] =>
  list.filter((_, index) => index % shares === turn % shares);
