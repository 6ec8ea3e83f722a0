import { MAX_REQUEST_BYTES } from "@anamnesis/sdk/internal";
import { type App, peersOnly, type TlsFiles } from "../service/index.ts";
import { type PeerVerb, peerVerbs } from "../steward/index.ts";
import { mountBytes } from "./byte-routes.ts";
import type { Seat } from "./seat.ts";

/** What each verb asks for, in a line; the messages are those of `docs/spec/replication.md`. */
const summaries: Readonly<Record<PeerVerb, string>> = {
  "peer-ranges": "Digests of the records held, by the beginnings of their ids",
  "peer-list": "Ids of the records held that begin so",
  "peer-envelopes": "Envelopes of named records",
  "peer-places": "What showed that named records are in their authors' logs",
  "peer-patients": "Patients of whom something else is held",
  "peer-patient": "What else is held of one patient",
};

/** `POST /v1/peer/<verb>`: stewards ask stewards, over mutual TLS where there is TLS. */
export function mountPeers(app: App, seat: Seat, tls: TlsFiles | undefined): void {
  app.use("/v1/peer/*", peersOnly(tls));
  for (const verb of peerVerbs) {
    mountBytes(app, {
      path: `/v1/peer/${verb.slice("peer-".length)}`,
      summary: summaries[verb],
      description: "Deterministic DAG-CBOR both ways, signed by both stewards.",
      limit: MAX_REQUEST_BYTES,
      answer: (request) => seat.steward?.handlePeer(verb, request),
    });
  }
}
