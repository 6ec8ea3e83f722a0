import { AbiCoder } from "ethers";
import type { ContractName } from "../../sdk/src/core/types.ts";
import { compileFolder } from "./compile.ts";
import type { Scenario } from "./scenario.ts";

const floors: readonly (readonly [contract: ContractName, floor: string, linked: readonly ContractName[]])[] = [
  ["patientRegistry", "FloorPatientRegistry", []],
  ["providerRegistry", "FloorProviderRegistry", []],
  ["consentRegistry", "FloorConsentRegistry", ["patientRegistry", "providerRegistry"]],
  ["recordRegistry", "FloorRecordRegistry", ["patientRegistry", "providerRegistry", "consentRegistry"]],
  ["accessGate", "FloorAccessGate", ["providerRegistry", "consentRegistry"]],
];

/**
 * Puts the floor contracts in the places of the real ones, over the same storage: the very same transaction then does the very same
 * work without Solidity and without a single check. Undone by reverting to a snapshot.
 */
export async function floorCodes(scenario: Scenario): Promise<ReadonlyMap<string, string>> {
  const { contracts } = scenario;
  const compiled = compileFolder("floor");
  const codes = new Map<string, string>();
  for (const [name, floor, linked] of floors) {
    const addresses = linked.map((other) => contracts[other]);
    const encoded = AbiCoder.defaultAbiCoder().encode(
      addresses.map(() => "address"),
      addresses,
    );
    // Creation code run as a call returns the code it would deploy, with its immutables.
    const code = await scenario.request("eth_call", { data: `${compiled.get(floor)}${encoded.slice(2)}` }, "latest");
    codes.set(contracts[name], code as string);
  }
  return codes;
}

export async function replaceByFloors(scenario: Scenario, codes: ReadonlyMap<string, string>): Promise<void> {
  for (const [address, code] of codes) await scenario.request("hardhat_setCode", address, code);
}
