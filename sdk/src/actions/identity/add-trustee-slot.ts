import { head } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { fromHex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import { addKeyringSlot, sealTrusteeSlot, type TrusteeShare } from "../../crypto/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { committeeOf } from "../stewards/stewards-of.ts";

export interface AddTrusteeSlotParameters extends AbortOptions {
  readonly patient: PatientId;
  /** The sealed keyring so far. */
  readonly header: Uint8Array;
  /** How many shares to make. */
  readonly trustees: number;
  /** How many of them it takes: two at least. */
  readonly threshold: number;
}

/**
 * Lets trustees and stewards open the keyring together after a recovery, and gives the header with the new slot and one share for each trustee,
 * to be handed over by `trusteeShareText`; `setKeyHeader` makes the header count. A share by itself is worth nothing.
 * @throws CRYPTO_INVALID_PARAMETERS, CLIENT_KEYRING_MISSING, COMMITTEE_NOT_PINNED, CHAIN_UNREACHABLE …
 */
export async function addTrusteeSlot(
  client: Client,
  { patient, header, trustees, threshold, signal }: AddTrusteeSlotParameters,
): Promise<{ readonly header: Uint8Array; readonly shares: readonly TrusteeShare[] }> {
  const { root } = requireCapability(client, "keyring");
  const id = patientId(patient);
  const { keyId, groupKey } = await committeeOf(client, { signal });
  const { time: madeAt } = await head(client, { signal });
  const sealing = { patient: id, keyId, groupKey: fromHex(groupKey), madeAt, trustees, threshold };
  const { slot, shares } = await sealTrusteeSlot(root, sealing);
  return { header: addKeyringSlot(header, slot), shares };
}
