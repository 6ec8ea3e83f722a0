import type { Hex } from "@anamnesis/sdk/internal";

/** What a witness cries out about. Ids, numbers and hashes only: a report can be handed to anybody. */
export type Alarm =
  /** Its owner gave a path by which the later head does not continue the earlier, or the chain took a head back. */
  | {
      readonly kind: "log-rewritten";
      readonly owner: Hex;
      readonly size: number;
      readonly root: Hex;
      readonly laterSize: number;
      readonly laterRoot: Hex;
    }
  /** Its owner did not show in time that the later head continues the earlier. */
  | {
      readonly kind: "log-unproven";
      readonly owner: Hex;
      readonly size: number;
      readonly laterSize: number;
      readonly since: number;
    }
  /** Two nodes hold different events of our contracts in a block that both call final. */
  | { readonly kind: "split-view"; readonly block: number; readonly nodes: readonly string[] }
  /** What a contract says now does not follow from its events. */
  | { readonly kind: "state-differs"; readonly what: string; readonly node: string; readonly block: number }
  /** A stored body, or a part of it, cannot be fetched. */
  | { readonly kind: "block-missing"; readonly cid: string; readonly offset: number; readonly reason: string }
  /** What the storage gave has another hash than its address. */
  | { readonly kind: "block-altered"; readonly cid: string; readonly offset: number; readonly reason: string };

export type AlarmKind = Alarm["kind"];

const words: Readonly<Record<AlarmKind, string>> = {
  "log-rewritten": "A log was rewritten: what was in it can no longer be shown.",
  "log-unproven": "The owner of a log has not shown that it went on from what it was.",
  "split-view": "Two chain nodes tell different histories.",
  "state-differs": "A register says something else than its own history.",
  "block-missing": "Stored content cannot be fetched.",
  "block-altered": "Stored content was altered.",
};

export const wordsOf = ({ kind }: Alarm): string => words[kind];

/** One line of what an alarm names, for people. */
export const detailsOf = (alarm: Alarm): string =>
  Object.entries(alarm)
    .filter(([name]) => name !== "kind")
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(" and ") : String(value)}`)
    .join(", ");
