import { decideDirectly, eventOf, requireSigner, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type Hex, randomBytes, toHex } from "../../core/bytes.ts";
import { patientId } from "../../core/ids.ts";
import { consentTime } from "../../core/time.ts";
import type { Address, Moment } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { ownerKeyHashOfKeyring } from "./owner-key-hash-of-keyring.ts";
import { publishOwnerKey } from "./publish-owner-key.ts";
import type { RegisterPatientResult } from "./register-patient.ts";

export interface RegisterMinorParameters extends AbortOptions {
  /** The first moment of age, in whole minutes. */
  readonly majorityAt: Moment;
  /** The guardians besides the signer, up to seven. */
  readonly others?: readonly Address[] | undefined;
  /** Whether they grant together only; any one of them may always revoke. */
  readonly together?: boolean | undefined;
  /** SHA-256 of the owner's public key; by default of the first version from the client's keyring. */
  readonly ownerKeyHash?: Hex | undefined;
}

/**
 * Opens the record of a child, for guardians whose power ends at majority by itself. The keyring is the child's, kept by the guardians until
 * then. @throws INPUT_INVALID_TIME, CLIENT_SIGNER_MISSING, CLIENT_KEYRING_MISSING, CHAIN_REVERTED …
 */
export async function registerMinor(
  client: Client,
  parameters: RegisterMinorParameters,
): Promise<RegisterPatientResult> {
  const { address } = requireSigner(client);
  const { others = [], together = false, signal } = parameters;
  const majorityAt = consentTime(parameters.majorityAt);
  const keyHash = parameters.ownerKeyHash ?? (await ownerKeyHashOfKeyring(client));
  const authorization = await decideDirectly(client, { signal });
  const call = await client.contracts.patientRegistry.registerMinor.populateTransaction(
    toHex(randomBytes(32)),
    keyHash,
    majorityAt,
    [address, ...others],
    together,
    authorization,
  );
  const sent = await sendTransaction(client, call, { signal });
  const { args } = eventOf(client, sent, "patientRegistry", "MinorRegistered");
  const patient = patientId(String(args["patient"]));
  if (parameters.ownerKeyHash === undefined && client.stewards) await publishOwnerKey(client, { patient, signal });
  return { patient, ownerKeyHash: keyHash, transaction: sent.transaction };
}
