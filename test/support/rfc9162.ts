import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A published case about a leaf in a tree (transparency-dev/merkle); counts as large as a uint64. */
export interface InclusionVector {
  readonly name: string;
  readonly leafIdx: bigint;
  readonly treeSize: bigint;
  readonly root: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly wantErr: boolean;
}

/** A published case about a tree and a later one. */
export interface ConsistencyVector {
  readonly name: string;
  readonly size1: bigint;
  readonly size2: bigint;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly wantErr: boolean;
}

type Kind = "inclusion" | "consistency";
type VectorOf<K extends Kind> = K extends "inclusion" ? InclusionVector : ConsistencyVector;
type Fields = Record<string, unknown>;

const frozen = new URL("../vectors/rfc9162/", import.meta.url);
const published = new URL("../../../shared/vectors/rfc9162/", import.meta.url);

/** Numbers as written: a uint64 does not fit a JavaScript number. */
const parse = (text: string): Fields =>
  (
    JSON.parse as (
      text: string,
      reviver: (key: string, value: unknown, context: { source: string }) => unknown,
    ) => Fields
  )(text, (_, value, { source }) => (typeof value === "number" ? BigInt(source) : value));

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));

/** All 98 of a kind, from the copy in this repository. */
export function readMerkleVectors<K extends Kind>(kind: K): readonly VectorOf<K>[] {
  const all = parse(readFileSync(new URL(`${kind}.json`, frozen), "utf8")) as Record<string, Fields>;
  return Object.entries(all).map(([name, fields]) => {
    const decoded = Object.entries(fields).map(([field, value]) => {
      if (field === "proof") return [field, ((value ?? []) as string[]).map(bytesOf)];
      return [field, typeof value === "string" && field !== "desc" ? bytesOf(value) : value];
    });
    return { name, ...Object.fromEntries(decoded) } as VectorOf<K>;
  });
}

/** The files as published, where they stand beside the project, and our copy of them; undefined elsewhere. */
export function publishedBesideFrozen(
  kind: Kind,
):
  | { readonly published: Readonly<Record<string, Fields>>; readonly frozen: Readonly<Record<string, Fields>> }
  | undefined {
  const folder = new URL(`${kind}/`, published);
  if (!existsSync(folder)) return undefined;
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(".json"));
  const files = names.map((name) => [
    name.slice(0, -".json".length),
    parse(readFileSync(new URL(name, folder), "utf8")),
  ]);
  return {
    published: Object.fromEntries(files),
    frozen: parse(readFileSync(new URL(`${kind}.json`, frozen), "utf8")) as Record<string, Fields>,
  };
}
