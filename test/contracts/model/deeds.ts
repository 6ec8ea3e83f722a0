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

const { register, revokeAll, optOut, optIn, objectToDeath, cancelController } = people;
const ofPatient = { register, revokeAll, optOut, optIn, objectToDeath, cancelController };
const ofLink = { unshare: shares.unshare, cut: shares.cut, uncut: shares.uncut };
const ofProvider = { exclude: narrowings.exclude, readmit: narrowings.readmit };
const ofSeries = { restrict: narrowings.restrict, unrestrict: narrowings.unrestrict };
const ofPair = { propose: providers.propose, accept: providers.accept, end: providers.end };

/** What a ghost makes of a deed; throws Refusal. */
export function tell(ghost: Ghost, deed: Deed): void {
  switch (deed.verb) {
    case "wait":
      break;
    case "suspend":
    case "reinstate":
      providers.move(ghost, deed.provider, deed.verb === "reinstate");
      break;
    case "attestDeath":
      people.attestDeath(ghost, deed.patient);
      break;
    case "endorse":
      trustees.endorse(ghost, deed.patient, deed.next);
      break;
    case "register":
    case "revokeAll":
    case "optOut":
    case "optIn":
    case "objectToDeath":
    case "cancelController":
      ofPatient[deed.verb](ghost, deed.patient, deed.decision);
      break;
    case "veto":
      trustees.veto(ghost, deed.patient, deed.decision);
      break;
    case "announceController":
      people.announceController(ghost, deed.patient, deed.next, deed.decision);
      break;
    case "dismiss":
      people.dismiss(ghost, deed.patient, deed.delegate, deed.decision);
      break;
    case "appoint":
      people.appoint(ghost, deed.patient, deed.delegate, deed.kind, deed.until, deed.decision);
      break;
    case "approve":
      trustees.approve(ghost, deed.patient, deed.proposal, deed.round, deed.decision);
      break;
    case "grant":
      consents.grant(ghost, deed.item, deed.decision);
      break;
    case "revoke":
      consents.revoke(ghost, deed.item, deed.decision);
      break;
    case "grantMany":
      consents.grantMany(ghost, deed.items, deed.decision);
      break;
    case "revokeMany":
      consents.revokeMany(ghost, deed.items, deed.decision);
      break;
    case "share":
      shares.share(ghost, deed.link, deed.terms, deed.parentSerial, deed.decision);
      break;
    case "unshare":
    case "cut":
    case "uncut":
      ofLink[deed.verb](ghost, deed.link, deed.decision);
      break;
    case "exclude":
    case "readmit":
      ofProvider[deed.verb](ghost, deed.patient, deed.provider, deed.decision);
      break;
    case "restrict":
    case "unrestrict":
      ofSeries[deed.verb](ghost, deed.relabelling, deed.decision);
      break;
    case "propose":
    case "accept":
    case "end":
      ofPair[deed.verb](ghost, deed.organisation, deed.practitioner, deed.decision);
      break;
  }
}
