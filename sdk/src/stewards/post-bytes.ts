import type { AbortOptions } from "../core/abort.ts";
import { AnamnesisError } from "../errors/index.ts";
import { boundedBody } from "./bounded-body.ts";
import { MAX_REPLY_BYTES } from "./wire.ts";

/**
 * Sends bytes to a steward and gives the bytes it answered, once.
 * @throws STEWARD_UNREACHABLE { status } for any answer but 200, STEWARD_REPLY_INVALID for more than a reply may hold; what `send` throws
 */
export async function postBytes(
  parameters: {
    readonly send: (url: string, init: RequestInit) => Promise<Response>;
    readonly url: string;
    /** Its place or id, for errors. */
    readonly steward: number | string;
    readonly body: Uint8Array;
    /** Bytes that the answer may have; those of a reply by default. */
    readonly maximum?: number | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
  } & AbortOptions,
): Promise<Uint8Array> {
  const { send, url, steward, body, headers, signal, maximum = MAX_REPLY_BYTES } = parameters;
  const response = await send(url, {
    method: "POST",
    headers: { ...headers, "content-type": "application/octet-stream" },
    body: Uint8Array.from(body),
    // A redirection would carry a signed request to somebody whom the chain does not name.
    redirect: "error",
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
    signal: signal ?? null,
  });
  if (response.status === 200) {
    const reply = await boundedBody(response, maximum);
    if (reply !== undefined) return reply;
    throw new AnamnesisError("STEWARD_REPLY_INVALID", { steward, reason: "too large" });
  }
  await response.body?.cancel();
  throw new AnamnesisError("STEWARD_UNREACHABLE", { steward, status: response.status });
}
