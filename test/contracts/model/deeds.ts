import type { Decision, Ghost, Terms } from "./ghost.ts";
import * as consents from "./ghost-consents.ts";
import * as narrowings from "./ghost-narrowings.ts";
import * as people from "./ghost-people.ts";
import * as providers from "./ghost-providers.ts";
import * as shares from "./ghost-shares.ts";
import * as trustees from "./ghost-trustees.ts";

/** What somebody decided, with everything that was signed. */
export type Decided = { readonly decision: Decision } & (
  | { readonly verb: "register" | "revokeAll" | "optOut" | "optIn" | "objectToDeath"; readonly patient: string }
  | { readonly verb: "cancelController" | "veto"; readonly patient: string }
  | { readonly verb: "announceController"; readonly patient: string; readonly next: string }
  | { readonly verb: "dismiss"; readonly patient: string; readonly delegate: string }
  | {
      readonly verb: "appoint";
      readonly patient: string;
      readonly delegate: string;
      readonly kind: "proxy" | "executor";
      readonly until: number;
    }
  | {
      readonly verb: "approve";
      readonly patient: string;
      readonly proposal: trustees.Proposal;
      readonly round: number;
    }
  | { readonly verb: "grant"; readonly item: consents.Item }
  | { readonly verb: "revoke"; readonly item: consents.Register }
  | { readonly verb: "grantMany"; readonly items: readonly consents.Item[] }
  | { readonly verb: "revokeMany"; readonly items: readonly consents.Register[] }
  | { readonly verb: "share"; readonly link: shares.Link; readonly terms: Terms; readonly parentSerial: number }
  | { readonly verb: "unshare" | "cut" | "uncut"; readonly link: shares.Link }
  | { readonly verb: "exclude" | "readmit"; readonly patient: string; readonly provider: string }
  | { readonly verb: "restrict" | "unrestrict"; readonly relabelling: narrowings.Relabelling }
  | { readonly verb: "propose" | "accept" | "end"; readonly organisation: string; readonly practitioner: string }
);

/** What an office does, in its own name. */
export type Official =
  | { readonly verb: "suspend" | "reinstate"; readonly provider: string }
  | { readonly verb: "attestDeath"; readonly patient: string }
  | { readonly verb: "endorse"; readonly patient: string; readonly next: string };

export type Deed = Decided | Official | { readonly verb: "wait" };

/** What a ghost makes of a deed; throws Refusal. */
export function tell(ghost: Ghost, deed: Deed): void {
  switch (deed.verb) {
    case "wait":
      return;
    case "suspend":
    case "reinstate":
      return providers.move(ghost, deed.provider, deed.verb === "reinstate");
    case "attestDeath":
      return people.attestDeath(ghost, deed.patient);
    case "endorse":
      return trustees.endorse(ghost, deed.patient, deed.next);
    case "register":
    case "revokeAll":
    case "optOut":
    case "optIn":
    case "objectToDeath":
    case "cancelController":
      return people[deed.verb](ghost, deed.patient, deed.decision);
    case "veto":
      return trustees.veto(ghost, deed.patient, deed.decision);
    case "announceController":
      return people.announceController(ghost, deed.patient, deed.next, deed.decision);
    case "dismiss":
      return people.dismiss(ghost, deed.patient, deed.delegate, deed.decision);
    case "appoint":
      return people.appoint(ghost, deed.patient, deed.delegate, deed.kind, deed.until, deed.decision);
    case "approve":
      return trustees.approve(ghost, deed.patient, deed.proposal, deed.round, deed.decision);
    case "grant":
      return consents.grant(ghost, deed.item, deed.decision);
    case "revoke":
      return consents.revoke(ghost, deed.item, deed.decision);
    case "grantMany":
      return consents.grantMany(ghost, deed.items, deed.decision);
    case "revokeMany":
      return consents.revokeMany(ghost, deed.items, deed.decision);
    case "share":
      return shares.share(ghost, deed.link, deed.terms, deed.parentSerial, deed.decision);
    case "unshare":
    case "cut":
    case "uncut":
      return shares[deed.verb](ghost, deed.link, deed.decision);
    case "exclude":
    case "readmit":
      return narrowings[deed.verb](ghost, deed.patient, deed.provider, deed.decision);
    case "restrict":
    case "unrestrict":
      return narrowings[deed.verb](ghost, deed.relabelling, deed.decision);
    case "propose":
    case "accept":
    case "end":
      return providers[deed.verb](ghost, deed.organisation, deed.practitioner, deed.decision);
  }
}
