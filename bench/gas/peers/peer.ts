import type { Interface } from "ethers";
import type { Address } from "../../../sdk/src/core/types.ts";
import type { Account, Receipt, Scenario } from "../scenario.ts";

/** A contract of somebody else, on the same chain. */
export interface Peer {
  readonly address: Address;
  readonly contract: Interface;
}

export async function deployPeer(scenario: Scenario, contract: Interface, code: string): Promise<Peer> {
  const { contractAddress, status } = await scenario.send({ from: scenario.people.alice.address, data: code });
  if (status !== "0x1" || contractAddress === null) throw new Error("A peer could not be deployed.");
  return { address: contractAddress as Address, contract };
}

export async function sendToPeer(
  scenario: Scenario,
  { address, contract }: Peer,
  from: Account,
  verb: string,
  args: readonly unknown[],
): Promise<Receipt> {
  const data = contract.encodeFunctionData(verb, args);
  const receipt = await scenario.send({ from: from.address, to: address, data });
  if (receipt.status !== "0x1") throw new Error(`${verb} of a peer was refused.`);
  return receipt;
}

export const gasOf = ({ gasUsed }: Receipt): number => Number(gasUsed);
