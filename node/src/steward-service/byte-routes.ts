import { createRoute, z } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import type { App } from "../service/index.ts";

/** A route that takes bytes and gives bytes. */
export interface ByteRoute {
  readonly path: `/${string}`;
  readonly summary: string;
  readonly description: string;
  /** Longest request, in bytes. */
  readonly limit: number;
  /** The answer; undefined where there is nobody to give one. */
  readonly answer: (request: Uint8Array) => Promise<Uint8Array> | undefined;
}

const TYPE = "application/octet-stream";
const bytes = { [TYPE]: { schema: z.string().openapi({ format: "binary" }) } };

const failure = (description: string) => ({
  description,
  content: { "application/json": { schema: z.object({ error: z.string() }).openapi("Failure") } },
});

const refusal = (status: 413 | 415 | 503, error: string): Response =>
  Response.json({ error }, { status, ...(status === 413 ? { headers: { connection: "close" } } : {}) });

/** Mounts one; whatever is wrong with a request's form is the same answer for everybody. */
export function mountBytes(app: App, { path, summary, description, limit, answer }: ByteRoute): void {
  const route = createRoute({
    method: "post",
    path,
    summary,
    description,
    request: { body: { required: true, content: bytes } },
    responses: {
      200: { description: "A reply signed by the steward.", content: bytes },
      413: failure(`The request is longer than ${limit} bytes.`),
      415: failure(`The request's type is not ${TYPE}.`),
      503: failure("The steward has no seat in a committee, or is too busy."),
    },
  });
  app.use(path, bodyLimit({ maxSize: limit, onError: () => refusal(413, "too large") }));
  app.openapi(route, async (context) => {
    if (context.req.header("content-type") !== TYPE) return refusal(415, "unsupported type") as never;
    const reply = answer(new Uint8Array(await context.req.arrayBuffer()));
    if (reply === undefined) return refusal(503, "busy") as never;
    return context.body((await reply) as Uint8Array<ArrayBuffer>, 200, { "content-type": TYPE }) as never;
  });
}
