import { Interface, id } from "ethers";
import { compileFolder } from "../compile.ts";
import type { Scenario } from "../scenario.ts";
import { deployPeer, gasOf, sendToPeer } from "./peer.ts";

/** Gas of OpenZeppelin's AccessControl, bare. */
export interface RolesGas {
  readonly grant: number;
  readonly revoke: number;
}

/** Leaves the chain changed: the caller reverts it. */
export async function measureRoles(scenario: Scenario): Promise<RolesGas> {
  const contract = new Interface([
    "function grantRole(bytes32 role, address account)",
    "function revokeRole(bytes32 role, address account)",
  ]);
  const roles = await deployPeer(scenario, contract, compileFolder("peers").get("Roles") ?? "");
  const { alice, clinic } = scenario.people;
  const args = [id("reads the record"), clinic.address];
  return {
    grant: gasOf(await sendToPeer(scenario, roles, alice, "grantRole", args)),
    revoke: gasOf(await sendToPeer(scenario, roles, alice, "revokeRole", args)),
  };
}
