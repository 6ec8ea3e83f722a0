import { type AbortOptions, throwIfAborted } from "../../core/abort.ts";
import { type PatientId, patientId, type RecordId } from "../../core/ids.ts";
import { type Keyring, ownerKeyHash } from "../../crypto/index.ts";
import { coreIdOf, sealOwnSlot } from "../../envelope/index.ts";
import { type AnamnesisError, isAnamnesisError } from "../../errors/index.ts";
import { putOwnerKey, recordResealPermission, signResealedOwn, uploadResealed } from "../../stewards/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { currentOwnerKey } from "../identity/current-owner-key.ts";
import { authorizedDevice } from "../stewards/authorized-device.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";
import { ownRecordKeys } from "./own-record-key.ts";
import { syncRecords } from "./sync-records.ts";

export interface ResealRecordsParameters extends AbortOptions {
  readonly patient: PatientId;
  /** The keyring before a recovery or majority (`identity.recoverKeyring`); a rotation needs none, for the root is the same. */
  readonly former?: Keyring | undefined;
}

export interface ResealRecordsResult {
  /** Records whose key is sealed to the owner key of now, on this device and with enough stewards. */
  readonly resealed: readonly RecordId[];
  /** Sealed here, and not yet with enough stewards: do it again. */
  readonly pending: readonly RecordId[];
  /** How many their authors sealed to the key of now. */
  readonly current: number;
  /** Records that neither keyring opens. */
  readonly unopened: ReadonlyMap<RecordId, AnamnesisError>;
}

/**
 * Seals the keys of all records to the owner key of now, after a rotation, a recovery or majority: beside the first seals, which stand for
 * ever. Copies the envelopes and hands stewards the owner key first; the wallet signs twice in all, however many records there are.
 * @throws RECORD_OWNER_KEY_MISMATCH where the client's keyring is not the record's, DEVICE_REFUSED, OWNER_KEY_NOT_ACCEPTED,
 * CLIENT_KEYRING_MISSING, CLIENT_ENVELOPES_MISSING, CLIENT_STEWARDS_MISSING, CLIENT_SIGNER_MISSING
 */
export async function resealRecords(
  client: Client,
  { patient, former, signal }: ResealRecordsParameters,
): Promise<ResealRecordsResult> {
  const id = patientId(patient);
  const { root } = requireCapability(client, "keyring");
  const store = requireCapability(client, "envelopes");
  const owner = await currentOwnerKey(client, id, { signal });
  const stewards = await stewardsOf(client, { signal });
  await putOwnerKey(stewards, { patient: id, publicKey: owner.publicKey, signal });
  await syncRecords(client, { patient: id, signal });
  const permission = recordResealPermission;
  const { keys, authorization } = await authorizedDevice(client, stewards, id, { permission, signal });
  const device = { receiveKey: keys.receive.publicKey, askKey: keys.ask.publicKey, authorization };

  const keyOf = ownRecordKeys(store, former === undefined ? [root] : [root, former.root]);
  const currentHash = ownerKeyHash(owner.publicKey);
  const resealed: Uint8Array[] = [];
  const unopened = new Map<RecordId, AnamnesisError>();
  let current = 0;
  for await (const { recordId, envelope } of store.list(id, { signal })) {
    throwIfAborted(signal);
    if (envelope.own.ownerKeyHash === currentHash) {
      current += 1;
      continue;
    }
    try {
      const owns = await store.ownsOf(recordId, { signal });
      const known = owns.find((own) => own.ownerKeyHash === currentHash);
      const seal = async () => {
        const { dek } = await keyOf(recordId, envelope, { signal });
        return sealOwnSlot(coreIdOf(envelope.publicPart), dek, owner.publicKey);
      };
      // What this device sealed before may not have reached enough stewards.
      const own = known ?? (await seal());
      if (!known) await store.putOwn(recordId, own, { signal });
      resealed.push(signResealedOwn({ recordId, own, ...device }, keys));
    } catch (error) {
      if (!isAnamnesisError(error)) throw error;
      unopened.set(recordId, error);
    }
  }
  const { accepted, pending } = await uploadResealed(stewards, { resealed, signal });
  return { resealed: accepted, pending, current, unopened };
}
