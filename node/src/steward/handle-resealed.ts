import {
  decodeResealedUpload,
  encodeResealedAck,
  openResealedOwn,
  type PatientId,
  type RecordId,
  recordResealPermission,
  type VerifiedReseal,
} from "@anamnesis/sdk/internal";
import { agreed, type ChainMoment } from "./chain-moment.ts";
import type { StewardContext } from "./context.ts";
import { isOfController } from "./device-standing.ts";
import { storedRecord } from "./record-checks.ts";
import { readOrRefuse, refuse } from "./refuse.ts";
import { isInForce } from "./typed-signature.ts";

/** All of a request stand under one permission, or it is refused whole. */
async function requirePermission(
  context: StewardContext,
  moment: ChainMoment,
  slots: readonly VerifiedReseal[],
): Promise<PatientId> {
  const first = slots[0] ?? refuse("REFUSED");
  const { authorization, deviceKeyHash } = first;
  const isOne = slots.every(
    (each) =>
      each.deviceKeyHash === deviceKeyHash &&
      each.authorization.signature === authorization.signature &&
      each.authorization.signer === authorization.signer &&
      each.authorization.patient === authorization.patient &&
      each.authorization.signedAt === authorization.signedAt &&
      each.authorization.deadline === authorization.deadline,
  );
  if (!isOne || !(await isOfController(context, moment, recordResealPermission, first))) refuse("REFUSED");
  if (!isInForce(context, authorization)) refuse("AUTHORIZATION_EXPIRED");
  return authorization.patient;
}

/**
 * Keeps what the controller sealed again after a change of the owner key, beside the envelopes it belongs to: sealed to the key of now, and
 * of records of this patient that the steward holds. The others are left out of the acknowledgement.
 * @throws STEWARD_REFUSED, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function handleResealedPut(context: StewardContext, encoded: Uint8Array): Promise<Uint8Array> {
  const slots = readOrRefuse(() => decodeResealedUpload(encoded).map((each) => openResealedOwn(each)));
  const moment = await context.moment();
  const patient = await requirePermission(context, moment, slots);
  const current = agreed(await moment.atHead((node, block) => node.ownerKeyHashOf(patient, block)));
  if (slots.some(({ own }) => own.ownerKeyHash !== current)) refuse("ENVELOPE_OWNER_KEY_NOT_CURRENT");
  const kept: RecordId[] = [];
  for (const { recordId, own, encoded: slot } of slots) {
    const record = await storedRecord(context, recordId);
    if (record?.envelope.publicPart.patient !== patient) continue;
    const row = { recordId, patient, ownerKeyHash: own.ownerKeyHash, encoded: slot };
    if (await context.store.putResealed(row)) kept.push(recordId);
  }
  return encodeResealedAck(kept);
}
