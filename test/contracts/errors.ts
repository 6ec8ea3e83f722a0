import { artifacts } from "hardhat";
import { ethers } from "./chain.ts";

/** Every deployed contract, by its place in the cast. */
export const contractNames = {
  manager: "AccessManager",
  validator: "SignatureValidator",
  patients: "PatientRegistry",
  providers: "ProviderRegistry",
  consents: "ConsentRegistry",
  records: "RecordRegistry",
  gate: "AccessGate",
  committee: "StewardCommittee",
  logs: "LogRegistry",
} as const;

/** All errors of all contracts: one registry's refusal is passed on by another. */
export const errors = new ethers.Interface(
  Object.values(
    Object.fromEntries(
      (await Promise.all(Object.values(contractNames).map((name) => artifacts.readArtifact(name))))
        .flatMap(({ abi }) => ethers.Interface.from(abi as never).fragments)
        .filter((fragment) => fragment.type === "error")
        .map((fragment) => [fragment.format(), fragment]),
    ),
  ),
);

/** The name of the contracts' error that refused a transaction, if one did: Hardhat names none of contracts that it did not compile. */
export function errorNameOf(error: unknown): string | undefined {
  const { message } = error as Error;
  const data = /return data: (0x[0-9a-f]{8,})\)/.exec(message)?.[1];
  return /custom error '(\w+)/.exec(message)?.[1] ?? (data === undefined ? undefined : errors.parseError(data)?.name);
}
