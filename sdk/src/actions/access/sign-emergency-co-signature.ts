import { decideBySignature } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { SignedAuthorization } from "../../core/types.ts";
import { emergencyCoSignatureData } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { requireNameOf } from "../identity/require-name-of.ts";
import { type EmergencyRequest, ownProvider } from "./emergency-request.ts";

export interface SignEmergencyCoSignatureParameters extends AbortOptions {
  readonly request: EmergencyRequest;
  /** The name the asking practitioner is registered under: the wallet shows it, and the contract checks it. */
  readonly colleague: string;
}

/** A second clinician's word for an emergency; plain JSON. */
export interface EmergencyCoSignature {
  readonly request: EmergencyRequest;
  readonly authorization: SignedAuthorization;
}

/**
 * Confirms another clinician's emergency, as a practitioner of another licence with the same privilege. Both answer for it: until
 * a privacy officer has reviewed it neither of the two can take part in another.
 * @throws CLIENT_PROVIDER_UNKNOWN, PROVIDER_NAME_DIFFERS, SIGNATURE_REFUSED, CHAIN_UNREACHABLE …
 */
export async function signEmergencyCoSignature(
  client: Client,
  { request, colleague, signal }: SignEmergencyCoSignatureParameters,
): Promise<EmergencyCoSignature> {
  const coSigner = await ownProvider(client, { signal });
  await requireNameOf(client, { provider: request.actor, name: colleague, signal });
  const authorization = await decideBySignature(
    client,
    "accessGate",
    (contract, times) => emergencyCoSignatureData(contract, { ...request, colleague, coSigner, ...times }),
    { signal },
  );
  return { request, authorization };
}
