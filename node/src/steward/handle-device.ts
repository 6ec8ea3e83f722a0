import { isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Answer,
  type DeviceRequest,
  type DeviceVerb,
  encodeErasuresPayload,
  encodeHeaderPayload,
  encodeReceiptsPayload,
  encodeResealedPayload,
  encodeSyncPayload,
  envelopeSyncPermission,
  openDeviceRequest,
  sealAnswer,
} from "@anamnesis/sdk/internal";
import type { StewardContext } from "./context.ts";
import { isOfController } from "./device-standing.ts";
import { isOfSteward, reasonOf, refuse } from "./refuse.ts";
import { isAddressedToUs, requireTimely } from "./session-checks.ts";
import { isInForce } from "./typed-signature.ts";

type Received = ReturnType<typeof openDeviceRequest>;

function opened(encoded: Uint8Array): Received | undefined {
  try {
    return openDeviceRequest(encoded);
  } catch {
    return undefined;
  }
}

async function payloadOf({ store }: StewardContext, request: DeviceRequest): Promise<Uint8Array> {
  const { patient } = request.authorization;
  switch (request.verb) {
    case "sync": {
      const { items, ...page } = await store.envelopesOf(patient, request);
      return encodeSyncPayload({ envelopes: items, ...page });
    }
    case "receipts": {
      const { items, ...page } = await store.receiptsOf(patient, request);
      return encodeReceiptsPayload({ receipts: items, ...page });
    }
    case "erasures": {
      const { items, ...page } = await store.erasuresOf(patient, request);
      return encodeErasuresPayload({ erasures: items, ...page });
    }
    case "resealed": {
      const { items, ...page } = await store.resealedOf(patient, request);
      return encodeResealedPayload({ resealed: items, ...page });
    }
    case "header":
      return encodeHeaderPayload((await store.headerOf(patient)) ?? refuse("KEY_HEADER_UNKNOWN"));
  }
}

/** Copies of what belongs to the patient for their own device, sealed to it. Null for whatever a stranger can send. */
export async function handleDevice(
  context: StewardContext,
  verb: DeviceVerb,
  encoded: Uint8Array,
  onFault: (error: unknown) => void,
): Promise<Uint8Array | null> {
  const received = opened(encoded);
  if (received === undefined || received.request.verb !== verb || !isAddressedToUs(context, received.request))
    return null;
  const { request, requestHash, deviceKeyHash } = received;
  const { authorization } = request;
  let rightful = false;
  let answer: Answer;
  try {
    const asked = { authorization, deviceKeyHash };
    const moment = await context.moment();
    rightful = await isOfController(context, moment, envelopeSyncPermission, asked);
    if (!rightful) return null;
    if (!isInForce(context, authorization)) refuse("AUTHORIZATION_EXPIRED");
    requireTimely(context, moment, request.time);
    answer = { refusal: null, payload: await payloadOf(context, request) };
  } catch (error) {
    if (!isAnamnesisError(error, "STEWARD_REFUSED")) onFault(error);
    const refusal = reasonOf(error);
    if (!rightful && !isOfSteward(refusal)) return null;
    answer = { refusal, payload: null };
  }
  return sealAnswer(answer, request.receiveKey, requestHash);
}
