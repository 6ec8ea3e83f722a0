import type { CeremonyPeer } from "../ceremony/index.ts";
import type { App, TlsFiles } from "../service/index.ts";
import { mountCeremony } from "./ceremony-routes.ts";
import { mountPeers } from "./peer-routes.ts";
import type { Seat } from "./seat.ts";
import { mountVerbs } from "./verb-routes.ts";

/** What routes may use of the running service. */
export interface StewardRoutesContext {
  readonly seat: Seat;
  /** Nothing where the steward takes part in no ceremony. */
  readonly ceremony?: CeremonyPeer | undefined;
  readonly tls?: TlsFiles | undefined;
}

/** Every route that others than operators ask: the one place where more are mounted. */
export function mountRoutes(app: App, { seat, ceremony, tls }: StewardRoutesContext): void {
  mountVerbs(app, seat);
  mountPeers(app, seat, tls);
  mountCeremony(app, { ceremony, tls, after: () => seat.refresh() });
}
