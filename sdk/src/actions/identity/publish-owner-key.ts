import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import { ownerKeyPair } from "../../crypto/index.ts";
import { putOwnerKey, type StewardVerdict } from "../../stewards/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";

/**
 * Hands the patient's public key to the stewards, so that providers can seal records to it. Each compares it with the hash
 * on the chain. Safe to repeat; `registerPatient` does it where the client knows stewards.
 * @throws OWNER_KEY_NOT_ACCEPTED, CLIENT_KEYRING_MISSING, CLIENT_STEWARDS_MISSING
 */
export async function publishOwnerKey(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<readonly StewardVerdict[]> {
  const { publicKey } = await ownerKeyPair(requireCapability(client, "keyring").root, 1);
  return putOwnerKey(await stewardsOf(client, { signal }), { patient, publicKey, signal });
}
