import type { ContractEvent } from "../../chain/index.ts";
import type { Hex } from "../../core/bytes.ts";
import { type ProviderId, seriesId } from "../../core/ids.ts";
import { deferralReasons, reasonOf } from "../../core/reasons.ts";
import { consentTimeWords } from "../../core/time.ts";
import type { Address } from "../../core/types.ts";
import { labelsOfMask, labelWords } from "../../core/vocabulary.ts";
import type { Named } from "./chain-entry.ts";

/** The minute in which something happens, for sentences: times of blocks are seconds. */
const minuteWords = (seconds: number): string => consentTimeWords(seconds - (seconds % 60));

/** What a patient, a delegate or an author decided about one series; undefined for any other event. */
export function seriesEntryOf({ name, contract, args }: ContractEvent, named: Named) {
  if (contract !== "recordRegistry") return undefined;
  const signed = { signer: String(args["signer"]).toLowerCase() as Address, signedAt: Number(args["signedAt"]) };
  const series = () => seriesId(String(args["series"]));
  switch (name) {
    case "SeriesRestricted":
    case "SeriesUnrestricted": {
      const isAdded = name === "SeriesRestricted";
      const mask = args[isAdded ? "added" : "removed"] as bigint;
      const words = labelWords(mask).join(", ");
      return {
        kind: isAdded ? "series-restricted" : "series-unrestricted",
        series: series(),
        labels: labelsOfMask(mask),
        restrictions: labelsOfMask(args["restrictions"] as bigint),
        ...signed,
        words: isAdded
          ? `A record of yours is now also treated as: ${words}.`
          : `A record of yours is no longer treated as: ${words}.`,
      } as const;
    }
    case "SeriesDisputed":
      return { kind: "series-disputed", series: series(), ...signed, words: "You disputed a record." } as const;
    case "SeriesDisputeWithdrawn": {
      const words = "You withdrew your dispute of a record.";
      return { kind: "series-dispute-withdrawn", series: series(), ...signed, words } as const;
    }
    case "ErasureRequested": {
      const deletableFrom = Number(args["deletableFrom"]);
      const words =
        "You asked for a record to be erased. Nobody is given it any more, and it is deleted from " +
        `${minuteWords(deletableFrom)} on.`;
      return { kind: "erasure-requested", series: series(), deletableFrom, ...signed, words } as const;
    }
    case "ErasureCancelled": {
      const words = "You decided to keep a record that was to be erased.";
      return { kind: "erasure-cancelled", series: series(), ...signed, words } as const;
    }
    case "ErasureDeferred": {
      const author = String(args["author"]) as Hex;
      const reason = reasonOf(deferralReasons, args["reason"] as bigint);
      const until = Number(args["until"]);
      const words =
        `${named(author as ProviderId, "The author")} must keep a record that you want erased, closed to everybody, ` +
        `until ${consentTimeWords(until)}: ${reason.words}.`;
      return { kind: "erasure-deferred", series: series(), author, reason: reason.name, until, words } as const;
    }
    default:
      return undefined;
  }
}
