import {
  encodeLogEvidence,
  fromHex,
  type IdentifiedEnvelope,
  isConsistent,
  isIncluded,
  type LogEvidence,
} from "@anamnesis/sdk/internal";
import type { LogPlaceOfRecord } from "../stores/steward-store.ts";
import type { LogEvent } from "./chain.ts";
import { agreed, type ChainMoment } from "./chain-moment.ts";
import { refuse } from "./refuse.ts";

/** Seconds after a head for which its author may bring the envelopes: nobody shows up later with a record of a time when it was allowed. */
const DAY = 86_400;

const headOf = async (moment: ChainMoment, owner: `0x${string}`, size: number): Promise<LogEvent | null> =>
  agreed(await moment.atFinal(async (node, block) => (await node.logHead(owner, size, block)) ?? null));

/** The log has not been begun anew since that head. */
async function requireContinued(
  moment: ChainMoment,
  owner: `0x${string}`,
  head: LogEvent,
  { size, later }: LogEvidence,
): Promise<void> {
  const last = agreed(await moment.atFinal((node, block) => node.logOf(owner, block)));
  if (last.size === size) return;
  const lastHead = later?.size === last.size ? await headOf(moment, owner, last.size) : null;
  if (later === null || lastHead === null) return refuse("ENVELOPE_LOG_MOVED");
  const claim = { root: fromHex(head.root), size, laterRoot: fromHex(lastHead.root), laterSize: last.size };
  if (!isConsistent({ ...claim, path: later.path })) refuse("ENVELOPE_NOT_ANCHORED");
}

/**
 * Whether a record is a leaf of its author's anchored log, and the author was allowed to write it at that head's block (`docs/spec/log-proof.md`).
 * What another steward admitted is not asked for its age, nor for a proof that only its author can make.
 * @throws STEWARD_REFUSED { ENVELOPE_NOT_ANCHORED, ENVELOPE_LOG_MOVED, ENVELOPE_LOG_TOO_OLD, ENVELOPE_WRITE_REFUSED }; STEWARD_CHAIN_UNAVAILABLE
 * also where a node no longer knows the state of that block
 */
export async function requireLogged(
  moment: ChainMoment,
  { envelope, recordId }: IdentifiedEnvelope,
  evidence: LogEvidence,
  { isCopy }: { readonly isCopy: boolean },
): Promise<LogPlaceOfRecord> {
  const { patient, author, labels } = envelope.publicPart;
  const { index, size, path, purpose, via } = evidence;
  const head = (await headOf(moment, author, size)) ?? refuse("ENVELOPE_NOT_ANCHORED");
  if (!isIncluded({ root: fromHex(head.root), size, leaf: fromHex(recordId), index, path }))
    refuse("ENVELOPE_NOT_ANCHORED");
  const block = agreed(await moment.atFinal(async (node) => (await node.blockAt(head.block)) ?? null));
  if (block === null) return refuse("ENVELOPE_NOT_ANCHORED");
  if (!isCopy) {
    if (moment.final.time - block.time > DAY) refuse("ENVELOPE_LOG_TOO_OLD");
    await requireContinued(moment, author, head, evidence);
  }
  const writing = { patient, author, labels, purpose, via };
  const mayWrite = await moment.atFinal((node) => node.mayWrite(writing, block));
  if (!mayWrite.every(Boolean)) refuse("ENVELOPE_WRITE_REFUSED");
  const place = { index, size, path, root: head.root, block: head.block, transaction: head.transaction };
  return { ...place, evidence: encodeLogEvidence(evidence) };
}
