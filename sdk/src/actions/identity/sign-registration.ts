import { decideBySignature, eventOf, readContract, requireSigner, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type Hex, randomBytes, toHex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { SignedAuthorization } from "../../core/types.ts";
import { patientRegistrationData } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { ownerKeyHashOfKeyring } from "./owner-key-hash-of-keyring.ts";
import type { RegisterPatientResult } from "./register-patient.ts";

/** A registration that anybody may submit; plain JSON. */
export interface SignedRegistration {
  readonly patient: PatientId;
  readonly salt: Hex;
  readonly ownerKeyHash: Hex;
  readonly authorization: SignedAuthorization;
}

export interface SignRegistrationParameters extends AbortOptions {
  /** SHA-256 of the owner's public key; by default of the first version from the client's keyring. */
  readonly ownerKeyHash?: Hex | undefined;
  /** Seconds until it may no longer be submitted; a day by default, seven days at most. */
  readonly validFor?: number | undefined;
}

/** Signs the opening of a health record without sending anything: a patient needs no funds. */
export async function signRegistration(
  client: Client,
  parameters: SignRegistrationParameters = {},
): Promise<SignedRegistration> {
  const { signal, validFor } = parameters;
  const { address } = requireSigner(client);
  const keyHash = parameters.ownerKeyHash ?? (await ownerKeyHashOfKeyring(client));
  const salt = toHex(randomBytes(32));
  const { patientRegistry } = client.contracts;
  const id = patientId(await readContract(client, () => patientRegistry.patientIdOf(address, salt), { signal }));
  const authorization = await decideBySignature(
    client,
    "patientRegistry",
    (contract, times) => patientRegistrationData(contract, { patient: id, ownerKeyHash: keyHash, ...times }),
    { signal, validFor },
  );
  return { patient: id, salt, ownerKeyHash: keyHash, authorization };
}

export interface SubmitSignedRegistrationParameters extends AbortOptions {
  readonly signed: SignedRegistration;
}

/** Sends a signed registration; the client's signer pays and gains nothing by it. */
export async function submitSignedRegistration(
  client: Client,
  { signed, signal }: SubmitSignedRegistrationParameters,
): Promise<RegisterPatientResult> {
  const { salt, ownerKeyHash, authorization } = signed;
  const call = await client.contracts.patientRegistry.register.populateTransaction(salt, ownerKeyHash, authorization);
  const sent = await sendTransaction(client, call, { signal });
  const { args } = eventOf(client, sent, "patientRegistry", "PatientRegistered");
  return { patient: patientId(String(args["patient"])), ownerKeyHash, transaction: sent.transaction };
}
