import type { ContractEvent } from "../../chain/index.ts";
import type { Hex } from "../../core/bytes.ts";
import { noId } from "../../core/ids.ts";
import { consentTimeWords } from "../../core/time.ts";
import type { Address, PatientTrailDetails, PatientTrailKind } from "../../core/types.ts";
import { trusteeVerbs } from "../../typed-data/index.ts";

/** The minute in which something happens, for sentences: times of blocks are seconds. */
const minuteWords = (seconds: unknown): string => {
  const time = Number(seconds);
  return consentTimeWords(time - (time % 60));
};

const delegateWords = ["somebody", "a guardian", "a proxy", "an executor"] as const;
const changeWords = ["of your wallet", "of your owner key", "of your trustees"] as const;
const nobody = `0x${"00".repeat(20)}`;

interface Line extends Omit<PatientTrailDetails, "signer" | "signedAt"> {
  readonly kind: PatientTrailKind;
  readonly words: string;
}

/** What became of who holds the record and who acts for it; undefined for any other event. */
export function patientEntryOf({ name, contract, args }: ContractEvent) {
  if (contract !== "patientRegistry") return undefined;
  const line = lineOf(name, args);
  if (line === undefined) return undefined;
  const value = (field: string): unknown => (args.toObject() as Record<string, unknown>)[field];
  const signer = value("signer");
  const signedAt = value("signedAt");
  return {
    ...{ person: undefined, effectiveAt: undefined, ownerKeyHash: undefined },
    ...line,
    // Trustees decide together, and a registrar's officer by office: neither names one signer.
    signer: signer === undefined || signer === nobody ? undefined : (String(signer).toLowerCase() as Address),
    signedAt: signedAt === undefined ? undefined : Number(signedAt),
  } as const;
}

/** Every event of PatientRegistry that belongs on the trail, besides its registration and `EverythingRevoked`. */
export const patientEvents = [
  "DelegateAppointed",
  "DelegateDismissed",
  "MinorRegistered",
  "GuardianAnnounced",
  "GuardianKept",
  "MajorityAttested",
  "MajorityClaimed",
  "DeathAttested",
  "DeathObjected",
  "ControllerAnnounced",
  "OwnerKeyAnnounced",
  "ChangeCancelled",
  "KeyHeaderSet",
  "EmergencyOptedOut",
  "EmergencyOptedIn",
  "TrusteesAnnounced",
  "ProposalApproved",
  "PatientWasFrozen",
  "PatientWasUnfrozen",
  "RecoveryProposed",
  "RecoveryEndorsed",
  "RecoveryVetoed",
  "RecoveryCancelled",
  "ErasureCancelled",
] as const;

function lineOf(name: string, args: ContractEvent["args"]): Line | undefined {
  const address = (field: string) => String(args[field]).toLowerCase() as Address;
  const key = (field = "ownerKeyHash") => (args[field] === noId ? undefined : (String(args[field]) as Hex));
  const effectiveAt = () => Number(args["effectiveAt"]);
  switch (name as (typeof patientEvents)[number]) {
    case "DelegateAppointed": {
      const who = delegateWords[Number(args["kind"])] ?? delegateWords[0];
      const until = Number(args["until"]);
      const words = `You appointed ${who} to act for you until ${minuteWords(until)}.`;
      return { kind: "delegate-appointed", person: address("delegate"), effectiveAt: until, words };
    }
    case "DelegateDismissed":
      return {
        kind: "delegate-dismissed",
        person: address("delegate"),
        words: "Somebody's power to act for you ended.",
      };
    case "MinorRegistered": {
      const majorityAt = Number(args["majorityAt"]);
      const words = `Your guardians opened this health record. It is yours from ${minuteWords(majorityAt)} on.`;
      return { kind: "minor-registered", effectiveAt: majorityAt, ownerKeyHash: key(), words };
    }
    case "GuardianAnnounced": {
      const words = `A recovery officer replaces one of your guardians on ${minuteWords(effectiveAt())}, unless a guardian stops it.`;
      return { kind: "guardian-announced", person: address("next"), effectiveAt: effectiveAt(), words };
    }
    case "GuardianKept":
      return {
        kind: "guardian-kept",
        person: address("lost"),
        words: "A guardian stopped the replacement of one of your guardians.",
      };
    case "MajorityAttested":
      return {
        kind: "majority-attested",
        person: address("wallet"),
        words: "A recovery officer attested which wallet is yours, now that you are of age.",
      };
    case "MajorityClaimed":
      return {
        kind: "majority-claimed",
        person: address("controller"),
        ownerKeyHash: key(),
        words: "You took over your health record from your guardians.",
      };
    case "DeathAttested": {
      const from = Number(args["executorsFrom"]);
      const words = `A recovery officer attested your death. Unless you object, your executors act from ${minuteWords(from)} on.`;
      return { kind: "death-attested", effectiveAt: from, words };
    }
    case "DeathObjected":
      return { kind: "death-objected", words: "You objected to your attested death." };
    case "ControllerAnnounced": {
      const words = `Another wallet was announced for your health record. It takes over on ${minuteWords(effectiveAt())} unless that is stopped.`;
      return { kind: "controller-announced", person: address("controller"), effectiveAt: effectiveAt(), words };
    }
    case "OwnerKeyAnnounced": {
      const words = `Another owner key was announced. Records are sealed to it from ${minuteWords(effectiveAt())} on, unless that is stopped.`;
      return { kind: "owner-key-announced", effectiveAt: effectiveAt(), ownerKeyHash: key(), words };
    }
    case "ChangeCancelled": {
      const what = changeWords[Number(args["change"])] ?? changeWords[0];
      return { kind: "change-cancelled", words: `An announced change ${what} was stopped.` };
    }
    case "KeyHeaderSet":
      return { kind: "key-header-set", words: "Your keyring was replaced." };
    case "EmergencyOptedOut":
      return { kind: "emergency-opted-out", words: "You closed your record for emergencies." };
    case "EmergencyOptedIn":
      return { kind: "emergency-opted-in", words: "You opened your record for emergencies again." };
    case "TrusteesAnnounced": {
      const count = (args["trustees"] as readonly unknown[]).length;
      const words = `Other trustees were announced: ${Number(args["threshold"])} of ${count} decide from ${minuteWords(effectiveAt())} on, unless that is stopped.`;
      return { kind: "trustees-announced", effectiveAt: effectiveAt(), words };
    }
    case "ProposalApproved": {
      const verb = trusteeVerbs[Number(args["verb"])]?.words ?? "decide something";
      const words = `A trustee, number ${Number(args["count"])}, approved: ${verb}.`;
      return { kind: "proposal-approved", person: address("trustee"), words };
    }
    case "PatientWasFrozen": {
      const until = Number(args["until"]);
      const words = `Your trustees froze your health record: nothing new can be allowed before ${minuteWords(until)}.`;
      return { kind: "frozen", effectiveAt: until, words };
    }
    case "PatientWasUnfrozen":
      return { kind: "unfrozen", words: "Your trustees ended the freeze of your health record." };
    case "RecoveryProposed": {
      const isAwaiting = Number(args["state"]) === 2;
      const words = isAwaiting
        ? `Your trustees want to give your health record to a new wallet, again. A recovery officer can agree until ${minuteWords(effectiveAt())}.`
        : `Your trustees give your health record to a new wallet on ${minuteWords(effectiveAt())}, unless you veto it.`;
      return {
        kind: "recovery-proposed",
        ...{ person: address("controller"), effectiveAt: effectiveAt(), ownerKeyHash: key(), words },
      };
    }
    case "RecoveryEndorsed": {
      const words = `A recovery officer agreed that a new wallet gets your health record on ${minuteWords(effectiveAt())}.`;
      return {
        kind: "recovery-endorsed",
        ...{ person: address("controller"), effectiveAt: effectiveAt(), ownerKeyHash: key(), words },
      };
    }
    case "RecoveryVetoed":
      return { kind: "recovery-vetoed", words: "You stopped a recovery by your trustees." };
    case "RecoveryCancelled":
      return { kind: "recovery-cancelled", words: "Your trustees stopped their recovery." };
    case "ErasureCancelled":
      return { kind: "erasure-stopped", words: "Your trustees asked that a record be kept." };
    default:
      return undefined;
  }
}
