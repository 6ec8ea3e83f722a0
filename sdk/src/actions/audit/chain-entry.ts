import { type ContractEvent, refusalOf } from "../../chain/index.ts";
import type { Hex } from "../../core/bytes.ts";
import { noId, type PatientId, type ProviderId, providerId, recordId, seriesId } from "../../core/ids.ts";
import { consentTimeWords } from "../../core/time.ts";
import type { Address, ChainTrailEntry } from "../../core/types.ts";
import {
  actionsOfMask,
  actionWords,
  labels as allLabels,
  type Label,
  labelsOfMask,
  purposeId,
  purposeName,
  purposeWords,
} from "../../core/vocabulary.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { sessionOfEvent } from "../access/open-session.ts";
import { accessEntryOf } from "./access-entry.ts";
import { consentEntryOf } from "./consent-entry.ts";
import { patientEntryOf } from "./patient-entry.ts";
import { seriesEntryOf } from "./series-entry.ts";

export interface EntryContext {
  readonly patient: PatientId;
  /** Unix seconds of the event's block. */
  readonly time: number;
  readonly nameOf: (provider: ProviderId) => string | undefined;
}

const optional = <T extends string>(value: unknown): T | undefined =>
  value === noId ? undefined : (String(value) as T);

const inWords = (names: readonly Label[]): string =>
  allLabels
    .filter(({ name }) => names.includes(name))
    .map(({ words }) => words)
    .join(", ");

/** One event as a line of the trail. @throws CHAIN_ANSWER_INVALID for an event that belongs on no trail */
export function chainEntryOf(event: ContractEvent, { patient, time, nameOf }: EntryContext): ChainTrailEntry {
  const { args, log } = event;
  const place = {
    source: "chain",
    block: Number(log.blockNumber),
    time,
    transaction: log.transactionHash,
    logIndex: Number(log.logIndex),
    patient,
  } as const;
  const named = (provider: ProviderId, otherwise: string) => nameOf(provider) ?? otherwise;
  const signed = { signer: String(args["signer"]).toLowerCase() as Address, signedAt: Number(args["signedAt"]) };
  switch (event.name) {
    case "PatientRegistered":
      return {
        ...place,
        kind: "patient-registered",
        controller: String(args["controller"]).toLowerCase() as Address,
        ownerKeyHash: String(args["ownerKeyHash"]) as Hex,
        words: "You opened this health record.",
      };
    case "EverythingRevoked":
      return {
        ...place,
        ...signed,
        kind: "everything-revoked",
        // A freeze names no signer: the trustees decided it together.
        words: BigInt(signed.signer) === 0n ? "Your trustees ended every permission." : "You ended every permission.",
      };
    case "ConsentGranted":
      return { ...place, ...signed, ...grantOf(event, named) };
    case "ConsentRevoked": {
      const grantee = providerId(String(args["grantee"]));
      const purpose = purposeName(Number(args["purpose"]));
      const words = `You ended the permission of ${named(grantee, "a provider")} for ${purposeWords(purposeId(purpose))}.`;
      return { ...place, ...signed, kind: "consent-revoked", grantee, purpose, words };
    }
    case "SessionOpened": {
      const { patient: _, ...session } = sessionOfEvent(args);
      const { organisation } = session.via;
      const who =
        named(session.actor, "A provider") + (organisation ? ` for ${named(organisation, "an organisation")}` : "");
      const words = `${who} was let in to see ${inWords(session.labels)}, for ${purposeWords(purposeId(session.purpose))}.`;
      return { ...place, kind: "session-opened", ...session, words };
    }
    case "AccessDenied":
      return { ...place, ...denialOf(event, named) };
    case "RecordAnchored": {
      const author = String(args["author"]) as ProviderId;
      const labels = labelsOfMask(args["labels"] as bigint);
      const who = String(author) === String(patient) ? "You" : named(author, "A provider");
      const words = `${who} added a record: ${inWords(labels)}.`;
      return { ...place, kind: "record-anchored", recordId: recordId(String(args["recordId"])), author, labels, words };
    }
    case "RecordRetracted": {
      const author = String(args["author"]) as ProviderId;
      const who = String(author) === String(patient) ? "You" : named(author, "The author");
      const words = `${who} marked a record as entered in error.`;
      return { ...place, kind: "record-retracted", recordId: recordId(String(args["recordId"])), author, words };
    }
    default: {
      const entry =
        patientEntryOf(event) ??
        consentEntryOf(event, named) ??
        seriesEntryOf(event, named) ??
        accessEntryOf(event, named);
      if (entry) return { ...place, ...entry };
      throw new AnamnesisError("CHAIN_ANSWER_INVALID", { event: event.name });
    }
  }
}

export type Named = (provider: ProviderId, otherwise: string) => string;

function grantOf({ args }: ContractEvent, named: Named) {
  const grantee = providerId(String(args["grantee"]));
  const purpose = purposeName(Number(args["purpose"]));
  const labels = labelsOfMask(args["labels"] as bigint);
  const mask = Number(args["actions"]);
  const until = Number(args["notAfter"]);
  return {
    kind: "consent-granted",
    ...{ grantee, purpose, labels, until },
    actions: actionsOfMask(mask),
    from: Number(args["notBefore"]),
    document: optional<Hex>(args["document"]),
    words:
      `You allowed ${named(grantee, "a provider")} to ${actionWords(mask).join(", ")} ${inWords(labels)}, ` +
      `for ${purposeWords(purposeId(purpose))}, until ${consentTimeWords(until)}.`,
  } as const;
}

function denialOf({ args }: ContractEvent, named: Named) {
  const actor = providerId(String(args["actor"]));
  const purpose = purposeName(Number(args["purpose"]));
  const labels = labelsOfMask(args["labels"] as bigint);
  const { reason, words } = refusalOf(args["denial"] as bigint);
  const series = optional<string>(args["series"]);
  return {
    kind: "access-denied",
    ...{ actor, purpose, labels, reason },
    organisation: optional<ProviderId>(args["organisation"]),
    series: series === undefined ? undefined : seriesId(series),
    reasonWords: words,
    ...(purpose === "emergency" ? { emphasis: "emergency" as const } : {}),
    words: `${named(actor, "A provider")} tried to see ${inWords(labels)} and was refused. ${words}`,
  } as const;
}
