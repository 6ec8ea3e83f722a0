import type { AbortOptions } from "../core/abort.ts";
import type { PatientId, RecordId } from "../core/ids.ts";
import { decodeEnvelope, type Envelope, encodeEnvelope, identifyEnvelope } from "./envelope.ts";

/** Where a device keeps envelopes: the patient's replica, or an author's until stewards have acknowledged them. */
export interface EnvelopeStore {
  /** Idempotent; the id is recomputed from the envelope. */
  put(envelope: Envelope, options?: AbortOptions): Promise<RecordId>;
  get(recordId: RecordId, options?: AbortOptions): Promise<Envelope | undefined>;
  /** In the order of first arrival. */
  list(patient: PatientId, options?: AbortOptions): AsyncIterable<{ recordId: RecordId; envelope: Envelope }>;
  delete(recordId: RecordId, options?: AbortOptions): Promise<void>;
}

/** Keeps envelopes, encoded, as long as the page or process lives. */
export function memoryEnvelopeStore(): EnvelopeStore {
  const kept = new Map<RecordId, { patient: PatientId; encoded: Uint8Array }>();
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
    async delete(recordId) {
      kept.delete(recordId);
    },
  };
}
