import { decisionTimes, readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { PatientId } from "../../core/ids.ts";
import { findOwnerKey } from "../../crypto/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { fetchOwnerKey, signOwnerKeyRequest } from "../../stewards/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";
import { typedDataSigner } from "../stewards/typed-data-signer.ts";
import type { Author } from "./author-of.ts";

/** Keys already fetched, by their hash on the chain: a changed key has another hash and is fetched anew. */
const known = new WeakMap<object, Map<Hex, Uint8Array>>();

/**
 * The public key to seal a patient's records to, always checked against the hash on the chain.
 * @throws RECORD_OWNER_KEY_MISMATCH, OWNER_KEY_UNAVAILABLE, CLIENT_KEYRING_MISSING, CHAIN_UNREACHABLE
 */
export async function ownerKeyOf(
  client: Client,
  patient: PatientId,
  author: Author,
  { signal }: AbortOptions = {},
): Promise<Uint8Array> {
  const { patientRegistry } = client.contracts;
  const onChain = await readContract(client, () => patientRegistry.ownerKeyHashOf(patient), { signal });
  const expectedHash = onChain.toLowerCase() as Hex;
  if (author.kind === "patient") {
    const key = await findOwnerKey(requireCapability(client, "keyring").root, expectedHash);
    if (!key) throw new AnamnesisError("RECORD_OWNER_KEY_MISMATCH", { patient });
    return key.publicKey;
  }
  const cache = known.get(client.deployment) ?? new Map<Hex, Uint8Array>();
  known.set(client.deployment, cache);
  const cached = cache.get(expectedHash);
  if (cached) return cached;
  const stewards = await stewardsOf(client, { signal });
  const { signedAt } = await decisionTimes(client, { signal });
  const request = await signOwnerKeyRequest({
    reference: stewards,
    patient,
    provider: author.provider,
    signer: typedDataSigner(client),
    signedAt,
  });
  const { publicKey } = await fetchOwnerKey(stewards, { request, expectedHash, signal });
  cache.set(expectedHash, publicKey);
  return publicKey;
}
