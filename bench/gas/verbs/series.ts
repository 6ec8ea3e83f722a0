import { id } from "ethers";
import type { SeriesId } from "../../../sdk/src/core/ids.ts";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { seriesDecisionData, seriesRestrictionData } from "../../../sdk/src/typed-data/index.ts";
import type { Call, Scenario } from "../scenario.ts";
import type { Verb, Way } from "./verb.ts";

type SeriesVerb = "restrict" | "dispute" | "requestErasure";

async function decideSeries(scenario: Scenario, way: Way, verb: SeriesVerb): Promise<Call> {
  const { alice, relayer } = scenario.people;
  const [patient, series] = [alice.patient, id("series") as SeriesId];
  const authorization =
    way === "direct"
      ? scenario.direct(alice)
      : await scenario.signed(alice, "recordRegistry", (contract, times) =>
          verb === "restrict"
            ? seriesRestrictionData(contract, { decision: verb, patient, series, labels: ["mental-health"], ...times })
            : seriesDecisionData(contract, {
                decision: verb === "dispute" ? verb : "request-erasure",
                patient,
                series,
                ...times,
              }),
        );
  const added = verb === "restrict" ? [labelMask(["mental-health"])] : [];
  const args = [patient, series, ...added, authorization];
  return scenario.call(way === "direct" ? alice : relayer, "recordRegistry", verb, args);
}

export const seriesVerbs: readonly Verb[] = [
  {
    id: "restrict",
    what: "restrict a series",
    call: (s) => decideSeries(s, "direct", "restrict"),
  },
  { id: "restrict-signed", what: "restrict a series, signed", call: (s) => decideSeries(s, "signed", "restrict") },
  { id: "dispute", what: "dispute a series", call: (s) => decideSeries(s, "direct", "dispute") },
  { id: "dispute-signed", what: "dispute a series, signed", call: (s) => decideSeries(s, "signed", "dispute") },
  {
    id: "request-erasure",
    what: "ask for the erasure of a series",
    isOffice: true,
    call: (s) => decideSeries(s, "direct", "requestErasure"),
  },
];
