import type { App, TlsFiles } from "../service/index.ts";
import { mountPeers } from "./peer-routes.ts";
import type { Seat } from "./seat.ts";
import { mountVerbs } from "./verb-routes.ts";

/** What routes may use of the running service. */
export interface StewardRoutesContext {
  readonly seat: Seat;
  readonly tls?: TlsFiles | undefined;
}

/** Every route that others than operators ask: the one place where more are mounted. */
export function mountRoutes(app: App, { seat, tls }: StewardRoutesContext): void {
  mountVerbs(app, seat);
  mountPeers(app, seat, tls);
}
