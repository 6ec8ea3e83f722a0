import { fromHex } from "../../core/bytes.ts";
import { encodeDagCbor } from "../../core/dag-cbor.ts";
import type { KeyId, PatientId } from "../../core/ids.ts";

/**
 * Binds the committee's half of a trustee slot to one patient, one committee key, and the version of the keyring header that first held it:
 * stewards release it to the new controller alone, once a recovery is final.
 */
export function recoveryLabel(keyId: KeyId, patient: PatientId, version: number): Uint8Array {
  return encodeDagCbor(["anamnesis/recovery/v1", fromHex(keyId), fromHex(patient), version]);
}
