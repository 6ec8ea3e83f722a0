import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Hex,
  type KeyId,
  openWithKey,
  randomBytes,
  type SigningKeyPair,
  sealWithKey,
  signingKeyPair,
  utf8,
} from "@anamnesis/sdk/internal";
import { openStewardStore } from "../stores/open-steward-store.ts";
import type { StewardStore } from "../stores/steward-store.ts";

/** One steward's place on disk: the key file that its secrets are sealed under and, unless it lies elsewhere, its database. */
export interface StewardFolder {
  readonly store: StewardStore;
  /** Ed25519, of replies and receipts; made at the first opening. */
  readonly signing: SigningKeyPair;
  saveShare(committee: { readonly keyId: KeyId; readonly epoch: number }, share: Uint8Array): Promise<void>;
  /** @throws STEWARD_SHARE_MISSING, STEWARD_SHARE_UNREADABLE */
  loadShare(committee: { readonly keyId: KeyId; readonly epoch: number }): Promise<Uint8Array>;
  close(): Promise<void>;
}

const INFO = utf8("anamnesis/steward-secret/v1");

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The 32 bytes of the key file, made once and readable by its owner only. */
function keyFile(folder: string): Uint8Array {
  const path = join(folder, "steward.key");
  try {
    const file = openSync(path, "wx", 0o600);
    try {
      writeSync(file, randomBytes(32));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    syncFolder(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST")
      throw new AnamnesisError("STEWARD_STORE_FAILED", {}, { cause });
  }
  const key = new Uint8Array(readFileSync(path));
  if (key.length !== 32) throw new AnamnesisError("STEWARD_SHARE_UNREADABLE", { length: key.length });
  return key;
}

/** A sealed value under its name; each is bound to the name, so none can stand in for another. */
function secretsOf(store: StewardStore, key: Uint8Array) {
  return {
    async put(name: string, plaintext: Uint8Array): Promise<void> {
      await store.putSecret(name, await sealWithKey({ key, info: INFO, aad: utf8(name), plaintext }));
    },
    async get(name: string): Promise<Uint8Array | undefined> {
      const sealed = await store.secretOf(name);
      if (sealed === undefined) return undefined;
      try {
        return await openWithKey({ key, info: INFO, aad: utf8(name), sealed });
      } catch (cause) {
        throw new AnamnesisError("STEWARD_SHARE_UNREADABLE", { secret: name }, { cause });
      }
    },
  };
}

/**
 * Opens a steward's folder, making it where it does not exist.
 * @param location The database, as of `openStewardStore`: a file in the folder by default.
 * @throws STEWARD_STORE_FAILED, STEWARD_SHARE_UNREADABLE where the key file is not the database's.
 */
export async function openStewardFolder(
  path: string,
  location = `sqlite:${join(path, "steward.sqlite")}`,
): Promise<StewardFolder> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const key = keyFile(path);
  const store = await openStewardStore(location);
  try {
    const secrets = secretsOf(store, key);
    const known = await secrets.get("signing");
    const seed = known ?? randomBytes(32);
    if (known === undefined) await secrets.put("signing", seed);
    const nameOf = ({ keyId, epoch }: { keyId: Hex; epoch: number }) => `share/${keyId}/${epoch}`;
    return {
      store,
      signing: signingKeyPair(seed),
      saveShare: (committee, share) => secrets.put(nameOf(committee), share),
      async loadShare(committee) {
        const share = await secrets.get(nameOf(committee));
        if (share) return share;
        throw new AnamnesisError("STEWARD_SHARE_MISSING", { keyId: committee.keyId, epoch: committee.epoch });
      },
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
