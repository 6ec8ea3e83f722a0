import { MAX_REQUEST_BYTES, type StewardVerb, stewardVerbs } from "@anamnesis/sdk/internal";
import { createRoute, z } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import type { App } from "../service/index.ts";
import type { Seat } from "./seat.ts";

const bytes = { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } };
const failure = (description: string) => ({
  description,
  content: { "application/json": { schema: z.object({ error: z.string() }).openapi("Failure") } },
});

/** What each verb asks for, in a line; the messages are those of `docs/spec/release.md`. */
const summaries: Readonly<Record<StewardVerb, string>> = {
  list: "What a session covers",
  release: "Partial decryptions of records for a session",
  envelope: "Leaves a record's envelope",
  sync: "A patient's envelopes, for their own device",
  receipts: "A patient's receipts, for their own device",
  "receipt-proof": "That a receipt is in the steward's anchored log",
  erasures: "That a patient's records were erased, for their own device",
  resealed: "Keys that the patient sealed to another key of theirs",
  "resealed-put": "Leaves such keys",
  header: "The header of a patient's keyring",
  "header-put": "Leaves such a header",
  recover: "The stewards' half of a recovery",
  "owner-key": "The key to which a provider seals a patient's records",
  "owner-key-put": "Leaves such a key",
};

const routeOf = (verb: StewardVerb) =>
  createRoute({
    method: "post",
    path: `/v1/${verb}`,
    summary: summaries[verb],
    description: "Deterministic DAG-CBOR both ways. Whatever a stranger sends gets the same status and a signed reply.",
    request: { body: { required: true, content: bytes } },
    responses: {
      200: { description: "A reply signed by the steward.", content: bytes },
      413: failure(`The request is longer than ${MAX_REQUEST_BYTES} bytes.`),
      415: failure("The request's type is not application/octet-stream."),
      503: failure("The steward has no seat in a committee, or is too busy."),
    },
  });

const refusal = (status: 413 | 415 | 503, error: string): Response =>
  Response.json({ error }, { status, ...(status === 413 ? { headers: { connection: "close" } } : {}) });

/** `POST /v1/<verb>` for every verb of the release protocol: bytes to the steward, its signed bytes back. */
export function mountVerbs(app: App, seat: Seat): void {
  const limit = bodyLimit({ maxSize: MAX_REQUEST_BYTES, onError: () => refusal(413, "too large") });
  for (const verb of stewardVerbs) {
    const route = routeOf(verb);
    app.use(route.path, limit);
    app.openapi(route, async (context) => {
      if (context.req.header("content-type") !== "application/octet-stream") {
        return refusal(415, "unsupported type") as never;
      }
      const { steward } = seat;
      if (steward === undefined) return refusal(503, "busy") as never;
      const reply = await steward.handle(verb, new Uint8Array(await context.req.arrayBuffer()));
      return context.body(reply as Uint8Array<ArrayBuffer>, 200, {
        "content-type": "application/octet-stream",
      }) as never;
    });
  }
}
