import type { AbortOptions } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";

/** What a steward can be asked (`docs/spec/release.md`). */
export const stewardVerbs = [
  "list",
  "release",
  "envelope",
  "logged-envelope",
  "record-place",
  "sync",
  "receipts",
  "erasures",
  "resealed",
  "resealed-put",
  "header",
  "header-put",
  "recover",
  "owner-key",
  "owner-key-put",
  "receipt-proof",
  "log-consistency",
] as const;
export type StewardVerb = (typeof stewardVerbs)[number];

/** Where a steward is, and by what it is recognised: from the committee on the chain. */
export interface StewardAddress {
  /** Place in the committee's list, from 0; the steward holds share `index` + 1. */
  readonly index: number;
  /** Ed25519 public key of its replies and receipts, 32 bytes. */
  readonly signingKey: Hex;
  readonly endpoint: string;
}

/** Carries one question to one steward and brings back its answer: bytes both ways, whatever lies between. */
export interface StewardTransport {
  /** Rejects when no answer came; whether the answer is the steward's is for the caller to verify. */
  request(steward: StewardAddress, verb: StewardVerb, body: Uint8Array, options?: AbortOptions): Promise<Uint8Array>;
}
