import { decodeEnvelopeUpload, decodeLoggedEnvelopeUpload, encodeEnvelopeAck } from "@anamnesis/sdk/internal";
import { admitEnvelope } from "./admit-envelope.ts";
import type { StewardContext } from "./context.ts";
import { refuse } from "./refuse.ts";

function uploadOf<T>(read: (request: Uint8Array) => T, request: Uint8Array): T {
  try {
    return read(request);
  } catch {
    return refuse("ENVELOPE_MALFORMED");
  }
}

/**
 * Takes an author's envelope, and says so once it is on disk.
 * @throws STEWARD_REFUSED with what is wrong, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function handleEnvelope(context: StewardContext, request: Uint8Array): Promise<Uint8Array> {
  return encodeEnvelopeAck(await admitEnvelope(context, uploadOf(decodeEnvelopeUpload, request).envelope));
}

/**
 * As `handleEnvelope`, for a record that only its author's log anchors.
 * @throws STEWARD_REFUSED with what is wrong, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function handleLoggedEnvelope(context: StewardContext, request: Uint8Array): Promise<Uint8Array> {
  const { envelope, evidence } = uploadOf(decodeLoggedEnvelopeUpload, request);
  return encodeEnvelopeAck(await admitEnvelope(context, envelope, { evidence, isCopy: false }));
}
