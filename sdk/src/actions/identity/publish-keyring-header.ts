import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import { putKeyHeader, type StewardVerdict } from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";

/**
 * Hands the keyring's header to the stewards, who keep it for the patient's other devices and for a recovery. Each compares it with the hash
 * that `setKeyHeader` put on the chain, which does this, too, where the client knows stewards. Safe to repeat.
 * @throws KEY_HEADER_NOT_ACCEPTED, CLIENT_STEWARDS_MISSING, CHAIN_UNREACHABLE
 */
export async function publishKeyringHeader(
  client: Client,
  { patient, header, signal }: { readonly patient: PatientId; readonly header: Uint8Array } & AbortOptions,
): Promise<readonly StewardVerdict[]> {
  return putKeyHeader(await stewardsOf(client, { signal }), { patient: patientId(patient), header, signal });
}
