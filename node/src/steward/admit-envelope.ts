import {
  decodeEnvelope,
  type IdentifiedEnvelope,
  identifyEnvelope,
  isLabelMask,
  type RecordId,
  sensitivityBits,
  seriesIdOf,
} from "@anamnesis/sdk/internal";
import { agreed, type ChainMoment } from "./chain-moment.ts";
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

/** What is to be deleted is not taken in any more, also where this steward has not come to it yet. */
async function requireNotErased(
  context: StewardContext,
  moment: ChainMoment,
  { envelope }: IdentifiedEnvelope,
): Promise<void> {
  const { patient } = envelope.publicPart;
  const series = seriesIdOf(envelope.publicPart);
  if (await context.store.isErased({ patient, series })) refuse("RECORD_ERASED");
  const erasure = agreed(await moment.atFinal((node, block) => node.erasureOf(patient, series, block)));
  if (erasure.requestedAt > 0 && erasure.deletableFrom <= moment.final.time) refuse("RECORD_ERASED");
}

/**
 * Takes an envelope in, whoever brings it: an author or another steward. Nobody needs to be believed: the id covers every byte, and the chain must
 * hold it for this patient, author and labels.
 * @returns its id, durable
 * @throws STEWARD_REFUSED with what is wrong, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function admitEnvelope(context: StewardContext, encoded: Uint8Array): Promise<RecordId> {
  const record = decoded(encoded);
  const { recordId, envelope } = record;
  const moment = await context.moment();
  if (await storedRecord(context, recordId)) return recordId;
  if (!isOurs(context, record)) refuse("ENVELOPE_FOREIGN");
  const { patient, labels, body } = envelope.publicPart;
  if (!isLabelMask(labels)) refuse("ENVELOPE_LABELS_INVALID");

  if (!(await isAnchored(context, moment, record))) refuse("ENVELOPE_NOT_ANCHORED");
  if (!isCapsuleSound(context, record)) refuse("ENVELOPE_CAPSULE_INVALID");
  const anchoredAt = context.known.anchors.get(recordId) as number;
  if (!(await wasOwnerKeyAt(moment, patient, envelope.own.ownerKeyHash, anchoredAt))) {
    refuse("ENVELOPE_OWNER_KEY_NOT_CURRENT");
  }
  await requireNotErased(context, moment, record);
  await requireContinuation(context, record);

  const isKept = await context.store.putEnvelope({
    recordId,
    patient,
    series: seriesIdOf(envelope.publicPart),
    labels,
    body: body.cid.bytes,
    encoded,
    anchoredAt,
    admittedAt: moment.final.number,
  });
  // Its erasure was carried out in between.
  if (!isKept) refuse("RECORD_ERASED");
  return recordId;
}
