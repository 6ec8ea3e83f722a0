import { id } from "ethers";
import type { SeriesId } from "../../../sdk/src/core/ids.ts";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { seriesDecisionData, seriesRestrictionData } from "../../../sdk/src/typed-data/index.ts";
import type { Call, Scenario } from "../scenario.ts";
import type { Verb } from "./verb.ts";

type SignedVerb = "restrict" | "dispute";
type SeriesVerb = SignedVerb | "unrestrict" | "withdrawDispute" | "requestErasure" | "cancelErasure";

const series = id("series") as SeriesId;
const labels = ["mental-health"] as const;
const argsOf = (scenario: Scenario, verb: SeriesVerb) => [
  scenario.people.alice.patient,
  series,
  ...(verb === "restrict" || verb === "unrestrict" ? [labelMask(labels)] : []),
];

function decide(scenario: Scenario, verb: SeriesVerb): Call {
  const { alice } = scenario.people;
  return scenario.call(alice, "recordRegistry", verb, [...argsOf(scenario, verb), scenario.direct(alice)]);
}

async function decideSigned(scenario: Scenario, decision: SignedVerb): Promise<Call> {
  const { alice, relayer } = scenario.people;
  const { patient } = alice;
  const authorization = await scenario.signed(alice, "recordRegistry", (contract, times) =>
    decision === "restrict"
      ? seriesRestrictionData(contract, { decision, patient, series, labels, ...times })
      : seriesDecisionData(contract, { decision, patient, series, ...times }),
  );
  return scenario.call(relayer, "recordRegistry", decision, [...argsOf(scenario, decision), authorization]);
}

const after = (verb: SeriesVerb) => (scenario: Scenario) => [() => decide(scenario, verb)];

export const seriesVerbs: readonly Verb[] = [
  { id: "restrict", what: "restrict a series", call: (s) => decide(s, "restrict") },
  { id: "restrict-signed", what: "restrict a series, signed", call: (s) => decideSigned(s, "restrict") },
  { id: "unrestrict", what: "lift a restriction", before: after("restrict"), call: (s) => decide(s, "unrestrict") },
  { id: "dispute", what: "dispute a series", call: (s) => decide(s, "dispute") },
  { id: "dispute-signed", what: "dispute a series, signed", call: (s) => decideSigned(s, "dispute") },
  {
    id: "withdraw-dispute",
    what: "withdraw a dispute",
    before: after("dispute"),
    call: (s) => decide(s, "withdrawDispute"),
  },
  {
    id: "request-erasure",
    what: "ask for the erasure of a series",
    call: (s) => decide(s, "requestErasure"),
  },
  {
    id: "cancel-erasure",
    what: "keep a series after all",
    before: after("requestErasure"),
    call: (s) => decide(s, "cancelErasure"),
  },
];
