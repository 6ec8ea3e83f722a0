import type { AbortOptions } from "../core/abort.ts";
import type { RecordId } from "../core/ids.ts";
import { type Envelope, encodeEnvelope, identifyEnvelope } from "../envelope/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { shortfall, verdictsOf } from "./ask-committee.ts";
import { askForQuorum } from "./ask-for-quorum.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import { encodeLoggedEnvelopeUpload, type LogEvidence } from "./logged-envelope.ts";
import { decodeEnvelopeAck, encodeEnvelopeUpload } from "./open-request.ts";
import { isValid, type StewardVerdict } from "./verdict.ts";

export interface UploadResult {
  readonly recordId: RecordId;
  readonly verdicts: readonly StewardVerdict[];
  /** Stewards that did not say that they have a copy: they take it when it is sent again, or from the others by themselves. */
  readonly missing: readonly number[];
}

/**
 * Hands the envelope of an anchored record to every steward: `evidence` where only its author's log anchors it. Safe to repeat: who has it
 * acknowledges it again.
 * @throws ENVELOPE_NOT_ACCEPTED { held, missing, verdicts … } unless `threshold` stewards acknowledge that it is on their disk.
 */
export async function uploadEnvelope(
  client: StewardsClient,
  parameters: { readonly envelope: Envelope; readonly evidence?: LogEvidence | undefined } & AbortOptions,
): Promise<UploadResult> {
  const { envelope, evidence, signal } = parameters;
  const { recordId } = identifyEnvelope(envelope);
  const encoded = encodeEnvelope(envelope);
  const verb = evidence ? "logged-envelope" : "envelope";
  const request = evidence ? encodeLoggedEnvelopeUpload(encoded, evidence) : encodeEnvelopeUpload(encoded);
  const outcomes = await askForQuorum(
    client,
    (member, options) =>
      askSteward(client, { member, verb, request, signal: options.signal }, (payload) => {
        if (decodeEnvelopeAck(payload) === recordId) return recordId;
        throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "it acknowledges another record" });
      }),
    { signal },
  );
  const verdicts = verdictsOf(outcomes);
  const missing = outcomes.filter((outcome) => !isValid(outcome)).map(({ member }) => member.index);
  if (outcomes.length - missing.length < client.committee.threshold) {
    const held = outcomes.filter(isValid).map(({ member }) => `${member.index}`);
    const lacking = missing.map((index) => `${index}`);
    throw new AnamnesisError("ENVELOPE_NOT_ACCEPTED", {
      recordId,
      held,
      missing: lacking,
      ...shortfall(client, verdicts),
    });
  }
  return { recordId, verdicts, missing };
}
