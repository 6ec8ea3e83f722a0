import { closeSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  openPassphraseSlot,
  openWithKey,
  randomBytes,
  sealPassphraseSlot,
  sealWithKey,
  utf8,
} from "@anamnesis/sdk/internal";

/**
 * What seals a steward's secrets at rest. A key-management service or a hardware module fits here: it needs to wrap
 * values of at most a hundred kilobytes, and to bind each to its name, so that none can stand in for another.
 */
export interface SecretSealer {
  seal(name: string, plaintext: Uint8Array): Promise<Uint8Array>;
  /** @throws STEWARD_SHARE_UNREADABLE */
  open(name: string, sealed: Uint8Array): Promise<Uint8Array>;
}

const INFO = utf8("anamnesis/steward-secret/v1");
const KEY_FILE = "steward.key";
const PASSPHRASE_FILE = "steward.age";

function keySealer(key: Uint8Array): SecretSealer {
  return {
    seal: (name, plaintext) => sealWithKey({ key, info: INFO, aad: utf8(name), plaintext }),
    async open(name, sealed) {
      try {
        return await openWithKey({ key, info: INFO, aad: utf8(name), sealed });
      } catch (cause) {
        throw new AnamnesisError("STEWARD_SHARE_UNREADABLE", { secret: name }, { cause });
      }
    },
  };
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Makes a file that only its owner reads, whole or not at all, and returns what stands in it: that of an earlier start, if
 * there was one.
 */
function onceWritten(folder: string, name: string, content: Uint8Array): Uint8Array {
  const path = join(folder, name);
  const draft = `${path}.${process.pid}`;
  try {
    const file = openSync(draft, "w", 0o600);
    try {
      writeSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    try {
      linkSync(draft, path);
    } finally {
      unlinkSync(draft);
    }
    syncFolder(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST")
      throw new AnamnesisError("STEWARD_STORE_FAILED", {}, { cause });
  }
  return new Uint8Array(readFileSync(path));
}

function existing(folder: string, name: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(join(folder, name)));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new AnamnesisError("STEWARD_STORE_FAILED", {}, { cause });
  }
}

/** Seals under 32 random bytes in a file beside the database, made at the first start. @throws STEWARD_SHARE_UNREADABLE */
export function keyFileSealer(folder: string): SecretSealer {
  const key = existing(folder, KEY_FILE) ?? onceWritten(folder, KEY_FILE, randomBytes(32));
  if (key.length !== 32) throw new AnamnesisError("STEWARD_SHARE_UNREADABLE", { length: key.length });
  return keySealer(key);
}

/**
 * Seals under 32 random bytes that lie beside the database in an age file, which this passphrase opens (scrypt; about a
 * second at each start). @throws STEWARD_SHARE_UNREADABLE for another passphrase, CRYPTO_PASSPHRASE_TOO_SHORT under twelve
 * characters, CRYPTO_INVALID_PARAMETERS
 */
export async function passphraseSealer(
  folder: string,
  passphrase: string,
  options: { readonly workFactor?: number | undefined } = {},
): Promise<SecretSealer> {
  const found = existing(folder, PASSPHRASE_FILE);
  const made = found ?? (await sealPassphraseSlot(randomBytes(32), passphrase, options)).file;
  const file = found ?? onceWritten(folder, PASSPHRASE_FILE, made);
  try {
    return keySealer(await openPassphraseSlot({ kind: "passphrase", file }, passphrase));
  } catch (cause) {
    if (isAnamnesisError(cause))
      throw new AnamnesisError("STEWARD_SHARE_UNREADABLE", { file: PASSPHRASE_FILE }, { cause });
    throw cause;
  }
}
