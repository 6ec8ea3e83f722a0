import type { AbortOptions } from "../core/abort.ts";
import type { RecordId } from "../core/ids.ts";
import { type Envelope, encodeEnvelope, identifyEnvelope } from "../envelope/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { askAll, shortfall, verdictsOf } from "./ask-committee.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import { decodeEnvelopeAck, encodeEnvelopeUpload } from "./open-request.ts";
import { isValid, type StewardVerdict } from "./verdict.ts";

export interface UploadResult {
  readonly recordId: RecordId;
  readonly verdicts: readonly StewardVerdict[];
  /** Stewards without a copy; they take it when it is sent again. */
  readonly missing: readonly number[];
}

/**
 * Hands the envelope of an anchored record to every steward. Safe to repeat.
 * @throws ENVELOPE_NOT_ACCEPTED with every steward's verdict unless `threshold` stewards acknowledge it durably.
 */
export async function uploadEnvelope(
  client: StewardsClient,
  parameters: { readonly envelope: Envelope } & AbortOptions,
): Promise<UploadResult> {
  const { envelope, signal } = parameters;
  const { recordId } = identifyEnvelope(envelope);
  const request = encodeEnvelopeUpload(encodeEnvelope(envelope));
  const outcomes = await askAll(
    client,
    (member, options) =>
      askSteward(client, { member, verb: "envelope", request, signal: options.signal }, (payload) => {
        if (decodeEnvelopeAck(payload) === recordId) return recordId;
        throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "it acknowledges another record" });
      }),
    { signal },
  );
  const verdicts = verdictsOf(outcomes);
  const missing = outcomes.filter((outcome) => !isValid(outcome)).map(({ member }) => member.index);
  if (outcomes.length - missing.length < client.committee.threshold) {
    throw new AnamnesisError("ENVELOPE_NOT_ACCEPTED", { recordId, ...shortfall(client, verdicts) });
  }
  return { recordId, verdicts, missing };
}
