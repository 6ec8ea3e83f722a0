import { Interface, toBeHex } from "ethers";
import { compileFolder } from "../compile.ts";
import type { Scenario } from "../scenario.ts";
import { deployPeer, gasOf, type Peer, sendToPeer } from "./peer.ts";

/** Gas of the common shape, with the given number of other grants before. */
export interface NaiveGas {
  readonly grant: number;
  readonly revoke: number;
  readonly add: number;
}

const DAY = 86_400;
const contract = new Interface([
  "function grantAccess(address doctor, string purpose, string categories, uint256 from, uint256 until)",
  "function revokeAccess(address doctor, string purpose)",
  "function addRecord(address patient, string cid, string category)",
]);
const cid = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

const grant = (scenario: Scenario, naive: Peer, doctor: string) => {
  const from = scenario.clock - (scenario.clock % DAY);
  const args = [doctor, "treatment", "medications,laboratory", from, from + 30 * DAY];
  return sendToPeer(scenario, naive, scenario.people.alice, "grantAccess", args);
};

/** Leaves the chain changed: the caller reverts it. */
export async function measureNaive(scenario: Scenario, others: number): Promise<NaiveGas> {
  const naive = await deployPeer(scenario, contract, compileFolder("peers").get("NaiveRecords") ?? "");
  const { alice, laboratory } = scenario.people;
  for (let index = 1; index <= others; index += 1) await grant(scenario, naive, toBeHex(index, 20));
  const granted = await grant(scenario, naive, laboratory.address);
  const added = await sendToPeer(scenario, naive, laboratory, "addRecord", [alice.address, cid, "laboratory"]);
  const revoked = await sendToPeer(scenario, naive, alice, "revokeAccess", [laboratory.address, "treatment"]);
  return { grant: gasOf(granted), add: gasOf(added), revoke: gasOf(revoked) };
}
