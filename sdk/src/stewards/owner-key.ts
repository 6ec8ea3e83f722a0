import type { AbortOptions } from "../core/abort.ts";
import { type Hex, toHex } from "../core/bytes.ts";
import type { PatientId } from "../core/ids.ts";
import { sha256 } from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { askAll, askUntil, shortfall, verdictsOf } from "./ask-committee.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import {
  decodeOwnerKeyAck,
  decodeOwnerKeyPayload,
  encodeOwnerKeyRequest,
  encodeOwnerKeyUpload,
  type OwnerKeyRequest,
} from "./open-request.ts";
import { isValid, type StewardVerdict } from "./verdict.ts";

export interface FetchedOwnerKey {
  /** X-Wing, 1,216 bytes; its SHA-256 is `expectedHash`. */
  readonly publicKey: Uint8Array;
  readonly verdicts: readonly StewardVerdict[];
}

/**
 * Fetches the key to seal a patient's records to. One steward's word suffices, for the hash on the chain decides: pass
 * what PatientRegistry says in `expectedHash`.
 * @throws OWNER_KEY_UNAVAILABLE with every steward's verdict.
 */
export async function fetchOwnerKey(
  client: StewardsClient,
  parameters: { readonly request: OwnerKeyRequest; readonly expectedHash: Hex } & AbortOptions,
): Promise<FetchedOwnerKey> {
  const { request, expectedHash, signal } = parameters;
  const encoded = encodeOwnerKeyRequest(request);
  const outcomes = await askUntil(
    client,
    (member, options) =>
      askSteward(client, { member, verb: "owner-key", request: encoded, signal: options.signal }, (payload) => {
        const publicKey = decodeOwnerKeyPayload(payload);
        if (toHex(sha256(publicKey)) === expectedHash) return publicKey;
        throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "another key" });
      }),
    (each) => each.some(isValid),
    { signal },
  );
  const verdicts = verdictsOf(outcomes);
  const found = outcomes.find(isValid);
  if (found) return { publicKey: found.value, verdicts };
  throw new AnamnesisError("OWNER_KEY_UNAVAILABLE", { patient: request.patient, ...shortfall(client, verdicts) });
}

/**
 * Brings a patient's public key to every steward; each compares it with the hash on the chain. Safe to repeat.
 * @throws OWNER_KEY_NOT_ACCEPTED unless `threshold` stewards took it.
 */
export async function putOwnerKey(
  client: StewardsClient,
  parameters: { readonly patient: PatientId; readonly publicKey: Uint8Array } & AbortOptions,
): Promise<readonly StewardVerdict[]> {
  const { patient, publicKey, signal } = parameters;
  const request = encodeOwnerKeyUpload(patient, publicKey);
  const outcomes = await askAll(
    client,
    (member, options) =>
      askSteward(client, { member, verb: "owner-key-put", request, signal: options.signal }, (payload) => {
        if (decodeOwnerKeyAck(payload) === patient) return patient;
        throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "it acknowledges another patient" });
      }),
    { signal },
  );
  const verdicts = verdictsOf(outcomes);
  if (outcomes.filter(isValid).length >= client.committee.threshold) return verdicts;
  throw new AnamnesisError("OWNER_KEY_NOT_ACCEPTED", { patient, ...shortfall(client, verdicts) });
}
