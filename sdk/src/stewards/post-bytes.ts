import type { AbortOptions } from "../core/abort.ts";
import { concat } from "../core/bytes.ts";
import { AnamnesisError } from "../errors/index.ts";
import { MAX_REPLY_BYTES } from "./wire.ts";

/** Reads a body without ever holding more than the bound: whoever answers may not be the steward. */
async function bounded(response: Response, steward: number): Promise<Uint8Array> {
  const tooLarge = () => new AnamnesisError("STEWARD_REPLY_INVALID", { steward, reason: "too large" });
  if (Number(response.headers.get("content-length") ?? 0) > MAX_REPLY_BYTES) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (read === undefined || read.done) return concat(...pieces);
    length += read.value.length;
    if (length > MAX_REPLY_BYTES) {
      await reader?.cancel();
      throw tooLarge();
    }
    pieces.push(read.value);
  }
}

/**
 * Sends bytes to a steward and gives the bytes it answered, once.
 * @throws STEWARD_UNREACHABLE { status } for any answer but 200, STEWARD_REPLY_INVALID for more than a reply may hold; what `send` throws
 */
export async function postBytes(
  parameters: {
    readonly send: (url: string, init: RequestInit) => Promise<Response>;
    readonly url: string;
    /** Its place, for errors. */
    readonly steward: number;
    readonly body: Uint8Array;
    readonly headers?: Readonly<Record<string, string>> | undefined;
  } & AbortOptions,
): Promise<Uint8Array> {
  const { send, url, steward, body, headers, signal } = parameters;
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
  if (response.status === 200) return bounded(response, steward);
  await response.body?.cancel();
  throw new AnamnesisError("STEWARD_UNREACHABLE", { steward, status: response.status });
}
