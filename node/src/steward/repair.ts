import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  concat,
  decodeLogEvidence,
  equalBytes,
  fromHex,
  type RecordId,
  type StewardAddress,
} from "@anamnesis/sdk/internal";
import { admitEnvelope } from "./admit-envelope.ts";
import { askPeer, type PeerTransport } from "./ask-peer.ts";
import type { StewardContext } from "./context.ts";
import { MAX_COPIES, MAX_LISTED } from "./peer-request.ts";
import { rangeDigests } from "./range-digests.ts";
import { readOrRefuse } from "./refuse.ts";
import { repairPatients } from "./repair-patients.ts";

/** A copy that a peer offered and that was not taken, or a peer that gave none. */
export interface RepairProblem {
  /** Place of the peer in the committee. */
  readonly steward: number;
  readonly recordId?: RecordId;
  /** A refusal's or an error's code. */
  readonly reason: string;
}

export interface RepairReport {
  /** Envelopes that were missing here and are no longer. */
  readonly envelopes: readonly RecordId[];
  /** Owner keys, headers and slots sealed again that were missing. */
  readonly others: number;
  readonly problems: readonly RepairProblem[];
}

const codeOf = (error: unknown): string => {
  if (!isAnamnesisError(error)) throw error;
  return error.code === "STEWARD_REFUSED" ? String(error.details["reason"]) : error.code;
};

/** Ids that a peer has and we have not. Ranges in which both hold the same cost nothing more than their digests. */
async function missingOf(
  context: StewardContext,
  transport: PeerTransport,
  peer: StewardAddress,
  prefix = new Uint8Array(),
): Promise<RecordId[]> {
  const { ranges } = await askPeer(context, transport, peer, "peer-ranges", { prefix });
  const ours = await rangeDigests(context.store, prefix);
  const missing: RecordId[] = [];
  for (const [byte, range] of ranges.entries()) {
    if (range.count === 0 || equalBytes(range.digest, ours[byte]?.digest ?? new Uint8Array())) continue;
    const below = concat(prefix, Uint8Array.of(byte));
    if (range.count > MAX_LISTED && below.length < 32) {
      missing.push(...(await missingOf(context, transport, peer, below)));
      continue;
    }
    const { records } = await askPeer(context, transport, peer, "peer-list", { prefix: below });
    for (const recordId of records) {
      const begins = equalBytes(fromHex(recordId).subarray(0, below.length), below);
      if (!begins) throw new AnamnesisError("STEWARD_LIED", { steward: peer.index, reason: "another range's id" });
      if ((await context.store.envelopeOf(recordId)) === undefined) missing.push(recordId);
    }
  }
  return missing;
}

/** A record without an anchor of its own is judged by what the peer was shown for it. */
async function admitCopy(
  context: StewardContext,
  transport: PeerTransport,
  peer: StewardAddress,
  { recordId, encoded }: { readonly recordId: RecordId; readonly encoded: Uint8Array },
): Promise<RecordId> {
  try {
    return await admitEnvelope(context, encoded);
  } catch (error) {
    const isUnanchored = isAnamnesisError(error, "STEWARD_REFUSED") && codeOf(error) === "ENVELOPE_NOT_ANCHORED";
    if (!isUnanchored) throw error;
    const { places } = await askPeer(context, transport, peer, "peer-places", { records: [recordId] });
    const shown = places[0] ?? null;
    if (shown === null) throw error;
    return admitEnvelope(context, encoded, { evidence: readOrRefuse(() => decodeLogEvidence(shown)), isCopy: true });
  }
}

/** Copies what is missing, each checked as if its author had brought it. */
async function copyEnvelopes(
  context: StewardContext,
  transport: PeerTransport,
  peer: StewardAddress,
  note: { readonly copied: (id: RecordId) => void; readonly problem: (problem: RepairProblem) => void },
): Promise<void> {
  const missing = await missingOf(context, transport, peer);
  for (let start = 0; start < missing.length; start += MAX_COPIES) {
    const records = missing.slice(start, start + MAX_COPIES);
    const { envelopes } = await askPeer(context, transport, peer, "peer-envelopes", { records });
    for (const [i, recordId] of records.entries()) {
      const encoded = envelopes[i] ?? null;
      // What a peer erased since it listed it.
      if (encoded === null) continue;
      try {
        const admitted = await admitCopy(context, transport, peer, { recordId, encoded });
        if (admitted === recordId) note.copied(recordId);
        else note.problem({ steward: peer.index, recordId, reason: "STEWARD_LIED" });
      } catch (error) {
        note.problem({ steward: peer.index, recordId, reason: codeOf(error) });
      }
    }
  }
}

/**
 * Finds what this steward is missing by asking each of the others, and takes in what the chain bears out: a bad copy goes no further. What was
 * erased stays erased. A peer that cannot be reached, or lies, is a line in the report and holds up nobody.
 * @throws STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED, STEWARD_REFUSED { STEWARD_CATCHING_UP }
 */
export async function repair(context: StewardContext, transport: PeerTransport): Promise<RepairReport> {
  const envelopes = new Set<RecordId>();
  const problems: RepairProblem[] = [];
  let others = 0;
  await context.moment();
  for (const peer of context.committee.members) {
    if (peer.signingKey === context.signingKey) continue;
    const problem = (found: RepairProblem) => void problems.push(found);
    try {
      await copyEnvelopes(context, transport, peer, { copied: (id) => void envelopes.add(id), problem });
      others += await repairPatients(context, transport, peer);
    } catch (error) {
      if (isAnamnesisError(error, "STEWARD_STORE_FAILED") || isAnamnesisError(error, "STEWARD_CHAIN_UNAVAILABLE"))
        throw error;
      problem({ steward: peer.index, reason: codeOf(error) });
    }
  }
  return { envelopes: [...envelopes], others, problems };
}
