import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import { putOwnerKey, type StewardVerdict } from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";
import { currentOwnerKey } from "./current-owner-key.ts";

/**
 * Hands the patient's public key to the stewards, so that providers can seal records to it. Each compares it with the hash
 * on the chain. Safe to repeat; `registerPatient` does it where the client knows stewards. Repeat it once a rotation has taken effect.
 * @throws OWNER_KEY_NOT_ACCEPTED, RECORD_OWNER_KEY_MISMATCH, CLIENT_KEYRING_MISSING, CLIENT_STEWARDS_MISSING
 */
export async function publishOwnerKey(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<readonly StewardVerdict[]> {
  const { publicKey } = await currentOwnerKey(client, patient, { signal });
  return putOwnerKey(await stewardsOf(client, { signal }), { patient, publicKey, signal });
}
