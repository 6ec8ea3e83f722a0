import { decideBySignature, readContract, requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type Hex, randomBytes, toHex } from "../../core/bytes.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { ProviderKind, SignedAuthorization } from "../../core/types.ts";
import { providerAdmissionData } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { requireProviderName } from "./provider-name.ts";

/** A provider's request to be admitted, signed by its first key; plain JSON for the registrar. */
export interface SignedAdmission {
  readonly provider: ProviderId;
  readonly name: string;
  readonly kind: ProviderKind;
  readonly salt: Hex;
  /** Commitment to a practitioner's licence. */
  readonly licence: Hex | undefined;
  readonly authorization: SignedAuthorization;
}

export interface SignProviderAdmissionParameters extends AbortOptions {
  /** As patients will read it when they sign. */
  readonly name: string;
  readonly kind: ProviderKind;
  /** 32 bytes that commit to a practitioner's licence; required of practitioners, refused of organisations. */
  readonly licence?: Hex | undefined;
  /** Seconds the registrar has to act; seven days by default, which is the most contracts take. */
  readonly validFor?: number | undefined;
}

const sevenDays = 604_800;

/** The provider's side of an admission: its first key agrees to name, kind and id. @throws PROVIDER_NAME_INVALID … */
export async function signProviderAdmission(
  client: Client,
  { name, kind, licence, validFor = sevenDays, signal }: SignProviderAdmissionParameters,
): Promise<SignedAdmission> {
  requireProviderName(name);
  const { address } = requireSigner(client);
  const salt = toHex(randomBytes(32));
  const { providerRegistry } = client.contracts;
  const provider = providerId(
    await readContract(client, () => providerRegistry.providerIdOf(address, salt), { signal }),
  );
  const authorization = await decideBySignature(
    client,
    "providerRegistry",
    (contract, times) => providerAdmissionData(contract, { name, kind, provider, salt, ...times }),
    { signal, validFor },
  );
  return { provider, name, kind, salt, licence, authorization };
}
