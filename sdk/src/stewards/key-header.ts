import type { AbortOptions } from "../core/abort.ts";
import { fromHex, type Hex } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { PatientId } from "../core/ids.ts";
import { bytesUpTo, literal, map } from "../core/shape.ts";
import { keyringHeaderHash } from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { askAll, askUntil, shortfall, verdictsOf } from "./ask-committee.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import { type DeviceParameters, deviceRequestFields } from "./device-pages.ts";
import { signDeviceRequest } from "./device-request.ts";
import { isValid, type StewardVerdict } from "./verdict.ts";
import { hexOf, MAX_REQUEST_BYTES } from "./wire.ts";

/** Bound on a header that stewards keep: what fits a request. */
export const MAX_KEPT_HEADER_BYTES = MAX_REQUEST_BYTES - 256;

/** Anybody may bring the header whose hash the chain holds. */
interface HeaderUpload {
  readonly v: 1;
  readonly verb: "header-put";
  readonly patient: PatientId;
  readonly header: Uint8Array;
}

const readUpload = map<HeaderUpload>({
  v: literal(1),
  verb: literal("header-put"),
  patient: hexOf<PatientId>(32),
  header: bytesUpTo(MAX_KEPT_HEADER_BYTES),
});
const readHeader = map({ header: bytesUpTo(MAX_KEPT_HEADER_BYTES) });
const readAck = map({ patient: hexOf<PatientId>(32) });

export const encodeHeaderUpload = (patient: PatientId, header: Uint8Array): Uint8Array =>
  encodeDagCbor({ v: 1, verb: "header-put", patient: fromHex(patient), header });
export const encodeHeaderAck = (patient: PatientId): Uint8Array => encodeDagCbor({ patient: fromHex(patient) });
export const encodeHeaderPayload = (header: Uint8Array): Uint8Array => encodeDagCbor({ header });

/** Each decoder throws INPUT_MALFORMED. */
export const decodeHeaderUpload = (encoded: Uint8Array): HeaderUpload =>
  decodeDagCbor(bytesUpTo(MAX_REQUEST_BYTES)(encoded, "request"), readUpload, "request");
const decodeHeaderAck = (payload: Uint8Array): PatientId => decodeDagCbor(payload, readAck, "ack").patient;
const decodeHeaderPayload = (payload: Uint8Array): Uint8Array => decodeDagCbor(payload, readHeader, "header").header;

/**
 * Brings a patient's keyring header to every steward; each compares it with the hash on the chain. Safe to repeat.
 * @throws KEY_HEADER_NOT_ACCEPTED unless `threshold` stewards took it.
 */
export async function putKeyHeader(
  client: StewardsClient,
  parameters: { readonly patient: PatientId; readonly header: Uint8Array } & AbortOptions,
): Promise<readonly StewardVerdict[]> {
  const { patient, header, signal } = parameters;
  const request = encodeHeaderUpload(patient, header);
  const outcomes = await askAll(
    client,
    (member, options) =>
      askSteward(client, { member, verb: "header-put", request, signal: options.signal }, (payload) => {
        if (decodeHeaderAck(payload) === patient) return patient;
        throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "it acknowledges another patient" });
      }),
    { signal },
  );
  const verdicts = verdictsOf(outcomes);
  if (outcomes.filter(isValid).length >= client.committee.threshold) return verdicts;
  throw new AnamnesisError("KEY_HEADER_NOT_ACCEPTED", { patient, ...shortfall(client, verdicts) });
}

/**
 * Fetches the header of a patient's keyring for the controller's device. One steward's word suffices: pass the hash that the chain holds.
 * @throws KEY_HEADER_UNAVAILABLE with every steward's verdict.
 */
export async function fetchKeyHeader(
  client: StewardsClient,
  parameters: Omit<DeviceParameters, "after"> & { readonly expectedHash: Hex },
): Promise<Uint8Array> {
  const { keys, authorization, expectedHash, signal } = parameters;
  const outcomes = await askUntil(
    client,
    (member, options) => {
      const fields = deviceRequestFields(client, { keys, authorization }, member);
      const request = signDeviceRequest({ ...fields, verb: "header", after: 0, limit: 1 }, keys);
      const receiveKey = keys.receive.privateKey;
      return askSteward(client, { member, verb: "header", request, receiveKey, signal: options.signal }, (payload) => {
        const header = decodeHeaderPayload(payload);
        if (keyringHeaderHash(header) === expectedHash) return header;
        throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "another header" });
      });
    },
    (each) => each.some(isValid),
    { signal },
  );
  const found = outcomes.find(isValid);
  if (found) return found.value;
  const counted = shortfall(client, verdictsOf(outcomes));
  throw new AnamnesisError("KEY_HEADER_UNAVAILABLE", { patient: authorization.patient, ...counted });
}
