import type { ErrorDescription, Result } from "ethers";
import { AnamnesisError, type ErrorDetails, isAnamnesisError } from "../errors/index.ts";
import { type ContractErrorName, contractErrorWords } from "./contract-error-words.ts";
import { contractNames, interfaceOf } from "./contracts.ts";

/** One error may stand in several contracts: the first reading is as good as any. The language's own `Error` and `Panic` are known to each. */
function parse(data: string): ErrorDescription | undefined {
  for (const name of contractNames) {
    const found = interfaceOf(name).parseError(data);
    if (found) return found;
  }
  return undefined;
}

function detailsOf(values: Result, names: readonly string[]): ErrorDetails {
  return Object.fromEntries(
    names.map((name, index) => {
      const value: unknown = values[index];
      return [name || "value", typeof value === "bigint" || typeof value === "boolean" ? value : String(value)];
    }),
  );
}

/** The hex that a revert returned, wherever in the layers of an error it lies. */
function revertData(error: unknown, depth = 0): string | undefined {
  if (typeof error === "string") return /^0x([0-9a-f]{2}){4,}$/i.test(error) ? error : undefined;
  if (typeof error !== "object" || error === null || depth > 6) return undefined;
  const { data, error: inner, info, cause } = error as Readonly<Record<string, unknown>>;
  for (const candidate of [data, inner, info, cause]) {
    const found = revertData(candidate, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function isRevert(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 6) return false;
  const { code, message, error: inner, info, cause } = error as Readonly<Record<string, unknown>>;
  if (code === "CALL_EXCEPTION" || code === 3) return true;
  if (typeof message === "string" && /execution reverted|reverted with/i.test(message)) return true;
  return [inner, info, cause].some((candidate) => isRevert(candidate, depth + 1));
}

/** The family's error for the bytes a contract reverted with. */
export function describeRevert(data: string, details: ErrorDetails = {}, cause?: unknown): AnamnesisError {
  const found = parse(data);
  if (found) {
    const reason: string | undefined = contractErrorWords[found.name as ContractErrorName];
    const values = detailsOf(
      found.args,
      found.fragment.inputs.map(({ name }) => name),
    );
    return new AnamnesisError("CHAIN_REVERTED", { error: found.name, reason, ...values, ...details }, { cause });
  }
  return new AnamnesisError("CHAIN_REVERTED", { error: "unknown", data: data.slice(0, 74), ...details }, { cause });
}

/**
 * The one place where reverts are read: CHAIN_REVERTED with the contract error's name (`details.error`), its sentence
 * (`details.reason`) and its arguments by name. Undefined for errors that are no revert.
 */
export function decodeRevert(error: unknown, details: ErrorDetails = {}): AnamnesisError | undefined {
  if (isAnamnesisError(error)) return undefined;
  const data = revertData(error);
  if (data && isRevert(error)) return describeRevert(data, details, error);
  return isRevert(error)
    ? new AnamnesisError("CHAIN_REVERTED", { error: "unknown", ...details }, { cause: error })
    : undefined;
}

/** True for the named refusal of a contract. */
export function isContractError(error: unknown, name: ContractErrorName): error is AnamnesisError {
  return isAnamnesisError(error, "CHAIN_REVERTED") && error.details["error"] === name;
}
