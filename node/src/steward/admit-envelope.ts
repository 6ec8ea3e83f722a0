import {
  decodeEnvelope,
  type IdentifiedEnvelope,
  identifyEnvelope,
  isLabelMask,
  type LogEvidence,
  type RecordId,
  sensitivityBits,
  seriesIdOf,
} from "@anamnesis/sdk/internal";
import type { LogPlaceOfRecord } from "../stores/steward-store.ts";
import { agreed, type ChainMoment } from "./chain-moment.ts";
import type { StewardContext } from "./context.ts";
import { requireLogged } from "./logged-record.ts";
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

/** What shows that a record without an anchor of its own is in its author's log, and whether another steward has judged it before. */
export interface AdmissionEvidence {
  readonly evidence: LogEvidence;
  readonly isCopy: boolean;
}

/** Block of the record's anchor, and its place where only a log anchors it. */
async function anchorOf(
  context: StewardContext,
  moment: ChainMoment,
  record: IdentifiedEnvelope,
  shown: AdmissionEvidence | undefined,
): Promise<{ readonly anchoredAt: number; readonly place?: LogPlaceOfRecord }> {
  if (await isAnchored(context, moment, record)) {
    return { anchoredAt: context.known.anchors.get(record.recordId) as number };
  }
  if (shown === undefined) return refuse("ENVELOPE_NOT_ANCHORED");
  const place = await requireLogged(moment, record, shown.evidence, shown);
  return { anchoredAt: place.block, place };
}

/**
 * Takes an envelope in, whoever brings it: an author or another steward. Nobody needs to be believed: the id covers every byte, and the chain must
 * hold it for this patient, author and labels, or hold a head of its author's log that covers it.
 * @returns its id, durable
 * @throws STEWARD_REFUSED with what is wrong, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function admitEnvelope(
  context: StewardContext,
  encoded: Uint8Array,
  shown?: AdmissionEvidence,
): Promise<RecordId> {
  const record = decoded(encoded);
  const { recordId, envelope } = record;
  const moment = await context.moment();
  if (await storedRecord(context, recordId)) return recordId;
  if (!isOurs(context, record)) refuse("ENVELOPE_FOREIGN");
  const { patient, labels, body } = envelope.publicPart;
  if (!isLabelMask(labels)) refuse("ENVELOPE_LABELS_INVALID");

  const { anchoredAt, place } = await anchorOf(context, moment, record, shown);
  if (!isCapsuleSound(context, record)) refuse("ENVELOPE_CAPSULE_INVALID");
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
    place,
  });
  // Its erasure was carried out in between.
  if (!isKept) refuse("RECORD_ERASED");
  return recordId;
}
