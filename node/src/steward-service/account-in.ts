import { AnamnesisError } from "@anamnesis/sdk/errors";
import { Wallet } from "ethers";
import { secretLine } from "./open-folder.ts";

/**
 * The account of a file with one private key: 0x and 64 hex digits.
 * @throws SERVICE_CONFIGURATION_INVALID naming the key of the configuration, never the account's
 */
export function accountIn(key: string, file: string): Wallet {
  const line = secretLine(key, file);
  try {
    return new Wallet(line);
  } catch {
    // Refused without a cause, which would print the account's key.
    const details = { key, expected: "a file with a private key of 32 bytes in hex" };
    throw new AnamnesisError("SERVICE_CONFIGURATION_INVALID", details);
  }
}
