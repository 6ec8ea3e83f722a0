import { throwIfAborted } from "../core/abort.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import { postBytes } from "./post-bytes.ts";
import type { StewardAddress, StewardTransport, StewardVerb } from "./transport.ts";

export interface HttpTransportOptions {
  /** What carries requests; the platform's `fetch` by default. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Sent with every request, for a proxy before the stewards that asks for them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Attempts in all for what was never answered; 2 by default, 1 never repeats. */
  readonly attempts?: number | undefined;
}

/** Milliseconds before a repeated attempt; a connection that the other side had closed is found out at once. */
const PAUSE = 50;

/** Says that a gateway, or a steward about to stop, did not take the request. */
const notTaken: readonly number[] = [502, 503, 504];

function urlOf({ index, endpoint }: StewardAddress, verb: StewardVerb): string {
  if (/^https?:\/\/[^/]/i.test(endpoint)) return `${endpoint.replace(/\/+$/, "")}/v1/${verb}`;
  throw new AnamnesisError("STEWARD_UNREACHABLE", { steward: index, reason: "its endpoint is no http address" });
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE * (0.5 + Math.random())));

/**
 * Asks stewards over HTTP: `POST <endpoint>/v1/<verb>`, bytes both ways. A request that was never answered is repeated byte
 * for byte, under the same request id: the steward gives the stored answer or checks again under the same receipt. What was
 * answered, late or cut off is not repeated.
 *
 * `request` throws STEWARD_UNREACHABLE { status }, STEWARD_REPLY_INVALID for more than a reply may hold, OPERATION_ABORTED.
 */
export function httpTransport(options: HttpTransportOptions = {}): StewardTransport {
  const { headers = {}, attempts = 2 } = options;
  // Called through the global object, as browsers demand.
  const send = options.fetch ?? ((input: string, init: RequestInit) => globalThis.fetch(input, init));

  return {
    async request(steward, verb, body, abort = {}) {
      const url = urlOf(steward, verb);
      for (let tried = 1; ; tried++) {
        throwIfAborted(abort.signal);
        try {
          return await postBytes({ send, url, steward: steward.index, body, headers, ...abort });
        } catch (cause) {
          throwIfAborted(abort.signal);
          if (isAnamnesisError(cause, "STEWARD_REPLY_INVALID")) throw cause;
          const status = isAnamnesisError(cause) ? (cause.details["status"] as number) : undefined;
          const isRepeatable = status === undefined || notTaken.includes(status);
          if (!isRepeatable || tried >= attempts) {
            throw new AnamnesisError("STEWARD_UNREACHABLE", { steward: steward.index, status }, { cause });
          }
        }
        await pause();
      }
    },
  };
}
