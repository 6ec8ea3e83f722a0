import { isAnamnesisError } from "@anamnesis/sdk/errors";
import { createRoute, z } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { type CeremonyPeer, MAX_CEREMONY_BYTES } from "../ceremony/index.ts";
import { type App, peersOnly, type TlsFiles } from "../service/index.ts";

const bytes = { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } };
const failure = (description: string) => ({
  description,
  content: { "application/json": { schema: z.object({ error: z.string() }).openapi("Failure") } },
});
const refusal = (status: 400 | 413 | 415 | 503, error: string): Response => Response.json({ error }, { status });

const route = createRoute({
  method: "post",
  path: "/v1/ceremony",
  summary: "One step of a committee's ceremony",
  description: "Deterministic DAG-CBOR both ways, signed by a member of the plan; only for stewards.",
  request: { body: { required: true, content: bytes } },
  responses: {
    200: { description: "An answer signed by the steward.", content: bytes },
    400: failure("No member signed it."),
    403: failure("No certificate of the stewards' authority was shown."),
    413: failure(`The request is longer than ${MAX_CEREMONY_BYTES} bytes.`),
    415: failure("The request's type is not application/octet-stream."),
    503: failure("This steward takes part in no ceremony."),
  },
});

/**
 * `POST /v1/ceremony`, for other stewards.
 * @param after Called once a message was answered: the committee may be another one now.
 */
export function mountCeremony(
  app: App,
  peer: CeremonyPeer | undefined,
  tls: TlsFiles | undefined,
  after: () => unknown,
): void {
  app.use(route.path, peersOnly(tls));
  app.use(route.path, bodyLimit({ maxSize: MAX_CEREMONY_BYTES, onError: () => refusal(413, "too large") }));
  app.openapi(route, async (context) => {
    if (context.req.header("content-type") !== "application/octet-stream") {
      return refusal(415, "unsupported type") as never;
    }
    if (peer === undefined) return refusal(503, "no ceremony") as never;
    try {
      const reply = await peer.handle(new Uint8Array(await context.req.arrayBuffer()));
      after();
      return context.body(reply as Uint8Array<ArrayBuffer>, 200, {
        "content-type": "application/octet-stream",
      }) as never;
    } catch (error) {
      if (isAnamnesisError(error, "INPUT_MALFORMED")) return refusal(400, "malformed") as never;
      throw error;
    }
  });
}
