import { keccak256, toBeHex } from "ethers";
import { compare, readGas } from "../gas/measure.ts";
import { easArtifact } from "../gas/peers/eas-package.ts";
import { deployPeer, gasOf, sendToPeer } from "../gas/peers/peer.ts";
import { createScenario, type Scenario } from "../gas/scenario.ts";
import { verbs } from "../gas/verbs.ts";
import type { Row } from "../report/row.ts";

/** Gas of anchoring so many records with EAS, one timestamp each, in one transaction. */
async function timestamped(scenario: Scenario, counts: readonly number[]): Promise<Map<number, number>> {
  const [easCode, registryCode] = [easArtifact("EAS"), easArtifact("SchemaRegistry")];
  const registry = await deployPeer(scenario, registryCode.contract, registryCode.bytecode);
  const argument = registry.address.slice(2).padStart(64, "0");
  const eas = await deployPeer(scenario, easCode.contract, `${easCode.bytecode}${argument}`);
  const gas = new Map<number, number>();
  for (const count of counts) {
    const ids = Array.from({ length: count }, (_, i) => keccak256(toBeHex(1_000_000 * count + i, 32)));
    gas.set(count, gasOf(await sendToPeer(scenario, eas, scenario.people.alice, "multiTimestamp", [ids])));
  }
  return gas;
}

async function gasOfVerb(scenario: Scenario, id: string): Promise<number> {
  const verb = verbs.find((each) => each.id === id);
  if (verb === undefined) throw new Error(`There is no verb ${id}.`);
  const { real } = await compare(scenario, { ...verb, isOffice: true }, new Map(), readGas);
  return real;
}

/** What one record costs on the chain: its share of a head, beside an anchor of its own and EAS's timestamps of as many. */
export async function costRows(counts: readonly number[] = [1, 10, 100, 500]): Promise<readonly Row[]> {
  const scenario = await createScenario();
  const theirs = await timestamped(scenario, counts);
  const head = await gasOfVerb(scenario, "anchor-log");
  return counts.map((count) => {
    const each = (theirs.get(count) as number) / count;
    return {
      id: `record-on-chain-of-${count}`,
      what:
        count === 1
          ? "one record on the chain, alone under a head"
          : `one record on the chain, of ${count} under one head`,
      value: Math.round(head / count),
      unit: "gas",
      reference: "EAS multiTimestamp of as many",
      referenceValue: Math.round(each),
      ratio: head / count / each,
      note: "theirs is found by its hash in a contract's storage; ours needs a proof of about log₂ N hashes, and its author is named",
    };
  });
}
