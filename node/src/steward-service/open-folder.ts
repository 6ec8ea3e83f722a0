import { mkdirSync, readFileSync } from "node:fs";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { openStewardFolder, passphraseSealer, type SecretSealer, type StewardFolder } from "../steward/index.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";

async function sealerOf(folder: string, file: string): Promise<SecretSealer> {
  let passphrase: string;
  try {
    passphrase = readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (cause) {
    const details = { key: "passphrase", expected: "a readable file" };
    throw new AnamnesisError("SERVICE_CONFIGURATION_INVALID", details, { cause });
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return passphraseSealer(folder, passphrase);
}

/**
 * Opens what the configuration says: where the rows lie, and what the share is sealed under.
 * @throws SERVICE_CONFIGURATION_INVALID, STEWARD_SHARE_UNREADABLE, STEWARD_STORE_FAILED, STEWARD_STORE_UNSUITABLE, STEWARD_STORE_TOO_NEW
 */
export async function openFolder({
  folder,
  database,
  passphrase,
}: Pick<StewardServiceConfiguration, "folder" | "database" | "passphrase">): Promise<StewardFolder> {
  const sealer = passphrase === undefined ? undefined : await sealerOf(folder, passphrase);
  return openStewardFolder(folder, { sealer, location: database });
}
