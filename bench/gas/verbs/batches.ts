import { id } from "ethers";
import { purposeId } from "../../../sdk/src/core/vocabulary.ts";
import type { Call, Scenario } from "../scenario.ts";
import { termsFor } from "./consents.ts";
import type { Verb } from "./verb.ts";

/** Of one series each. */
const seriesOf = (index: number): string => id(`series ${index}`);
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

function grantRecord(scenario: Scenario): Call {
  const { alice } = scenario.people;
  const args = [termsFor(scenario, "clinic"), seriesOf(0), scenario.direct(alice)];
  return scenario.call(alice, "consentRegistry", "grantRecord", args);
}

function revokeRecord(scenario: Scenario): Call {
  const { alice, clinic } = scenario.people;
  const target = [alice.patient, seriesOf(0), clinic.provider, purposeId("treatment")];
  return scenario.call(alice, "consentRegistry", "revokeRecord", [...target, scenario.direct(alice)]);
}

function grantMany(scenario: Scenario, count: number): Call {
  const { alice } = scenario.people;
  const grants = upTo(count).map((index) => [termsFor(scenario, "clinic"), seriesOf(index)]);
  return scenario.call(alice, "consentRegistry", "grantMany", [grants, scenario.direct(alice)]);
}

function revokeMany(scenario: Scenario, count: number): Call {
  const { alice, clinic } = scenario.people;
  const revocations = upTo(count).map((index) => [seriesOf(index), clinic.provider, purposeId("treatment")]);
  return scenario.call(alice, "consentRegistry", "revokeMany", [alice.patient, revocations, scenario.direct(alice)]);
}

const note = "one batch holds at most 64: a hundred take two transactions, a thousand sixteen";

/** Consents for one record, alone and many at once. */
export const batchVerbs: readonly Verb[] = [
  { id: "grant-record", what: "grant one record", call: grantRecord },
  {
    id: "revoke-record",
    what: "revoke one record",
    before: (s) => [() => grantRecord(s)],
    call: revokeRecord,
  },
  ...[10, 64].flatMap((count): readonly Verb[] => [
    {
      id: `grant-many-${count}`,
      what: `grant, ${count} at once`,
      isLong: count > 10,
      note,
      call: (s) => grantMany(s, count),
    },
    {
      id: `revoke-many-${count}`,
      what: `revoke, ${count} at once`,
      isLong: count > 10,
      note,
      before: (s) => [() => grantMany(s, count)],
      call: (s) => revokeMany(s, count),
    },
  ]),
];
