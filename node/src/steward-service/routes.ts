import type { App } from "../service/index.ts";
import type { Seat } from "./seat.ts";
import { mountVerbs } from "./verb-routes.ts";

/** What routes may use of the running service. */
export interface StewardRoutesContext {
  readonly seat: Seat;
}

/** Every route that others than operators ask: the one place where more are mounted. */
export function mountRoutes(app: App, { seat }: StewardRoutesContext): void {
  mountVerbs(app, seat);
}
