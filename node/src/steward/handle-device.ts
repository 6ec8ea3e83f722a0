import { isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Answer,
  type DeviceRequest,
  encodeReceiptsPayload,
  encodeSyncPayload,
  envelopeSyncMessage,
  envelopeSyncTypes,
  openDeviceRequest,
  sealAnswer,
} from "@anamnesis/sdk/internal";
import type { StewardContext } from "./context.ts";
import { reasonOf, refuse } from "./refuse.ts";
import { isAddressedToUs, requireTimely } from "./session-checks.ts";
import { isInForce, isTypedSignatureOf } from "./typed-signature.ts";

type Received = ReturnType<typeof openDeviceRequest>;

function opened(encoded: Uint8Array): Received | undefined {
  try {
    return openDeviceRequest(encoded);
  } catch {
    return undefined;
  }
}

/** Whether the wallet that signed for this device controls the patient's record now, by every node. */
async function isController(context: StewardContext, { request, deviceKeyHash }: Received): Promise<boolean> {
  const { authorization } = request;
  const message = envelopeSyncMessage(authorization, deviceKeyHash);
  if (!isTypedSignatureOf(context.reference, envelopeSyncTypes, message, authorization)) return false;
  const moment = await context.moment();
  const controllers = await moment.atHead((node, block) => node.controllerOf(authorization.patient, block));
  if (controllers.some((controller) => controller !== authorization.signer)) return false;
  return true;
}

async function payloadOf(context: StewardContext, request: DeviceRequest): Promise<Uint8Array> {
  const { patient } = request.authorization;
  if (request.verb === "sync") {
    const { items, ...page } = await context.store.envelopesOf(patient, request);
    return encodeSyncPayload({ envelopes: items, ...page });
  }
  const { items, ...page } = await context.store.receiptsOf(patient, request);
  return encodeReceiptsPayload({ receipts: items, ...page });
}

/** Copies of envelopes or receipts for the patient's own device, sealed to it. Null for whatever a stranger can send. */
export async function handleDevice(
  context: StewardContext,
  verb: "sync" | "receipts",
  encoded: Uint8Array,
  onFault: (error: unknown) => void,
): Promise<Uint8Array | null> {
  const received = opened(encoded);
  if (received === undefined || received.request.verb !== verb || !isAddressedToUs(context, received.request))
    return null;
  const { request, requestHash } = received;
  let rightful = false;
  let answer: Answer;
  try {
    rightful = await isController(context, received);
    if (!rightful) return null;
    if (!isInForce(context, request.authorization)) refuse("AUTHORIZATION_EXPIRED");
    requireTimely(context, await context.moment(), request.time);
    answer = { refusal: null, payload: await payloadOf(context, request) };
  } catch (error) {
    if (!isAnamnesisError(error, "STEWARD_REFUSED")) onFault(error);
    const refusal = reasonOf(error);
    if (!rightful && refusal !== "STEWARD_UNAVAILABLE") return null;
    answer = { refusal, payload: null };
  }
  return sealAnswer(answer, request.receiveKey, requestHash);
}
