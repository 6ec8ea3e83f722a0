import { AbiCoder, getCreateAddress } from "ethers";
import { artifacts } from "hardhat";
import type { ContractName } from "../../sdk/src/core/types.ts";
import { compileFolder } from "./compile.ts";
import { artifactNames, type Scenario } from "./scenario.ts";

interface Floor {
  readonly contract: ContractName;
  readonly floor: string;
  /** What its constructor is given: the contracts that it calls; and the following, in this order. */
  readonly calls?: readonly ContractName[];
  /** Nonces of the contracts that it made for itself: called as they are. */
  readonly made?: readonly number[];
  /** Libraries of words: called as they are. */
  readonly words?: readonly string[];
  /** Those that decide: called, but emptied, since the floor does their work. */
  readonly deciders?: readonly string[];
}

const floors: readonly Floor[] = [
  { contract: "patientRegistry", floor: "FloorPatientRegistry", deciders: ["ChangeDecisions"] },
  { contract: "providerRegistry", floor: "FloorProviderRegistry" },
  {
    contract: "consentRegistry",
    floor: "FloorConsentRegistry",
    calls: ["patientRegistry", "providerRegistry"],
    words: ["ConsentWords"],
    deciders: ["BatchDecisions", "ShareDecisions", "RequestDecisions"],
  },
  {
    contract: "recordRegistry",
    floor: "FloorRecordRegistry",
    calls: ["patientRegistry", "providerRegistry", "consentRegistry"],
  },
  {
    contract: "accessGate",
    floor: "FloorAccessGate",
    calls: ["patientRegistry", "providerRegistry", "consentRegistry"],
    made: [1],
  },
  { contract: "logRegistry", floor: "FloorLogRegistry", calls: ["providerRegistry"] },
];

/** A single STOP. */
const EMPTY = "0x00";

/** Where the libraries are that a contract was linked with, read from its code. */
async function librariesOf(scenario: Scenario, contract: ContractName): Promise<ReadonlyMap<string, string>> {
  const { deployedLinkReferences } = await artifacts.readArtifact(artifactNames[contract]);
  const code = (await scenario.request("eth_getCode", scenario.contracts[contract], "latest")) as string;
  const places = Object.values(deployedLinkReferences).flatMap((file) => Object.entries(file ?? {}));
  return new Map(places.map(([name, [place]]) => [name, `0x${code.slice(2 + 2 * (place?.start ?? 0)).slice(0, 40)}`]));
}

/**
 * Puts the floor contracts in the places of the real ones, over the same storage: the very same transaction then does the very same
 * work without Solidity and without a single check. Undone by reverting to a snapshot.
 */
export async function floorCodes(scenario: Scenario): Promise<ReadonlyMap<string, string>> {
  const { contracts } = scenario;
  const compiled = compileFolder("floor");
  const codes = new Map<string, string>();
  for (const { contract, floor, calls = [], made = [], words = [], deciders = [] } of floors) {
    const linked = await librariesOf(scenario, contract);
    const libraryAt = (name: string): string => linked.get(name) ?? "";
    const addresses = [
      ...calls.map((other) => contracts[other]),
      ...made.map((nonce) => getCreateAddress({ from: contracts[contract], nonce })),
      ...[...words, ...deciders].map(libraryAt),
    ];
    const encoded = AbiCoder.defaultAbiCoder().encode(
      addresses.map(() => "address"),
      addresses,
    );
    // Creation code run as a call returns the code it would deploy, with its immutables.
    const code = await scenario.request("eth_call", { data: `${compiled.get(floor)}${encoded.slice(2)}` }, "latest");
    codes.set(contracts[contract], code as string);
    for (const name of deciders) codes.set(libraryAt(name), EMPTY);
  }
  return codes;
}

export async function replaceByFloors(scenario: Scenario, codes: ReadonlyMap<string, string>): Promise<void> {
  for (const [address, code] of codes) await scenario.request("hardhat_setCode", address, code);
}
