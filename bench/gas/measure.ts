import { replaceByFloors } from "./floors.ts";
import type { Scenario } from "./scenario.ts";
import { type Footprint, footprintOf } from "./trace.ts";
import type { Verb } from "./verbs/verb.ts";

export interface Measured {
  readonly gas: number;
  readonly footprint: Footprint;
}

export interface Comparison {
  readonly verb: Verb;
  readonly real: Measured;
  /** Absent for the verbs of offices, which have none. */
  readonly floor?: Measured;
}

/** Measures one verb and its floor with the same transaction on the same state, and leaves the chain as it was. */
export async function compare(
  scenario: Scenario,
  verb: Verb,
  floors: ReadonlyMap<string, string>,
): Promise<Comparison> {
  const { clock } = scenario;
  const before = await scenario.request("evm_snapshot");
  for (const step of verb.before?.(scenario) ?? []) await scenario.send(await step());
  const call = await verb.call(scenario);

  const measure = async (): Promise<Measured> => {
    const receipt = await scenario.send(call);
    if (receipt.status !== "0x1") throw new Error(`${verb.id} was refused.`);
    const footprint = await footprintOf(scenario, receipt.transactionHash, call.to);
    return { gas: Number(receipt.gasUsed), footprint };
  };
  const set = await scenario.request("evm_snapshot");
  const real = await measure();
  const measureFloor = async (): Promise<Measured> => {
    await scenario.request("evm_revert", set);
    scenario.clock -= 1;
    await replaceByFloors(scenario, floors);
    return measure();
  };
  const comparison = verb.isOffice ? { verb, real } : { verb, real, floor: await measureFloor() };
  await scenario.request("evm_revert", before);
  scenario.clock = clock;
  return comparison;
}
