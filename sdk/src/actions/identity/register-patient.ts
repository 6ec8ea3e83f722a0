import { decideDirectly, eventOf, requireSigner, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type Hex, randomBytes, toHex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { ownerKeyHashOfKeyring } from "./owner-key-hash-of-keyring.ts";
import { publishOwnerKey } from "./publish-owner-key.ts";

export interface RegisterPatientParameters extends AbortOptions {
  /** SHA-256 of the owner's public key; by default of the first version from the client's keyring. */
  readonly ownerKeyHash?: Hex | undefined;
}

export interface RegisterPatientResult extends Transacted {
  readonly patient: PatientId;
  readonly ownerKeyHash: Hex;
}

/**
 * Opens a health record under a fresh pseudonym, controlled by the client's signer. A signer that nothing else is known
 * of keeps the pseudonym one. Where the client knows stewards, they are given the public key that providers seal to; if that
 * fails, the record is open and `publishOwnerKey` repeats it. @throws CLIENT_SIGNER_MISSING, CLIENT_KEYRING_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE …
 */
export async function registerPatient(
  client: Client,
  parameters: RegisterPatientParameters = {},
): Promise<RegisterPatientResult> {
  requireSigner(client);
  const { signal } = parameters;
  const keyHash = parameters.ownerKeyHash ?? (await ownerKeyHashOfKeyring(client));
  const salt = toHex(randomBytes(32));
  const authorization = await decideDirectly(client, { signal });
  const call = await client.contracts.patientRegistry.register.populateTransaction(salt, keyHash, authorization);
  const sent = await sendTransaction(client, call, { signal });
  const { args } = eventOf(client, sent, "patientRegistry", "PatientRegistered");
  const patient = patientId(String(args["patient"]));
  const hasOwnKey = parameters.ownerKeyHash === undefined;
  if (hasOwnKey && client.stewards) await publishOwnerKey(client, { patient, signal });
  return { patient, ownerKeyHash: keyHash, transaction: sent.transaction };
}
