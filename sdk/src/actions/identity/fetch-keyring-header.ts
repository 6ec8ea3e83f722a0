import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import { fetchKeyHeader } from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { authorizedDevice } from "../stewards/authorized-device.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";

/**
 * Fetches the keyring's header that the chain names from the stewards, for whoever controls the record: a new device unlocks it with the
 * wallet, a new wallet with the trustees. The wallet signs once, as for `records.sync`.
 * @throws KEY_HEADER_UNAVAILABLE, CLIENT_STEWARDS_MISSING, CLIENT_SIGNER_MISSING, CHAIN_UNREACHABLE …
 */
export async function fetchKeyringHeader(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<Uint8Array> {
  const id = patientId(patient);
  const { patientRegistry } = client.contracts;
  const { headerHash } = await readContract(client, () => patientRegistry.keyHeaderOf(id), { signal });
  const stewards = await stewardsOf(client, { signal });
  const device = await authorizedDevice(client, stewards, id, { signal });
  return fetchKeyHeader(stewards, { ...device, expectedHash: headerHash.toLowerCase() as Hex, signal });
}
