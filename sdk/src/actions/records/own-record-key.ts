import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { RecordId } from "../../core/ids.ts";
import { findOwnerKey, type OwnerKey } from "../../crypto/index.ts";
import {
  coreIdOf,
  type Envelope,
  type EnvelopeStore,
  openMeta,
  openOwnSlot,
  type RecordMeta,
} from "../../envelope/index.ts";
import { AnamnesisError, isAnamnesisError } from "../../errors/index.ts";

/** A record's key and the description that proves it. */
export interface OwnRecordKey {
  readonly dek: Uint8Array;
  readonly meta: RecordMeta;
}

/** Opens the keys of a patient's own records; each root's owner keys are derived once. */
export type OwnRecordKeys = (recordId: RecordId, envelope: Envelope, options?: AbortOptions) => Promise<OwnRecordKey>;

/**
 * The patient's way to their records' keys, by whichever slot one of the roots opens: those that were sealed later first, for they are of the
 * root that the patient has now. Each throws RECORD_NOT_SEALED_TO_YOU, RECORD_ALTERED.
 */
export function ownRecordKeys(store: EnvelopeStore, roots: readonly Uint8Array[]): OwnRecordKeys {
  const found = new Map<Hex, Promise<OwnerKey | undefined>>();
  const search = async (hash: Hex) => {
    for (const root of roots) {
      const key = await findOwnerKey(root, hash);
      if (key) return key;
    }
    return undefined;
  };
  const ownerKey = (hash: Hex) => {
    const key = found.get(hash) ?? search(hash);
    found.set(hash, key);
    return key;
  };
  return async (recordId, envelope, options) => {
    let refused = new AnamnesisError("RECORD_NOT_SEALED_TO_YOU", { recordId });
    for (const own of [...(await store.ownsOf(recordId, options)), envelope.own]) {
      const key = await ownerKey(own.ownerKeyHash);
      if (!key) continue;
      try {
        const dek = await openOwnSlot(envelope, key.privateKey, own);
        return { dek, meta: await openMeta(dek, coreIdOf(envelope.publicPart), envelope.meta) };
      } catch (error) {
        if (!isAnamnesisError(error)) throw error;
        refused = error;
      }
    }
    throw refused;
  };
}
