import { type CeremonyPeer, MAX_CEREMONY_BYTES } from "../ceremony/index.ts";
import { type App, peersOnly, type TlsFiles } from "../service/index.ts";
import { mountBytes } from "./byte-routes.ts";

const PATH = "/v1/ceremony";

/** `POST /v1/ceremony`: the steps of a committee's ceremony, over mutual TLS where there is TLS. */
export function mountCeremony(
  app: App,
  parameters: {
    /** Nothing where the steward takes part in no ceremony. */
    readonly ceremony: CeremonyPeer | undefined;
    readonly tls: TlsFiles | undefined;
    /** Called once a message was answered: the committee may be another one now. */
    readonly after: () => unknown;
  },
): void {
  const { ceremony, tls, after } = parameters;
  app.use(PATH, peersOnly(tls));
  mountBytes(app, {
    path: PATH,
    summary: "One step of a committee's ceremony",
    description: "Deterministic DAG-CBOR both ways, signed by both stewards; see `docs/spec/committee.md`.",
    limit: MAX_CEREMONY_BYTES,
    answer: (request) => ceremony?.handle(request).finally(() => void after()),
  });
}
