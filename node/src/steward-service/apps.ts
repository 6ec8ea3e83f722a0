import {
  type App,
  createApp,
  type Logger,
  mountDescription,
  mountHealth,
  type ServiceMetrics,
} from "../service/index.ts";
import type { StewardServiceConfiguration } from "./configuration.ts";
import { mountRoutes, type StewardRoutesContext } from "./routes.ts";

export interface StewardAppsParameters extends StewardRoutesContext {
  readonly configuration: Pick<StewardServiceConfiguration, "admin" | "origins" | "limits">;
  readonly logger: Logger;
  readonly metrics: ServiceMetrics;
  readonly reasons: () => Promise<readonly string[]>;
}

/** What a steward answers: to everybody, and, where operators have an address of their own, there. Each describes itself. */
export function createStewardApps(parameters: StewardAppsParameters): readonly [app: App, admin?: App] {
  const { configuration, logger, metrics, reasons, ...context } = parameters;
  const { inFlight } = configuration.limits;
  const info = { title: "Anamnesis steward", version: "1" };
  const app = createApp({ logger, metrics, origins: configuration.origins, inFlight });
  mountRoutes(app, context);
  if (configuration.admin === undefined) {
    mountHealth(app, { metrics, reasons });
    mountDescription(app, info);
    return [app];
  }
  const admin = createApp({ logger, metrics, origins: [], inFlight });
  mountHealth(admin, { metrics, reasons });
  for (const each of [app, admin]) mountDescription(each, info);
  return [app, admin];
}
