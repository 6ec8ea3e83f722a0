import {
  decodeEnvelope,
  decodeEnvelopeUpload,
  encodeEnvelopeAck,
  type IdentifiedEnvelope,
  identifyEnvelope,
  isLabelMask,
  type RecordId,
  sensitivityBits,
  seriesIdOf,
} from "@anamnesis/sdk/internal";
import type { StewardContext } from "./context.ts";
import { wasOwnerKeyAt } from "./owner-key-history.ts";
import { isAnchored, isCapsuleSound, isOurs, storedRecord } from "./record-checks.ts";
import { refuse } from "./refuse.ts";

/** "Not yet checked": the one sensitivity that an amendment may drop. */
const UNSCREENED = 1n << 63n;

function decoded(encoded: Uint8Array): IdentifiedEnvelope {
  try {
    return identifyEnvelope(decodeEnvelope(encoded));
  } catch {
    return refuse("ENVELOPE_MALFORMED");
  }
}

/** An amendment continues what it amends and hides no less; checked where the predecessor is here. */
async function requireContinuation(context: StewardContext, record: IdentifiedEnvelope): Promise<void> {
  const part = record.envelope.publicPart;
  const before = part.prev === null ? undefined : await storedRecord(context, part.prev);
  if (before === undefined) return;
  const old = before.envelope.publicPart;
  const dropped = old.labels & sensitivityBits & ~UNSCREENED & ~part.labels;
  const continues = seriesIdOf(old) === seriesIdOf(part) && old.ver + 1 === part.ver && dropped === 0n;
  if (!continues) refuse("ENVELOPE_AMENDMENT_INVALID");
}

/**
 * Admits an author's envelope. Nobody needs to be believed: the id covers every byte, and the chain must hold it for
 * this patient, author and labels.
 * @throws STEWARD_REFUSED with what is wrong, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function handleEnvelope(context: StewardContext, request: Uint8Array): Promise<Uint8Array> {
  const { encoded, record } = uploadOf(request);
  const { recordId, envelope } = record;
  if (await storedRecord(context, recordId)) return encodeEnvelopeAck(recordId);
  if (!isOurs(context, record)) refuse("ENVELOPE_FOREIGN");
  const { patient, labels } = envelope.publicPart;
  if (!isLabelMask(labels)) refuse("ENVELOPE_LABELS_INVALID");

  const moment = await context.moment();
  if (!(await isAnchored(context, moment, record))) refuse("ENVELOPE_NOT_ANCHORED");
  if (!isCapsuleSound(context, record)) refuse("ENVELOPE_CAPSULE_INVALID");
  const anchoredAt = context.known.anchors.get(recordId) as number;
  if (!(await wasOwnerKeyAt(moment, patient, envelope.own.ownerKeyHash, anchoredAt))) {
    refuse("ENVELOPE_OWNER_KEY_NOT_CURRENT");
  }
  await requireContinuation(context, record);

  const isKept = await context.store.putEnvelope({
    recordId,
    patient,
    series: seriesIdOf(envelope.publicPart),
    labels,
    body: envelope.publicPart.body.cid.bytes,
    encoded,
    anchoredAt,
    admittedAt: moment.final.number,
  });
  if (!isKept) refuse("RECORD_ERASED");
  return encodeEnvelopeAck(recordId as RecordId);
}

function uploadOf(request: Uint8Array): { encoded: Uint8Array; record: IdentifiedEnvelope } {
  let encoded: Uint8Array;
  try {
    encoded = decodeEnvelopeUpload(request).envelope;
  } catch {
    return refuse("ENVELOPE_MALFORMED");
  }
  return { encoded, record: decoded(encoded) };
}
