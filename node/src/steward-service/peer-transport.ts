import { AnamnesisError } from "@anamnesis/sdk/errors";
import { postBytes } from "@anamnesis/sdk/internal";
import { peerFetch, type TlsFiles } from "../service/index.ts";
import type { PeerTransport } from "../steward/index.ts";

/** Asks other stewards over HTTP, by the endpoints that the chain names; over mutual TLS where there is TLS. */
export function httpPeers(tls: TlsFiles | undefined): PeerTransport {
  const send = peerFetch(tls);
  return {
    request({ index, endpoint }, verb, body, options) {
      if (!/^https?:\/\/[^/]/i.test(endpoint)) {
        throw new AnamnesisError("STEWARD_UNREACHABLE", { steward: index, reason: "its endpoint is no http address" });
      }
      const url = `${endpoint.replace(/\/+$/, "")}/v1/peer/${verb.slice("peer-".length)}`;
      return postBytes({ send, url, steward: index, body, ...options });
    },
  };
}
