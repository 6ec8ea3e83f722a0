import { MAX_REQUEST_BYTES, type StewardVerb, stewardVerbs } from "@anamnesis/sdk/internal";
import type { App } from "../service/index.ts";
import { mountBytes } from "./byte-routes.ts";
import type { Seat } from "./seat.ts";

/** What each verb asks for, in a line; the messages are those of `docs/spec/release.md`. */
const summaries: Readonly<Record<StewardVerb, string>> = {
  list: "What a session covers",
  release: "Partial decryptions of records for a session",
  envelope: "Leaves a record's envelope",
  "logged-envelope": "Leaves the envelope of a record that its author's log anchors",
  "record-place": "Where a record is in its author's anchored log",
  sync: "A patient's envelopes, for their own device",
  receipts: "A patient's receipts, for their own device",
  "receipt-proof": "That a receipt is in the steward's anchored log",
  "log-consistency": "That the steward's log went on",
  erasures: "That a patient's records were erased, for their own device",
  resealed: "Keys that the patient sealed to another key of theirs",
  "resealed-put": "Leaves such keys",
  header: "The header of a patient's keyring",
  "header-put": "Leaves such a header",
  recover: "The stewards' half of a recovery",
  "owner-key": "The key to which a provider seals a patient's records",
  "owner-key-put": "Leaves such a key",
};

/** `POST /v1/<verb>` for every verb of the release protocol: bytes to the steward, its signed bytes back. */
export function mountVerbs(app: App, seat: Seat): void {
  for (const verb of stewardVerbs) {
    mountBytes(app, {
      path: `/v1/${verb}`,
      summary: summaries[verb],
      description:
        "Deterministic DAG-CBOR both ways. Whatever a stranger sends gets the same status and a signed reply.",
      limit: MAX_REQUEST_BYTES,
      answer: (request) => seat.steward?.handle(verb, request),
    });
  }
}
