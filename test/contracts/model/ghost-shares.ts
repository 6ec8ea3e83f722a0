import {
  type Decision,
  type Ghost,
  keeps,
  permissiveTime,
  refuse,
  requireAboveFloor,
  requireNewer,
  requireNotOlder,
  requireSignature,
  restrictiveTime,
  type Switch,
  type Terms,
} from "./ghost.ts";
import { clear, consentKeyOf, write } from "./ghost-consents.ts";
import { judgeSharer, pathOf } from "./ghost-paths.ts";
import { decidedBy, registered } from "./ghost-people.ts";

const superseded = "ConsentSuperseded";

/** Under the last of `chain`'s own consent. */
export function shareKeyOf(ghost: Ghost, patient: string, chain: readonly string[], grantee: string): string {
  const [first = "", ...rest] = [...chain, grantee];
  return [consentKeyOf(ghost, { patient, grantee: first, purpose: "treatment" }), ...rest].join(">");
}

/** A step of a path: from the last of `chain` to `grantee`. */
export interface Link {
  readonly patient: string;
  readonly chain: readonly string[];
  readonly grantee: string;
}

function requireSharer({ chain }: Link, { signer }: Decision): void {
  if (chain.at(-1) !== signer) refuse("ConsentSignerNotProvider");
}

export function share(ghost: Ghost, link: Link, terms: Terms, parentSerial: number, decision: Decision): void {
  const signedAt = permissiveTime(ghost, decision);
  const { patient, chain, grantee } = link;
  const person = registered(ghost, patient);
  requireSharer(link, decision);
  const denial = judgeSharer(ghost, patient, chain.at(-1) ?? "");
  if (denial !== "none") refuse("ConsentShareRefused");
  const path = pathOf(ghost, person, patient, chain, "treatment", undefined);
  if (path.right === undefined) refuse("ConsentShareRefused");
  const { right } = path;
  if (right.serial !== parentSerial && keeps(ghost, "a share names the serial of its parent")) {
    refuse("ConsentParentChanged");
  }
  const mayShare = right.actions.includes("share") || !keeps(ghost, "a share needs SHARE");
  if (!mayShare || ghost.now >= right.until) refuse("ConsentShareRefused");
  const isPart =
    terms.labels.every((label) => right.labels.includes(label)) &&
    terms.actions.every((action) => right.actions.includes(action)) &&
    terms.from >= right.from &&
    terms.until <= right.until;
  if (!isPart && keeps(ghost, "a share is no wider than its parent")) refuse("ConsentShareTooWide");
  const key = shareKeyOf(ghost, patient, chain, grantee);
  requireAboveFloor(ghost, signedAt, person, superseded);
  requireNewer(ghost, signedAt, ghost.shares.get(key)?.asOf ?? 0, superseded);
  write(ghost.shares, key, terms, parentSerial, signedAt);
  requireSignature(ghost, decision);
}

export function unshare(ghost: Ghost, link: Link, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  registered(ghost, link.patient);
  requireSharer(link, decision);
  const key = shareKeyOf(ghost, link.patient, link.chain, link.grantee);
  clear(ghost, ghost.shares, key, signedAt, "a share taken back is over");
  requireSignature(ghost, decision);
}

const off: Switch = { on: false, asOf: 0 };

export function cut(ghost: Ghost, link: Link, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  decidedBy(ghost, link.patient, decision.signer, signedAt, "revoke");
  const key = shareKeyOf(ghost, link.patient, link.chain, link.grantee);
  requireNotOlder(ghost, signedAt, (ghost.cuts.get(key) ?? off).asOf, superseded);
  ghost.cuts.set(key, { on: true, asOf: signedAt });
  requireSignature(ghost, decision);
}

export function uncut(ghost: Ghost, link: Link, decision: Decision): void {
  const signedAt = permissiveTime(ghost, decision);
  const person = decidedBy(ghost, link.patient, decision.signer, signedAt, "decide");
  const key = shareKeyOf(ghost, link.patient, link.chain, link.grantee);
  requireAboveFloor(ghost, signedAt, person, superseded);
  requireNewer(ghost, signedAt, (ghost.cuts.get(key) ?? off).asOf, superseded);
  ghost.cuts.set(key, { on: false, asOf: signedAt });
  requireSignature(ghost, decision);
}
