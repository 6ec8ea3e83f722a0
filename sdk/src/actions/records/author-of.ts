import { readContract, requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { noId, type PatientId, type ProviderId, providerId } from "../../core/ids.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";

/** In whose name the client's signer writes: the patient's own, or a provider's. */
export type Author =
  | { readonly kind: "patient"; readonly author: Hex }
  | { readonly kind: "provider"; readonly author: Hex; readonly provider: ProviderId };

/**
 * Decides as RecordRegistry does: who controls the patient writes as the patient, everybody else as their provider.
 * @throws CLIENT_SIGNER_MISSING, RECORD_AUTHOR_UNKNOWN
 */
export async function authorOf(client: Client, patient: PatientId, options: AbortOptions = {}): Promise<Author> {
  const { address } = requireSigner(client);
  const { patientRegistry, providerRegistry } = client.contracts;
  const [head, held] = await Promise.all([
    readContract(client, () => patientRegistry.headOf(patient), options),
    readContract(client, () => providerRegistry.providerOfKey(address), options),
  ]);
  if (head.controller.toLowerCase() === address.toLowerCase()) return { kind: "patient", author: patient };
  if (held === noId) throw new AnamnesisError("RECORD_AUTHOR_UNKNOWN", { address, patient });
  const provider = providerId(held);
  return { kind: "provider", author: provider, provider };
}
