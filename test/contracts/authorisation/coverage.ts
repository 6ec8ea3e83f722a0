import { artifacts } from "hardhat";
import { contractNames } from "../errors.ts";
import type { Row } from "./row.ts";

export interface AbiInput {
  readonly name: string;
  readonly type: string;
  readonly internalType: string;
}

export interface AbiFunction {
  readonly name: string;
  readonly stateMutability: string;
  readonly inputs: readonly AbiInput[];
}

/** A contract, and its functions as its ABI has them. */
export interface Abi {
  readonly name: string;
  readonly functions: readonly AbiFunction[];
}

export async function abiOf(name: string): Promise<Abi> {
  const { abi, contractName } = await artifacts.readArtifact(name);
  const entries = abi as readonly (AbiFunction & { readonly type: string })[];
  return { name: contractName, functions: entries.filter(({ type }) => type === "function") };
}

export const deployedAbis = (): Promise<readonly Abi[]> => Promise.all(Object.values(contractNames).map(abiOf));

/** Whatever else of `contracts` can stand on a chain and answers calls. */
export async function otherAbis(): Promise<readonly Abi[]> {
  const named: readonly string[] = Object.values(contractNames);
  const found: Abi[] = [];
  for (const path of await artifacts.getAllFullyQualifiedNames()) {
    if (!path.startsWith("contracts/") || (await artifacts.readArtifact(path)).bytecode === "0x") continue;
    const abi = await abiOf(path);
    if (abi.functions.length > 0 && !named.includes(abi.name)) found.push(abi);
  }
  return found;
}

export const isReading = ({ stateMutability }: AbiFunction): boolean => /^(view|pure)$/.test(stateMutability);

/** Functions that may change something and that no row calls, and rows of functions that are not there. */
export function gapsOf(abis: readonly Abi[], rows: readonly Row[]): readonly string[] {
  const listed = new Set(rows.map(({ place, verb }) => `${contractNames[place]}.${verb}`));
  const there = new Set(
    abis.flatMap(({ name, functions }) =>
      functions.filter((each) => !isReading(each)).map((each) => `${name}.${each.name}`),
    ),
  );
  return [
    ...[...there].filter((each) => !listed.has(each)).map((each) => `${each} has no row`),
    ...[...listed].filter((each) => !there.has(each)).map((each) => `${each} is no function`),
  ];
}
