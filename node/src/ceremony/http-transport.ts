import { AnamnesisError } from "@anamnesis/sdk/errors";
import { boundedBody, throwIfAborted } from "@anamnesis/sdk/internal";
import { MAX_CEREMONY_BYTES } from "./messages.ts";
import type { CeremonyTransport } from "./transport.ts";

/** Milliseconds for one step of one member: a passphrase's scrypt and 32 members' proofs fit many times. */
const WITHIN = 60_000;

/**
 * Carries a ceremony's messages over HTTP: `POST <endpoint>/v1/ceremony`, bytes both ways.
 * @param send `peerFetch` between institutions: the routes of stewards ask for a certificate of their authority.
 */
export function httpCeremony(send: typeof fetch): CeremonyTransport {
  return {
    async request({ provider, endpoint }, message, { signal } = {}) {
      throwIfAborted(signal);
      const limit = AbortSignal.timeout(WITHIN);
      const unreachable = (cause?: unknown) =>
        new AnamnesisError(limit.aborted ? "STEWARD_TIMEOUT" : "STEWARD_UNREACHABLE", { steward: provider }, { cause });
      let reply: Uint8Array | undefined;
      try {
        const response = await send(`${endpoint.replace(/\/+$/, "")}/v1/ceremony`, {
          method: "POST",
          headers: { "content-type": "application/octet-stream" },
          body: Uint8Array.from(message),
          redirect: "error",
          signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        });
        if (response.status === 200) reply = await boundedBody(response, MAX_CEREMONY_BYTES);
        else await response.body?.cancel();
      } catch (cause) {
        throwIfAborted(signal);
        throw unreachable(cause);
      }
      if (reply === undefined) throw unreachable();
      return reply;
    },
  };
}
