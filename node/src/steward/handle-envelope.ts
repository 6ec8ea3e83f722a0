import { decodeEnvelopeUpload, encodeEnvelopeAck } from "@anamnesis/sdk/internal";
import { admitEnvelope } from "./admit-envelope.ts";
import type { StewardContext } from "./context.ts";
import { refuse } from "./refuse.ts";

function uploadOf(request: Uint8Array): Uint8Array {
  try {
    return decodeEnvelopeUpload(request).envelope;
  } catch {
    return refuse("ENVELOPE_MALFORMED");
  }
}

/**
 * Takes an author's envelope, and says so once it is on disk.
 * @throws STEWARD_REFUSED with what is wrong, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function handleEnvelope(context: StewardContext, request: Uint8Array): Promise<Uint8Array> {
  return encodeEnvelopeAck(await admitEnvelope(context, uploadOf(request)));
}
