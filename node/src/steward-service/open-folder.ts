import { mkdirSync, readFileSync } from "node:fs";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { openStewardFolder, passphraseSealer, type StewardFolder } from "../steward/index.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";

/** The line of a file that holds one secret. @throws SERVICE_CONFIGURATION_INVALID naming the key, never what it holds */
export function secretLine(key: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new AnamnesisError("SERVICE_CONFIGURATION_INVALID", { key, expected: "a readable file" }, { cause });
  }
}

/**
 * Opens the folder and database that a configuration names, with its passphrase where it has one.
 * @throws STEWARD_SHARE_UNREADABLE, STEWARD_STORE_FAILED, STEWARD_STORE_UNSUITABLE, STEWARD_STORE_TOO_NEW, SERVICE_CONFIGURATION_INVALID, CRYPTO_PASSPHRASE_TOO_SHORT
 */
export async function openConfiguredFolder({
  folder,
  database: location,
  passphraseFile,
  limits: { lockWithin },
}: Pick<StewardServiceConfiguration, "folder" | "database" | "passphraseFile" | "limits">): Promise<StewardFolder> {
  if (passphraseFile === undefined) return openStewardFolder(folder, { location, lockWithin });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sealer = await passphraseSealer(folder, secretLine("passphraseFile", passphraseFile));
  return openStewardFolder(folder, { sealer, location, lockWithin });
}
