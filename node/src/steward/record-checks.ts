import {
  DISPUTED,
  decodeEnvelope,
  fromHex,
  type IdentifiedEnvelope,
  identifyEnvelope,
  isLabelMask,
  labelMask,
  noId,
  RETRACTED,
  type RecordId,
  type RefusalCode,
  releaseLabel,
  seriesIdOf,
  verifyCapsule,
} from "@anamnesis/sdk/internal";
import type { AnchorSlot, SeriesState, SessionOpened } from "./chain.ts";
import { agreed, type ChainMoment } from "./chain-moment.ts";
import type { StewardContext } from "./context.ts";
import type { SeriesStates } from "./series-states.ts";

const ADOLESCENT = labelMask(["adolescent"]);
const HIDDEN = labelMask(["hidden"]);

export interface StoredRecord extends IdentifiedEnvelope {
  readonly encoded: Uint8Array;
}

/** A record that may be opened, with its status. */
export interface OpenableRecord extends StoredRecord {
  readonly status: number;
}

export function slotOf({ envelope, recordId }: IdentifiedEnvelope): AnchorSlot {
  const { patient, labels, author } = envelope.publicPart;
  return { patient, recordId, labels, author };
}

/** Whether the envelope belongs to this network and committee, and carries labels that exist. */
export function isOurs({ system, committee }: StewardContext, { envelope }: IdentifiedEnvelope): boolean {
  return envelope.publicPart.system === system && envelope.publicPart.keyId === committee.keyId;
}

/** Whether the record lies within the session's patient, series and labels, those that the patient added included. */
export function isCovered(
  session: SessionOpened,
  { envelope }: IdentifiedEnvelope,
  { restrictions }: Pick<SeriesState, "restrictions">,
): boolean {
  const { publicPart } = envelope;
  return (
    publicPart.patient === session.patient &&
    areLabelsCovered(session, publicPart.labels | restrictions) &&
    (session.series === noId || session.series === seriesIdOf(publicPart))
  );
}

export const areLabelsCovered = (session: SessionOpened, labels: bigint): boolean =>
  isLabelMask(labels) && (labels & ~session.labels) === 0n && (labels & closedTo(session)) === 0n;

/** Labels that this kind of session never opens, whatever its event says. */
function closedTo(session: SessionOpened): bigint {
  if (session.kind === "emergency") return HIDDEN;
  return session.kind === "delegate" && session.isGuardian ? ADOLESCENT : 0n;
}

/** Whether the record stands anchored, for this patient, author and labels, at or before the final block. */
export async function isAnchored(
  context: StewardContext,
  moment: ChainMoment,
  record: IdentifiedEnvelope,
): Promise<boolean> {
  const { anchors } = context.known;
  const { recordId } = record;
  const anchoredAt = async () => agreed(await moment.atFinal((node, block) => node.anchoredAt(slotOf(record), block)));
  // A record that only its author's log anchors was judged once, when it was taken in.
  const at = anchors.get(recordId) ?? ((await anchoredAt()) || ((await context.store.placeOf(recordId))?.block ?? 0));
  const anchored = at > 0 && at <= moment.final.number;
  // An anchor never moves once its block is final, and the id fixes every field of its slot.
  if (anchored) anchors.set(record.recordId, at);
  return anchored;
}

/** Whether the capsule was made for this record under our key. The id covers every byte of it, so once suffices. */
export function isCapsuleSound({ committee, known }: StewardContext, record: IdentifiedEnvelope): boolean {
  if (known.capsules.get(record.recordId)) return true;
  const label = releaseLabel(committee.keyId, record.coreId);
  const sound = verifyCapsule(record.envelope.release, label, fromHex(committee.groupKey));
  if (sound) known.capsules.set(record.recordId, true);
  return sound;
}

/** Status bits at the head. A retraction is final, so one node that knows of it suffices. */
export async function statusOf(
  context: StewardContext,
  moment: ChainMoment,
  record: IdentifiedEnvelope,
  { disputed }: Pick<SeriesState, "disputed">,
): Promise<number> {
  const { retracted } = context.known;
  const slot = { recordId: record.recordId, author: record.envelope.publicPart.author };
  const dispute = disputed ? DISPUTED : 0;
  const known = retracted.get(record.recordId);
  if (known || (await moment.atHead((node, block) => node.isRetracted(slot, block))).includes(true)) {
    retracted.set(record.recordId, true);
    return RETRACTED | dispute;
  }
  return dispute;
}

/** The steward's own copy, its ids recomputed; undefined where it has none that is whole. */
export async function storedRecord(context: StewardContext, recordId: RecordId): Promise<StoredRecord | undefined> {
  const encoded = await context.store.envelopeOf(recordId);
  if (encoded === undefined) return undefined;
  const record = identifyEnvelope(decodeEnvelope(encoded));
  return record.recordId === recordId ? { ...record, encoded } : undefined;
}

/** Every check of one record in a permitted session: the record, or why not. */
export async function openableRecord(
  context: StewardContext,
  session: SessionOpened,
  moment: ChainMoment,
  record: StoredRecord | undefined,
  states: SeriesStates,
): Promise<OpenableRecord | RefusalCode> {
  if (record === undefined) return "RECORD_UNKNOWN";
  const state = states.of(record);
  if (!isOurs(context, record) || !isCovered(session, record, state)) return "RECORD_OUTSIDE_SESSION";
  if (state.erased) return "RECORD_ERASED";
  if (!(await isAnchored(context, moment, record))) return "RECORD_NOT_ANCHORED";
  if (!isCapsuleSound(context, record)) return "RECORD_CAPSULE_INVALID";
  return { ...record, status: await statusOf(context, moment, record, state) };
}
