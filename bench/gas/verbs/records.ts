import { id } from "ethers";
import { noId, type RecordId } from "../../../sdk/src/core/ids.ts";
import { labelMask, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import { recordAnchorData, recordRetractionData } from "../../../sdk/src/typed-data/index.ts";
import type { Call, Scenario } from "../scenario.ts";
import { consentToLaboratory } from "./consents.ts";
import type { Verb, Way } from "./verb.ts";

const record = id("record") as RecordId;
const directPath = [noId, [], false] as const;

async function anchor(scenario: Scenario, way: Way, author: "alice" | "laboratory"): Promise<Call> {
  const { people } = scenario;
  const { patient } = people.alice;
  const purpose = author === "alice" ? "patient-request" : "treatment";
  const authorization =
    way === "direct"
      ? scenario.direct(people[author])
      : await scenario.signed(people[author], "recordRegistry", (contract, times) =>
          recordAnchorData(contract, { patient, recordId: record, labels: ["laboratory"], purpose, via: {}, ...times }),
        );
  const args = [patient, record, labelMask(["laboratory"]), purposeId(purpose), directPath, authorization];
  return scenario.call(way === "direct" ? people[author] : people.relayer, "recordRegistry", "anchor", args);
}

async function retract(scenario: Scenario, way: Way, by: "alice" | "laboratory"): Promise<Call> {
  const { people } = scenario;
  const author = by === "alice" ? people.alice.patient : people.laboratory.provider;
  const authorization =
    way === "direct"
      ? scenario.direct(people[by])
      : await scenario.signed(people[by], "recordRegistry", (contract, times) =>
          recordRetractionData(contract, { recordId: record, author, ...times }),
        );
  return scenario.call(way === "direct" ? people[by] : people.relayer, "recordRegistry", "retract", [
    record,
    author,
    authorization,
  ]);
}

export const recordVerbs: readonly Verb[] = [
  { id: "anchor-own", what: "anchor, the patient's own", call: (s) => anchor(s, "direct", "alice") },
  {
    id: "anchor",
    what: "anchor, by an author with consent",
    before: (s) => [consentToLaboratory(s)],
    call: (s) => anchor(s, "direct", "laboratory"),
  },
  {
    id: "anchor-signed",
    what: "anchor, by an author, signed",
    before: (s) => [consentToLaboratory(s)],
    call: (s) => anchor(s, "signed", "laboratory"),
  },
  { id: "retract", what: "retract, by an author", call: (s) => retract(s, "direct", "laboratory") },
  { id: "retract-own", what: "retract, the patient's own", call: (s) => retract(s, "direct", "alice") },
  { id: "retract-signed", what: "retract, by an author, signed", call: (s) => retract(s, "signed", "laboratory") },
];
