import { id } from "ethers";
import type { Call, Scenario } from "../scenario.ts";
import type { Verb } from "./verb.ts";

function anchorLog({ call, people }: Scenario, by: "clinic" | "newcomer", size: number): Call {
  return call(people[by], "logRegistry", "anchorLog", [id(`root of ${size}`), size]);
}

/** The next head of a log that has one: every head but the first. */
export const logVerbs: readonly Verb[] = [
  {
    id: "anchor-log",
    what: "anchor a log, a provider's",
    before: (s) => [() => anchorLog(s, "clinic", 1_000)],
    call: (s) => anchorLog(s, "clinic", 2_000),
  },
  {
    id: "anchor-log-address",
    what: "anchor a log, an address's",
    before: (s) => [() => anchorLog(s, "newcomer", 1_000)],
    call: (s) => anchorLog(s, "newcomer", 2_000),
  },
  { id: "anchor-log-first", what: "anchor a log for the first time", call: (s) => anchorLog(s, "clinic", 1_000) },
];
