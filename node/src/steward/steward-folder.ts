import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Hex,
  type KeyId,
  randomBytes,
  type SigningKeyPair,
  signingKeyPair,
  type XWingKeyPair,
  xwingKeyPair,
} from "@anamnesis/sdk/internal";
import { openStewardStore, type StewardStoreOptions } from "../stores/open-steward-store.ts";
import type { StewardStore } from "../stores/steward-store.ts";
import { keyFileSealer, type SecretSealer } from "./secret-sealer.ts";
import { type StewardSecrets, stewardSecrets } from "./steward-secrets.ts";

/** One epoch of one key: what a share is of. */
export interface ShareName {
  readonly keyId: KeyId;
  readonly epoch: number;
}

/** One steward's place on disk: what opens its secrets and, unless it lies elsewhere, its database. */
export interface StewardFolder {
  readonly store: StewardStore;
  readonly secrets: StewardSecrets;
  /** Ed25519, of replies and receipts; made at the first opening. */
  readonly signing: SigningKeyPair;
  /** X-Wing, for what other stewards seal to this one; made at the first opening. */
  readonly sealing: XWingKeyPair;
  saveShare(committee: ShareName, share: Uint8Array): Promise<void>;
  /** @throws STEWARD_SHARE_MISSING, STEWARD_SHARE_UNREADABLE */
  loadShare(committee: ShareName): Promise<Uint8Array>;
  /** For ever. Backups of the database hold it still: they go too. */
  destroyShare(committee: ShareName): Promise<void>;
  /** What this steward holds a share of. */
  shares(): Promise<readonly ShareName[]>;
  close(): Promise<void>;
}

const SHARE = "share/";
const nameOf = ({ keyId, epoch }: ShareName) => `${SHARE}${keyId}/${epoch}`;

function shareNameOf(name: string): ShareName {
  const [, keyId, epoch] = name.split("/");
  return { keyId: keyId as Hex as KeyId, epoch: Number(epoch) };
}

/** 32 bytes, drawn at the first opening and found again at the next ones. */
async function seedOf(secrets: StewardSecrets, name: string): Promise<Uint8Array> {
  const known = await secrets.get(name);
  const seed = known ?? randomBytes(32);
  if (known === undefined) await secrets.put(name, seed);
  return seed;
}

/**
 * What a steward keeps in this store, under this seal; its keys are made at the first opening.
 * @throws STEWARD_SHARE_UNREADABLE
 */
export async function stewardFolder(store: StewardStore, sealer: SecretSealer): Promise<StewardFolder> {
  const secrets = stewardSecrets(store, sealer);
  const signing = signingKeyPair(await seedOf(secrets, "signing"));
  const sealing = await xwingKeyPair(await seedOf(secrets, "sealing"));
  return {
    store,
    secrets,
    signing,
    sealing,
    saveShare: (committee, share) => secrets.put(nameOf(committee), share),
    async loadShare(committee) {
      const share = await secrets.get(nameOf(committee));
      if (share) return share;
      throw new AnamnesisError("STEWARD_SHARE_MISSING", { keyId: committee.keyId, epoch: committee.epoch });
    },
    destroyShare: (committee) => secrets.delete(nameOf(committee)),
    shares: async () => (await secrets.names(SHARE)).map(shareNameOf),
    close: () => store.close(),
  };
}

/**
 * Opens a steward's folder, making it where it does not exist.
 * @param options.sealer Opens its secrets; a key file in the folder by default.
 * @param options.location The database, as of `openStewardStore`: a file in the folder by default.
 * @throws STEWARD_STORE_FAILED, STEWARD_SHARE_UNREADABLE where the key file or passphrase is not the database's.
 */
export async function openStewardFolder(
  path: string,
  {
    sealer,
    location = `sqlite:${join(path, "steward.sqlite")}`,
    lockWithin,
  }: StewardStoreOptions & { readonly sealer?: SecretSealer | undefined; readonly location?: string | undefined } = {},
): Promise<StewardFolder> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const opened = sealer ?? keyFileSealer(path);
  const store = await openStewardStore(location, { lockWithin });
  try {
    return await stewardFolder(store, opened);
  } catch (error) {
    await store.close();
    throw error;
  }
}
