import { createHash } from "node:crypto";
import type { Hex } from "../../../sdk/src/core/bytes.ts";
import { noId, type RecordId } from "../../../sdk/src/core/ids.ts";
import type { ContractAddresses } from "../../../sdk/src/core/types.ts";
import type { OutboxItem } from "../../../sdk/src/stewards/index.ts";

/** What a worker is given. */
export interface Work {
  readonly path: string;
  readonly url: string;
  readonly chainId: number;
  readonly contracts: ContractAddresses;
  readonly authors: readonly { readonly owner: Hex; readonly key: Hex }[];
  readonly seed: number;
  /** Records of each author; from which each goes on. */
  readonly records: number;
  readonly from: readonly number[];
  /** Records handed over at once. */
  readonly step: number;
  /** Records that a head adds at most. */
  readonly batch: number;
  /** A mistake to make. */
  readonly planted?: "acknowledges first" | "appends again" | undefined;
}

/** What a worker says: author, and how many of its records are acknowledged; or that all of them are anchored. */
export type Said = { readonly author: number; readonly acknowledged: number } | { readonly drained: true };

const hash = (text: string): Hex => `0x${createHash("sha256").update(text).digest("hex")}`;

/** The `n`-th record of an author. Leaf only: an id without an envelope, which is all that a log sees of a record. */
export const recordOf = (seed: number, author: number, n: number): RecordId =>
  hash(`record ${seed} ${author} ${n}`) as RecordId;

export const itemOf = (seed: number, author: number, owner: Hex, n: number): OutboxItem => ({
  recordId: recordOf(seed, author, n),
  author: owner,
  envelope: null,
  purpose: 1,
  via: { organisation: noId as never, chain: [], bySeries: false },
});
