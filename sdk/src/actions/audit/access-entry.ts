import type { ContractEvent } from "../../chain/index.ts";
import { sessionId } from "../../core/ids.ts";
import { emergencyReasons, reasonOf } from "../../core/reasons.ts";
import { consentTimeWords } from "../../core/time.ts";
import type { Address, DelegateKind } from "../../core/types.ts";
import { type Label, labelMask, labelWords } from "../../core/vocabulary.ts";
import { delegateSessionOfEvent, emergencySessionOfEvent } from "../access/session-of-event.ts";
import type { Named } from "./chain-entry.ts";

/** `EmergencyReview.Justified`. */
const JUSTIFIED = 1;

const who: Readonly<Record<DelegateKind, string>> = {
  guardian: "A guardian",
  proxy: "The person who decides for you",
  executor: "The person who acts after your death",
};

const inWords = (labels: readonly Label[]): string => labelWords(labelMask(labels)).join(", ");

/** Openings by delegates and in emergencies, reviews, and disputes of accesses; undefined for any other event. */
export function accessEntryOf({ name, contract, args }: ContractEvent, named: Named) {
  if (contract !== "accessGate") return undefined;
  const signed = { signer: String(args["signer"]).toLowerCase() as Address, signedAt: Number(args["signedAt"]) };
  switch (name) {
    case "DelegateSessionOpened": {
      const { patient: _, ...session } = delegateSessionOfEvent(args);
      const words = `${who[session.delegateKind]} was let in to see ${inWords(session.labels)}.`;
      return { kind: "delegate-session-opened", ...session, words } as const;
    }
    case "EmergencyOpened": {
      const { patient: _, ...session } = emergencySessionOfEvent(args);
      const reason = reasonOf(emergencyReasons, session.reason);
      const words =
        `Emergency: ${named(session.actor, "a practitioner")} opened your record, and ` +
        `${named(session.colleague, "another practitioner")} vouched for it (${reason.words}), until ` +
        `${consentTimeWords(session.expiresAt)}: ${inWords(session.labels)}. A privacy officer will review it.`;
      return { kind: "emergency-opened", emphasis: "emergency", ...session, words } as const;
    }
    case "EmergencyReviewed": {
      const justified = Number(args["review"]) === JUSTIFIED;
      return {
        kind: "emergency-reviewed",
        emphasis: "emergency",
        sessionId: sessionId(String(args["sessionId"])),
        officer: String(args["officer"]).toLowerCase() as Address,
        justified,
        words: justified
          ? "A privacy officer reviewed the emergency and found it justified."
          : "A privacy officer reviewed the emergency and found it not justified. The opening has ended.",
      } as const;
    }
    case "AccessDisputed":
    case "AccessDisputeWithdrawn": {
      const isDisputed = name === "AccessDisputed";
      return {
        kind: isDisputed ? "access-disputed" : "access-dispute-withdrawn",
        sessionId: sessionId(String(args["sessionId"])),
        ...signed,
        words: isDisputed ? "You disputed an access to your record." : "You withdrew your dispute of an access.",
      } as const;
    }
    default:
      return undefined;
  }
}
