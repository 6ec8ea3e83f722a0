import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import { ownerKeyHash, ownerKeyPair } from "../../crypto/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { currentOwnerKey } from "./current-owner-key.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface RotateOwnerKeyParameters extends AbortOptions {
  readonly patient: PatientId;
}

/**
 * Announces the keyring's next owner key. Records are sealed to it after the network's delay; hand it to the stewards then with
 * `publishOwnerKey`. What was sealed to older ones still opens with the same root.
 * @throws CLIENT_KEYRING_MISSING, RECORD_OWNER_KEY_MISMATCH, CHAIN_REVERTED …
 */
export async function rotateOwnerKey(
  client: Client,
  { patient, signal }: RotateOwnerKeyParameters,
): Promise<Transacted & { readonly version: number; readonly ownerKeyHash: Hex }> {
  const id = patientId(patient);
  const { root } = requireCapability(client, "keyring");
  const version = (await currentOwnerKey(client, id, { signal })).version + 1;
  const next = ownerKeyHash((await ownerKeyPair(root, version)).publicKey);
  const decision = { kind: "rotate-owner-key", ownerKeyHash: next } as const;
  return { version, ownerKeyHash: next, ...(await decideForPatient(client, { patient: id, decision, signal })) };
}
