import { AnamnesisError } from "@anamnesis/sdk/errors";
import { type StewardTransport, throwIfAborted } from "@anamnesis/sdk/internal";
import type { PeerTransport } from "./ask-peer.ts";
import type { Steward } from "./create-steward.ts";

/**
 * Carries requests to stewards in the same process, as bytes, exactly as a network would. A steward that is not in the
 * list (asked anew each time) cannot be reached.
 */
export function inProcessTransport(stewards: readonly Steward[]): StewardTransport {
  return {
    async request(address, verb, body, options) {
      throwIfAborted(options?.signal);
      const steward = stewards.find((each) => each.address.signingKey === address.signingKey);
      if (steward === undefined) throw new AnamnesisError("STEWARD_UNREACHABLE", { steward: address.index });
      return steward.handle(verb, Uint8Array.from(body));
    },
  };
}

/** The same for what stewards ask each other. */
export function inProcessPeers(stewards: readonly Steward[]): PeerTransport {
  return {
    async request(address, verb, body, options) {
      throwIfAborted(options?.signal);
      const steward = stewards.find((each) => each.address.signingKey === address.signingKey);
      if (steward === undefined) throw new AnamnesisError("STEWARD_UNREACHABLE", { steward: address.index });
      return steward.handlePeer(verb, Uint8Array.from(body));
    },
  };
}
