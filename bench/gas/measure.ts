import { replaceByFloors } from "./floors.ts";
import type { Call, Receipt, Scenario } from "./scenario.ts";
import { type Footprint, footprintOf } from "./trace.ts";
import type { Verb } from "./verbs/verb.ts";

/** What is read of a transaction that took place. */
type Reading<Of> = (scenario: Scenario, receipt: Receipt, call: Call) => Of | Promise<Of>;

export const readGas: Reading<number> = (_, { gasUsed }) => Number(gasUsed);

export const readFootprint: Reading<Footprint> = (scenario, { transactionHash }, { to }) =>
  footprintOf(scenario, transactionHash, to);

export interface Comparison<Of> {
  readonly verb: Verb;
  readonly real: Of;
  /** Absent for the verbs of offices, which have none. */
  readonly floor?: Of;
}

/** Measures one verb and its floor with the same transaction on the same state, and leaves the chain as it was. */
export async function compare<Of>(
  scenario: Scenario,
  verb: Verb,
  floors: ReadonlyMap<string, string>,
  read: Reading<Of>,
): Promise<Comparison<Of>> {
  const { clock } = scenario;
  const before = await scenario.request("evm_snapshot");
  for (const step of verb.before?.(scenario) ?? []) await scenario.send(await step());
  const call = await verb.call(scenario);

  const measure = async (): Promise<Of> => {
    const receipt = await scenario.send(call);
    if (receipt.status !== "0x1") throw new Error(`${verb.id} was refused.`);
    return read(scenario, receipt, call);
  };
  const set = await scenario.request("evm_snapshot");
  const real = await measure();
  const measureFloor = async (): Promise<Of> => {
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
