import type { ContractEvent } from "../../chain/index.ts";
import type { Hex } from "../../core/bytes.ts";
import { noId, type ProviderId, providerId, type SeriesId, seriesId } from "../../core/ids.ts";
import { consentTimeWords } from "../../core/time.ts";
import type { Address } from "../../core/types.ts";
import {
  actionsOfMask,
  actionWords,
  type Label,
  labelMask,
  labelsOfMask,
  labelWords,
  purposeId,
  purposeName,
  purposeWords,
} from "../../core/vocabulary.ts";
import type { Named } from "./chain-entry.ts";

/** Events whose first indexed argument is the patient. */
export const consentEvents = [
  "RecordConsentGranted",
  "RecordConsentRevoked",
  "Superseded",
  "ConsentShared",
  "ConsentUnshared",
  "ShareCut",
  "ShareUncut",
  "ProviderExcluded",
  "ProviderReadmitted",
  "ConsentRequested",
  "RequestsMuted",
  "RequestsUnmuted",
] as const;

const inWords = (labels: readonly Label[]): string => labelWords(labelMask(labels)).join(", ");

/** Everything about consents but the plain grant and its end; undefined for any other event. */
export function consentEntryOf({ name, contract, args }: ContractEvent, named: Named) {
  if (contract !== "consentRegistry") return undefined;
  const signed = { signer: String(args["signer"]).toLowerCase() as Address, signedAt: Number(args["signedAt"]) };
  const provider = (member: string): ProviderId => providerId(String(args[member]));
  const purposeOf = (value: unknown) => {
    const purpose = purposeName(Number(value));
    return { purpose, shown: purposeWords(purposeId(purpose)) };
  };
  const chain = () => [...(args["chain"] as readonly string[])] as ProviderId[];
  switch (name) {
    case "RecordConsentGranted": {
      const grantee = provider("grantee");
      const { purpose, shown } = purposeOf(args["purpose"]);
      const until = Number(args["notAfter"]);
      const words =
        `You allowed ${named(grantee, "a provider")} to read one record, for ${shown}, ` +
        `until ${consentTimeWords(until)}.`;
      const labels = labelsOfMask(args["labels"] as bigint);
      return {
        kind: "record-consent-granted",
        ...{ grantee, purpose, labels, from: Number(args["notBefore"]), until },
        series: seriesId(String(args["series"])),
        document: args["document"] === noId ? undefined : (String(args["document"]) as Hex),
        ...signed,
        words,
      } as const;
    }
    case "RecordConsentRevoked": {
      const grantee = provider("grantee");
      const { purpose, shown } = purposeOf(args["purpose"]);
      const words = `You ended the permission of ${named(grantee, "a provider")} to read one record, for ${shown}.`;
      const series = seriesId(String(args["series"]));
      return { kind: "record-consent-revoked", grantee, purpose, series, ...signed, words } as const;
    }
    case "Superseded": {
      const grantee = provider("grantee");
      const { purpose, shown } = purposeOf(args["purpose"]);
      const series = args["series"] === noId ? undefined : (String(args["series"]) as SeriesId);
      const words = `A decision on ${named(grantee, "a provider")}, for ${shown}, came too late: you had decided otherwise since.`;
      const { signedAt } = signed;
      return { kind: "consent-superseded", grantee, purpose, series, signedAt, words } as const;
    }
    case "ConsentShared": {
      const [sharer, grantee] = [provider("sharer"), provider("grantee")];
      const terms = args["terms"] as Readonly<Record<string, bigint>>;
      const { purpose, shown } = purposeOf(terms["purpose"]);
      const labels = labelsOfMask(terms["labels"] as bigint);
      const mask = Number(terms["actions"]);
      const until = Number(terms["notAfter"]);
      const words =
        `${named(sharer, "A provider")} passed on to ${named(grantee, "another provider")} what you allowed it: to ` +
        `${actionWords(mask).join(", ")} ${inWords(labels)}, for ${shown}, until ${consentTimeWords(until)}.`;
      return {
        kind: "consent-shared",
        ...{ sharer, grantee, purpose, labels, until },
        from: Number(terms["notBefore"]),
        actions: actionsOfMask(mask),
        chain: chain(),
        ...signed,
        words,
      } as const;
    }
    case "ConsentUnshared":
    case "ShareCut":
    case "ShareUncut": {
      const [sharer, grantee] = [provider("sharer"), provider("grantee")];
      const { purpose, shown } = purposeOf(args["purpose"]);
      const from = named(sharer, name === "ConsentUnshared" ? "A provider" : "a provider");
      const to = named(grantee, "another provider");
      const link = { sharer, grantee, purpose, chain: chain(), ...signed };
      if (name === "ConsentUnshared") {
        const words = `${from} took back what it had passed on to ${to}, for ${shown}.`;
        return { kind: "consent-unshared", ...link, words } as const;
      }
      return name === "ShareCut"
        ? ({ kind: "share-cut", ...link, words: `You cut what ${from} passes on to ${to}, for ${shown}.` } as const)
        : ({ kind: "share-uncut", ...link, words: `You let ${from} pass on to ${to} again, for ${shown}.` } as const);
    }
    case "ProviderExcluded": {
      const excluded = provider("provider");
      const words = `You shut out ${named(excluded, "a provider")} from everything, in emergencies too.`;
      return { kind: "provider-excluded", provider: excluded, ...signed, words } as const;
    }
    case "ProviderReadmitted": {
      const readmitted = provider("provider");
      const stillExcluded = args["isExcluded"] === true;
      const who = named(readmitted, "a provider");
      const words = stillExcluded
        ? `Whoever decides for you let ${who} back in; you yourself still shut them out.`
        : `You let ${who} back in.`;
      return { kind: "provider-readmitted", provider: readmitted, stillExcluded, ...signed, words } as const;
    }
    case "ConsentRequested": {
      const requester = provider("provider");
      const { purpose, shown } = purposeOf(args["purpose"]);
      const labels = labelsOfMask(args["labels"] as bigint);
      const mask = Number(args["actions"]);
      const until = Number(args["notAfter"]);
      const words =
        `${named(requester, "A provider")} asks to ${actionWords(mask).join(", ")} ${inWords(labels)}, for ${shown}, ` +
        `until ${consentTimeWords(until)}. You have not answered by this.`;
      return {
        kind: "consent-requested",
        ...{ provider: requester, purpose, labels, until },
        from: Number(args["notBefore"]),
        actions: actionsOfMask(mask),
        ...signed,
        words,
      } as const;
    }
    case "RequestsMuted":
    case "RequestsUnmuted": {
      const muted = args["provider"] === noId ? undefined : provider("provider");
      const who = muted === undefined ? "everybody" : named(muted, "a provider");
      return name === "RequestsMuted"
        ? ({ kind: "requests-muted", provider: muted, ...signed, words: `You refuse requests of ${who}.` } as const)
        : ({
            kind: "requests-unmuted",
            provider: muted,
            ...signed,
            words: `You hear requests of ${who} again.`,
          } as const);
    }
    default:
      return undefined;
  }
}
