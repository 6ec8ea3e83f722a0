import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { PatientId } from "../../core/ids.ts";
import { findOwnerKey, type OwnerKey } from "../../crypto/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type Client, requireCapability } from "../client.ts";

/**
 * The owner key of the keyring that the chain names for a patient, whichever version it is.
 * @throws RECORD_OWNER_KEY_MISMATCH where the keyring is another patient's, or older than a recovery; CLIENT_KEYRING_MISSING
 */
export async function currentOwnerKey(
  client: Client,
  patient: PatientId,
  { signal }: AbortOptions = {},
): Promise<OwnerKey> {
  const { root } = requireCapability(client, "keyring");
  const { patientRegistry } = client.contracts;
  const hash = await readContract(client, () => patientRegistry.ownerKeyHashOf(patient), { signal });
  const found = await findOwnerKey(root, hash.toLowerCase() as Hex);
  if (!found) throw new AnamnesisError("RECORD_OWNER_KEY_MISMATCH", { patient });
  return found;
}
