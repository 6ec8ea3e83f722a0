import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";
import { ownerKeyHashOfKeyring } from "./owner-key-hash-of-keyring.ts";

export interface ClaimAtMajorityParameters extends AbortOptions {
  readonly patient: PatientId;
  /** By default of the first version from the client's keyring, which must be a new one: guardians know the old. */
  readonly ownerKeyHash?: Hex | undefined;
}

/**
 * Takes over the record that guardians kept, with the wallet that the recovery officer attested. What they granted stands until it is revoked.
 * @throws CLIENT_SIGNER_MISSING, CLIENT_KEYRING_MISSING, CHAIN_REVERTED …
 */
export async function claimAtMajority(
  client: Client,
  { patient, ownerKeyHash, signal }: ClaimAtMajorityParameters,
): Promise<Transacted> {
  const keyHash = ownerKeyHash ?? (await ownerKeyHashOfKeyring(client));
  return decideForPatient(client, { patient, decision: { kind: "claim-at-majority", ownerKeyHash: keyHash }, signal });
}
