import { isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Answer,
  encodeRecoveryPayload,
  fromHex,
  keyRecoveryPermission,
  openRecoveryRequest,
  type ProviderId,
  purposeId,
  type ReceivedRecoveryRequest,
  receiptIdOf,
  recoveryLabel,
  recoveryTag,
  type SessionId,
  sealAnswer,
  signReceipt,
  verifyCapsule,
} from "@anamnesis/sdk/internal";
import type { ChainMoment } from "./chain-moment.ts";
import { secondsOf } from "./clock.ts";
import type { StewardContext } from "./context.ts";
import { isOfController } from "./device-standing.ts";
import { isOfSteward, reasonOf, refuse } from "./refuse.ts";
import { isAddressedToUs, requireEpoch, requireTimely } from "./session-checks.ts";
import { isInForce } from "./typed-signature.ts";
import { appendReceipt } from "./write-receipt.ts";

function opened(encoded: Uint8Array): ReceivedRecoveryRequest | undefined {
  try {
    return openRecoveryRequest(encoded);
  } catch {
    return undefined;
  }
}

/**
 * The second in which the recovery took effect that this capsule waited for: final, later than the capsule was made, and the asker in control
 * since, at F and at H, by every node. @throws STEWARD_REFUSED { RECOVERY_NOT_FINAL }
 */
async function requireRecovery(moment: ChainMoment, { request }: ReceivedRecoveryRequest): Promise<number> {
  const { patient, signer } = request.authorization;
  const [controllers, atFinal, atHead] = await Promise.all([
    moment.atFinal((node, block) => node.controllerOf(patient, block)),
    moment.atFinal((node, block) => node.recoveredAt(patient, block)),
    moment.atHead((node, block) => node.recoveredAt(patient, block)),
  ]);
  const recovered = [...atFinal, ...atHead];
  const isFinal = controllers.every((controller) => controller === signer) && !recovered.includes(0);
  const recoveredAt = Math.min(...recovered);
  if (!isFinal || request.madeAt >= recoveredAt) refuse("RECOVERY_NOT_FINAL");
  return recoveredAt;
}

/** The line on the patient's trail: written before the half leaves. */
async function logged(
  context: StewardContext,
  moment: ChainMoment,
  received: ReceivedRecoveryRequest,
  recoveredAt: number,
): Promise<void> {
  const { committee, signing, signingKey, store, inFlight, clock } = context;
  const { request, requestHash, encoded } = received;
  const { patient, signer } = request.authorization;
  const sessionId = received.deviceKeyHash as string as SessionId;
  const receiptId = receiptIdOf({ steward: signingKey, sessionId, requestId: request.requestId });
  // A device that did not hear the answer asks anew: an id is good for one answer.
  if (inFlight.has(receiptId)) refuse("REQUEST_ID_REUSED");
  inFlight.set(receiptId, requestHash);
  try {
    if ((await store.requestOf(receiptId)) !== undefined) refuse("REQUEST_ID_REUSED");
    const receipt = signReceipt(
      {
        v: 1,
        steward: signingKey,
        keyId: committee.keyId,
        epoch: committee.epoch,
        request: encoded,
        block: moment.head,
        sessionId,
        kind: "recovery",
        patient,
        actor: `0x${signer.slice(2).padStart(64, "0")}` as ProviderId,
        purpose: purposeId("patient-request"),
        records: [],
        grantTag: recoveryTag(recoveredAt),
        time: secondsOf(clock),
      },
      signing,
    );
    await appendReceipt(context, { receiptId, requestHash, patient, encoded: receipt });
  } finally {
    inFlight.delete(receiptId);
  }
}

/** Checks, computes, logs; only then is there a payload. @throws STEWARD_REFUSED */
async function released(
  context: StewardContext,
  moment: ChainMoment,
  received: ReceivedRecoveryRequest,
): Promise<Uint8Array> {
  const { committee, allow, partialDecrypt } = context;
  const { request } = received;
  const { authorization, capsule, madeAt } = request;
  if (!allow.request(authorization.signer)) refuse("RATE_LIMITED");
  if (!isInForce(context, authorization)) refuse("AUTHORIZATION_EXPIRED");
  requireTimely(context, moment, request.time);
  await requireEpoch(context, moment, request);
  const recoveredAt = await requireRecovery(moment, received);
  const label = recoveryLabel(committee.keyId, authorization.patient, madeAt);
  if (!verifyCapsule(capsule, label, fromHex(committee.groupKey))) refuse("RECOVERY_CAPSULE_INVALID");
  const partial = partialDecrypt([capsule.U]);
  await logged(context, moment, received, recoveredAt);
  return encodeRecoveryPayload(partial);
}

/**
 * Gives this steward's part of the second half of a trustee slot to who controls the record since a recovery: PROTOCOL §4. Null for whatever
 * a stranger, or the wallet that was lost, can send.
 */
export async function handleRecovery(
  context: StewardContext,
  encoded: Uint8Array,
  onFault: (error: unknown) => void,
): Promise<Uint8Array | null> {
  const received = opened(encoded);
  if (received === undefined || !isAddressedToUs(context, received.request)) return null;
  const { request, requestHash } = received;
  const { clock, limits } = context;
  const checkedAt = clock.elapsed();
  let rightful = false;
  let answer: Answer;
  try {
    const moment = await context.moment();
    const asked = { authorization: request.authorization, deviceKeyHash: received.deviceKeyHash };
    rightful = await isOfController(context, moment, keyRecoveryPermission, asked);
    if (!rightful) return null;
    const payload = await released(context, moment, received);
    const late = clock.elapsed() - checkedAt > limits.answerWithin;
    answer = late ? { refusal: "STEWARD_BUSY", payload: null } : { refusal: null, payload };
  } catch (error) {
    if (!isAnamnesisError(error, "STEWARD_REFUSED")) onFault(error);
    const refusal = reasonOf(error);
    if (!rightful && !isOfSteward(refusal)) return null;
    answer = { refusal, payload: null };
  }
  return sealAnswer(answer, request.receiveKey, requestHash);
}
