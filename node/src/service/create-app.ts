import { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import { faultFields, type Logger } from "./logs.ts";
import type { ServiceMetrics } from "./metrics.ts";

export interface AppOptions {
  readonly logger: Logger;
  readonly metrics: ServiceMetrics;
  /** Origins of pages that browsers may let ask; `*` for all. */
  readonly origins: readonly string[];
  /** Requests answered at once; further ones hear 503. */
  readonly inFlight: number;
}

export type App = OpenAPIHono;

/** Statuses that say nothing but themselves: the same words for everybody. */
const words = { 404: "not found", 500: "fault", 503: "busy" } as const;
const plain = (status: keyof typeof words) => Response.json({ error: words[status] }, { status });

/** What every service's HTTP has in common: counts, logs, CORS, a bound on what runs at once, and answers that tell nothing. */
export function createApp({ logger, metrics, origins, inFlight }: AppOptions): App {
  const app = new OpenAPIHono();
  let running = 0;
  let known: ReadonlySet<string> | undefined;
  // A path that nobody serves is a stranger's own words: it reaches neither logs nor labels.
  const routeOf = (path: string): string => {
    known ??= new Set(app.routes.map((route) => route.path).filter((each) => !each.includes("*")));
    return known.has(path) ? path : "none";
  };

  if (origins.length > 0) {
    const origin = origins.includes("*") ? "*" : [...origins];
    app.use(cors({ origin, allowMethods: ["GET", "POST"], allowHeaders: ["content-type"], maxAge: 600 }));
  }
  app.use(async (context, next) => {
    const startedAt = performance.now();
    running += 1;
    metrics.inFlight.set(running);
    try {
      if (running > inFlight) context.res = plain(503);
      else await next();
    } finally {
      running -= 1;
      metrics.inFlight.set(running);
    }
    const { status } = context.res;
    const route = routeOf(context.req.path);
    const seconds = (performance.now() - startedAt) / 1_000;
    metrics.requests.inc({ route, status });
    metrics.duration.observe({ route }, seconds);
    // Health is asked every few seconds by machines.
    logger[context.req.method === "GET" ? "debug" : "info"](
      { route, status, ms: Math.round(seconds * 1_000) },
      "answered",
    );
    context.header("cache-control", "no-store");
    context.header("x-content-type-options", "nosniff");
  });
  app.notFound(() => plain(404));
  app.onError((error, context) => {
    const fields = faultFields(error);
    const route = routeOf(context.req.path);
    metrics.faults.inc({ route, code: String(fields["fault"]) });
    logger.error({ route, ...fields }, "a request met a fault");
    return plain(500);
  });
  return app;
}
