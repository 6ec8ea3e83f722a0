import { head, readContract, requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { noId, type PatientId, type ProviderId, patientId, providerId } from "../../core/ids.ts";
import { type EmergencyReason, emergencyReasons, reasonOf } from "../../core/reasons.ts";
import { labels as allLabels, type Label, labelMask, labelsOfMask } from "../../core/vocabulary.ts";
import { createSessionKeys, type SessionKeys } from "../../crypto/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";

/** What one clinician asks and another vouches for; plain JSON, so that it can travel to the colleague's device. */
export interface EmergencyRequest {
  readonly patient: PatientId;
  /** The practitioner who asks, and will read. */
  readonly actor: ProviderId;
  readonly reason: EmergencyReason;
  readonly labels: readonly Label[];
  /** Unix seconds, whole minutes, at most four hours apart. */
  readonly from: number;
  readonly until: number;
  readonly sessionKeyHash: Hex;
}

export interface PrepareEmergencyParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly reason: EmergencyReason;
  /** Everything but what the patient hid, by default. */
  readonly labels?: readonly Label[] | undefined;
  /** Minutes; sixty by default, 240 at most. */
  readonly minutes?: number | undefined;
}

export interface PreparedEmergency {
  readonly request: EmergencyRequest;
  /** Stay on the asking clinician's device. */
  readonly sessionKeys: SessionKeys;
}

const openable: readonly Label[] = /* @__PURE__ */ allLabels
  .map(({ name }) => name)
  .filter((name) => name !== "hidden");

/** The provider whose key the client's signer is. @throws CLIENT_SIGNER_MISSING, CLIENT_PROVIDER_UNKNOWN */
export async function ownProvider(client: Client, options: AbortOptions): Promise<ProviderId> {
  const { address } = requireSigner(client);
  const found = await readContract(client, () => client.contracts.providerRegistry.providerOfKey(address), options);
  if (found === noId) throw new AnamnesisError("CLIENT_PROVIDER_UNKNOWN", { key: address });
  return providerId(found);
}

/**
 * Prepares to open a record in an emergency, from the chain's current minute on. Nothing is sent: hand `request` to a
 * colleague, who confirms it with `signEmergencyCoSignature`.
 * @throws CLIENT_SIGNER_MISSING, CLIENT_PROVIDER_UNKNOWN, INPUT_…
 */
export async function prepareEmergency(
  client: Client,
  parameters: PrepareEmergencyParameters,
): Promise<PreparedEmergency> {
  const { reason, labels = openable, minutes = 60, signal } = parameters;
  const sessionKeys = await createSessionKeys();
  const actor = await ownProvider(client, { signal });
  const { time } = await head(client, { signal });
  const from = time - (time % 60);
  const request = {
    patient: patientId(parameters.patient),
    actor,
    reason: reasonOf(emergencyReasons, reason).name,
    labels: labelsOfMask(labelMask(labels)),
    from,
    until: from + 60 * minutes,
    sessionKeyHash: sessionKeys.sessionKeyHash,
  };
  return { request, sessionKeys };
}
