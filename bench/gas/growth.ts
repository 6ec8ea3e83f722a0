import { id, Wallet } from "ethers";
import type { ProviderId } from "../../sdk/src/core/ids.ts";
import type { Address } from "../../sdk/src/core/types.ts";
import { actionMask, labelMask } from "../../sdk/src/core/vocabulary.ts";
import type { Row } from "./row.ts";
import type { Scenario } from "./scenario.ts";
import type { Verb } from "./verbs/verb.ts";
import { verbs } from "./verbs.ts";

const sizes = [1, 100, 1_000];
const measured = ["grant", "revoke", "revoke-all", "anchor", "open-session", "restrict"];
/** Every purpose but emergency, which nobody may consent to. */
const purposes = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
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

async function admitOrganisation(scenario: Scenario, name: string): Promise<ProviderId> {
  const signer = new Wallet(id(`key of ${name}`));
  const { provider } = await scenario.admit(name, "researcher", { address: signer.address as Address, signer });
  return provider;
}

async function grantTo(scenario: Scenario, grantee: ProviderId, purpose: number): Promise<void> {
  const { alice } = scenario.people;
  const from = scenario.clock - (scenario.clock % 60);
  const masks = [labelMask(["laboratory"]), actionMask(["read"])];
  const terms = [alice.patient, grantee, purpose, ...masks, from, from + 30 * DAY, id("text")];
  const call = scenario.call(alice, "consentRegistry", "grant", [terms, scenario.direct(alice)]);
  const { status } = await scenario.send(call);
  if (status !== "0x1") throw new Error("A grant was refused.");
}

/** The same verbs with 1, 100 and 1,000 other grants of the same patient in force: their cost must not depend on it. */
export async function growthRows(scenario: Scenario): Promise<readonly Row[]> {
  const chosen = verbs.filter((verb) => measured.includes(verb.id));
  const rows: Row[] = [];
  const fewest = new Map<string, number>();
  const clock = scenario.clock + DAY;
  let grantee: ProviderId | undefined;
  for (let granted = 0; granted < Math.max(...sizes); ) {
    const purpose = purposes[granted % purposes.length] ?? 1;
    if (grantee === undefined || purpose === 1) grantee = await admitOrganisation(scenario, `Organisation ${granted}`);
    await grantTo(scenario, grantee, purpose);
    granted += 1;
    if (!sizes.includes(granted)) continue;
    for (const verb of chosen) {
      const value = await gasOf(scenario, verb, clock);
      const referenceValue = fewest.get(verb.id) ?? value;
      fewest.set(verb.id, referenceValue);
      rows.push({
        id: `growth-${verb.id}-${granted}`,
        what: `${verb.what}; other grants: ${granted}`,
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
