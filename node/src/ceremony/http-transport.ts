import { AnamnesisError } from "@anamnesis/sdk/errors";
import { postBytes, throwIfAborted } from "@anamnesis/sdk/internal";
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
      const url = `${endpoint.replace(/\/+$/, "")}/v1/ceremony`;
      const within = signal === undefined ? limit : AbortSignal.any([signal, limit]);
      try {
        return await postBytes({
          send,
          url,
          steward: provider,
          body: message,
          maximum: MAX_CEREMONY_BYTES,
          signal: within,
        });
      } catch (cause) {
        throwIfAborted(signal);
        const code = limit.aborted ? "STEWARD_TIMEOUT" : "STEWARD_UNREACHABLE";
        throw new AnamnesisError(code, { steward: provider }, { cause });
      }
    },
  };
}
