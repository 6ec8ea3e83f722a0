import type { AbortOptions } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";
import type { PatientId, RecordId } from "../core/ids.ts";
import { decodeEnvelope, type Envelope, encodeEnvelope, identifyEnvelope, type OwnSlot } from "./envelope.ts";

/** A long upload that has not ended, as its author's device keeps it: sealed, so that whoever takes the device's files learns nothing. */
export interface KeptUpload {
  readonly id: Hex;
  readonly sealed: Uint8Array;
}

/** Where a device keeps envelopes: the patient's replica, or an author's until stewards have acknowledged them. */
export interface EnvelopeStore {
  /** Idempotent; the id is recomputed from the envelope. */
  put(envelope: Envelope, options?: AbortOptions): Promise<RecordId>;
  get(recordId: RecordId, options?: AbortOptions): Promise<Envelope | undefined>;
  /** In the order of first arrival. */
  list(patient: PatientId, options?: AbortOptions): AsyncIterable<{ recordId: RecordId; envelope: Envelope }>;
  /** Keeps a slot that was sealed later beside the envelope's own; the last for each owner key stands. */
  putOwn(recordId: RecordId, own: OwnSlot, options?: AbortOptions): Promise<void>;
  /** What was sealed later, in the order of first arrival. */
  ownsOf(recordId: RecordId, options?: AbortOptions): Promise<readonly OwnSlot[]>;
  /** The envelope, and what was sealed later with it. */
  delete(recordId: RecordId, options?: AbortOptions): Promise<void>;
  /** Durable before it returns; replaces what stood under the id. */
  putUpload(upload: KeptUpload, options?: AbortOptions): Promise<void>;
  uploadOf(id: Hex, options?: AbortOptions): Promise<KeptUpload | undefined>;
  /** In the order of first arrival. */
  uploads(options?: AbortOptions): AsyncIterable<KeptUpload>;
  deleteUpload(id: Hex, options?: AbortOptions): Promise<void>;
}

/** Keeps envelopes, encoded, as long as the page or process lives. */
export function memoryEnvelopeStore(): EnvelopeStore {
  const kept = new Map<RecordId, { patient: PatientId; encoded: Uint8Array }>();
  const owns = new Map<RecordId, Map<Hex, OwnSlot>>();
  const uploads = new Map<Hex, KeptUpload>();
  return {
    async put(envelope) {
      const { recordId } = identifyEnvelope(envelope);
      kept.set(recordId, { patient: envelope.publicPart.patient, encoded: encodeEnvelope(envelope) });
      return recordId;
    },
    async get(recordId) {
      const found = kept.get(recordId);
      return found && decodeEnvelope(found.encoded);
    },
    async *list(patient) {
      for (const [recordId, entry] of [...kept]) {
        if (entry.patient === patient) yield { recordId, envelope: decodeEnvelope(entry.encoded) };
      }
    },
    async putOwn(recordId, own) {
      const known = owns.get(recordId) ?? new Map<Hex, OwnSlot>();
      owns.set(recordId, known.set(own.ownerKeyHash, own));
    },
    async ownsOf(recordId) {
      return [...(owns.get(recordId)?.values() ?? [])];
    },
    async delete(recordId) {
      kept.delete(recordId);
      owns.delete(recordId);
    },
    async putUpload(upload) {
      uploads.set(upload.id, upload);
    },
    async uploadOf(id) {
      return uploads.get(id);
    },
    async *uploads() {
      yield* [...uploads.values()];
    },
    async deleteUpload(id) {
      uploads.delete(id);
    },
  };
}
