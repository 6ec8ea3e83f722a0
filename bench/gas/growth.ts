import { id } from "ethers";
import { actionMask, labelMask, purposeId } from "../../sdk/src/core/vocabulary.ts";
import type { Row } from "../report/row.ts";
import type { Scenario } from "./scenario.ts";
import type { Verb } from "./verbs/verb.ts";
import { verbs } from "./verbs.ts";

const sizes = [1, 100, 1_000, 10_000];
const measured = ["grant", "revoke", "revoke-all", "anchor", "is-permitted", "open-session", "restrict"];
const LARGEST_BATCH = 64;
const DAY = 86_400;

async function gasOf(scenario: Scenario, verb: Verb, clock: number): Promise<number> {
  const before = await scenario.request("evm_snapshot");
  const { clock: now } = scenario;
  // Signed times are calldata: the same second, however many transactions went before.
  scenario.clock = clock;
  for (const step of verb.before?.(scenario) ?? []) await scenario.send(await step());
  const { status, gasUsed } = await scenario.send(await verb.call(scenario));
  if (status !== "0x1") throw new Error(`${verb.id} was refused.`);
  await scenario.request("evm_revert", before);
  scenario.clock = now;
  return Number(gasUsed);
}

/** Grants the clinic one record after the other, as many as one batch may hold, until there are `size`. */
async function grantUpTo(scenario: Scenario, granted: number, size: number): Promise<void> {
  const { alice, clinic } = scenario.people;
  const from = scenario.clock - (scenario.clock % 60);
  const masks = [labelMask(["laboratory"]), actionMask(["read"])];
  for (let first = granted; first < size; first += LARGEST_BATCH) {
    const count = Math.min(LARGEST_BATCH, size - first);
    const grants = Array.from({ length: count }, (_, index) => [
      [alice.patient, clinic.provider, purposeId("research"), ...masks, from, from + 30 * DAY, id("text")],
      id(`series ${first + index}`),
    ]);
    const call = scenario.call(alice, "consentRegistry", "grantMany", [grants, scenario.direct(alice)]);
    const { status, logs } = await scenario.send(call);
    if (status !== "0x1" || logs.length !== count) throw new Error("A batch was refused.");
  }
}

/** The same verbs with 1 to 10,000 other grants of the same patient in force: their cost must not depend on it. */
export async function growthRows(scenario: Scenario): Promise<readonly Row[]> {
  const chosen = verbs.filter((verb) => measured.includes(verb.id));
  const rows: Row[] = [];
  const fewest = new Map<string, number>();
  const clock = scenario.clock + DAY;
  for (const [index, size] of sizes.entries()) {
    await grantUpTo(scenario, sizes[index - 1] ?? 0, size);
    for (const verb of chosen) {
      const value = await gasOf(scenario, verb, clock);
      const referenceValue = fewest.get(verb.id) ?? value;
      fewest.set(verb.id, referenceValue);
      rows.push({
        id: `growth-${verb.id}-${size}`,
        what: `${verb.what}; other grants: ${size}`,
        value,
        unit: "gas",
        reference: "with 1 other grant",
        referenceValue,
        ratio: value / referenceValue,
        target: 1,
        met: value <= referenceValue,
      });
    }
  }
  return rows;
}
