import { fromHex } from "../../core/bytes.ts";
import { encodeDagCbor } from "../../core/dag-cbor.ts";
import type { KeyId, PatientId } from "../../core/ids.ts";

/**
 * Binds the committee's half of a trustee slot to one patient, one committee key, and the second in which the slot was made: stewards release it
 * to the new controller alone, once a recovery took effect after that second. What the patient makes afterwards waits for another recovery.
 */
export function recoveryLabel(keyId: KeyId, patient: PatientId, madeAt: number): Uint8Array {
  return encodeDagCbor(["anamnesis/recovery/v1", fromHex(keyId), fromHex(patient), madeAt]);
}
