import type { AbortOptions } from "../../core/abort.ts";
import { toHex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import {
  decodeKeyringHeader,
  isShareOf,
  isSlotOf,
  type Keyring,
  openTrusteeSlot,
  type TrusteeShare,
  type TrusteeSlot,
} from "../../crypto/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { keyRecoveryPermission, releaseRecoveryHalf, type StewardVerdict } from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { authorizedDevice } from "../stewards/authorized-device.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";
import { fetchKeyringHeader } from "./fetch-keyring-header.ts";

export interface RecoverKeyringParameters extends AbortOptions {
  readonly patient: PatientId;
  /** The trustees' shares, as `readTrusteeShare` gives them. */
  readonly shares: readonly TrusteeShare[];
  /** The keyring's header; by default the one that the chain names, from the stewards. */
  readonly header?: Uint8Array | undefined;
}

export interface RecoveredKeyring {
  /** The root that the lost wallet knew: it opens old records, and nothing should be sealed to it again. */
  readonly former: Keyring;
  /** What each steward asked did; everyone that answered wrote a receipt. */
  readonly verdicts: readonly StewardVerdict[];
}

/**
 * Opens the old keyring after a recovery took effect, with the new wallet, the trustees' shares, and the stewards' half, which they log and
 * give to nobody else. The record itself is under the new wallet and the new owner key already: `records.reseal` carries the old records over.
 * @throws CRYPTO_KEYRING_INVALID where no trustee slot is the shares', CRYPTO_TOO_FEW_SHARES, RECOVERY_REFUSED { reason }, STEWARDS_TOO_FEW,
 * KEY_HEADER_UNAVAILABLE, CLIENT_STEWARDS_MISSING, CLIENT_SIGNER_MISSING
 */
export async function recoverKeyring(
  client: Client,
  { patient, shares, header, signal }: RecoverKeyringParameters,
): Promise<RecoveredKeyring> {
  const id = patientId(patient);
  const stewards = await stewardsOf(client, { signal });
  const slot = slotOfShares(header ?? (await fetchKeyringHeader(client, { patient: id, signal })), id, shares);
  const permission = keyRecoveryPermission;
  const device = await authorizedDevice(client, stewards, id, { permission, signal });
  const { capsule, madeAt } = slot;
  const { half, verdicts } = await releaseRecoveryHalf(stewards, { ...device, capsule, madeAt, signal });
  return { former: { root: await openTrusteeSlot(slot, { shares, stewardsHalf: half }) }, verdicts };
}

/** The trustee slot that the shares are of; asked before stewards are, who log what they give. */
function slotOfShares(header: Uint8Array, patient: PatientId, shares: readonly TrusteeShare[]): TrusteeSlot {
  const found = decodeKeyringHeader(header).slots.find(
    (slot) => isSlotOf(slot, "trustee") && shares.length > 0 && shares.every((share) => isShareOf(slot, share)),
  );
  if (!found || !isSlotOf(found, "trustee") || toHex(found.patient) !== patient) {
    throw new AnamnesisError("CRYPTO_KEYRING_INVALID", { reason: "no trustee slot of these shares", patient });
  }
  const given = new Set(shares.map(({ place }) => place)).size;
  if (given >= found.threshold) return found;
  throw new AnamnesisError("CRYPTO_TOO_FEW_SHARES", { given, needed: found.threshold });
}
