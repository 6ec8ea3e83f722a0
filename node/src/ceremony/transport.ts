import { AnamnesisError } from "@anamnesis/sdk/errors";
import { type AbortOptions, type Hex, type ProviderId, throwIfAborted } from "@anamnesis/sdk/internal";
import type { CeremonyPeer } from "./peer.ts";

/** Where a steward is asked. */
export interface CeremonyAddress {
  readonly provider: ProviderId;
  readonly signingKey: Hex;
  readonly endpoint: string;
}

/** Carries one message and its answer. It need not be trusted, only to arrive. @throws STEWARD_UNREACHABLE, STEWARD_TIMEOUT */
export interface CeremonyTransport {
  request(address: CeremonyAddress, message: Uint8Array, options?: AbortOptions): Promise<Uint8Array>;
}

/** Carries messages to stewards of this process, as bytes, exactly as a network would. */
export function inProcessCeremony(peers: ReadonlyMap<Hex, Pick<CeremonyPeer, "handle">>): CeremonyTransport {
  return {
    async request({ provider, signingKey }, message, options) {
      throwIfAborted(options?.signal);
      const peer = peers.get(signingKey);
      if (peer === undefined) throw new AnamnesisError("STEWARD_UNREACHABLE", { steward: provider });
      return Uint8Array.from(await peer.handle(Uint8Array.from(message)));
    },
  };
}
