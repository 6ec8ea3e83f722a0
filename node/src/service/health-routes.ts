import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "./create-app.ts";
import type { ServiceMetrics } from "./metrics.ts";

const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

const alive = z.object({ status: z.literal("alive") }).openapi("Alive");
const readiness = z
  .object({ status: z.enum(["ready", "not ready"]), reasons: z.array(z.string()) })
  .openapi("Readiness");

const healthRoute = createRoute({
  method: "get",
  path: "/healthz",
  summary: "Whether the process answers at all",
  responses: { 200: json(alive, "It does.") },
});

const readyRoute = createRoute({
  method: "get",
  path: "/readyz",
  summary: "Whether the service can do its work now, and what it lacks",
  responses: { 200: json(readiness, "It can."), 503: json(readiness, "It cannot; the reasons say why.") },
});

const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  summary: "Counts for Prometheus",
  responses: { 200: { description: "Text format 0.0.4.", content: { "text/plain": { schema: z.string() } } } },
});

/** What operators and their machines ask. `reasons` gives none where the service is ready. */
export function mountHealth(
  app: App,
  { metrics, reasons }: { readonly metrics: ServiceMetrics; readonly reasons: () => Promise<readonly string[]> },
): void {
  app.openapi(healthRoute, (context) => context.json({ status: "alive" as const }, 200));
  app.openapi(readyRoute, async (context) => {
    const found = [...(await reasons())];
    return found.length === 0
      ? context.json({ status: "ready" as const, reasons: found }, 200)
      : context.json({ status: "not ready" as const, reasons: found }, 503);
  });
  app.openapi(metricsRoute, async (context) =>
    context.text(await metrics.registry.metrics(), 200, { "content-type": metrics.registry.contentType }),
  );
}

/** Serves the description of all that was mounted, itself included: the last thing to mount. */
export function mountDescription(app: App, info: { readonly title: string; readonly version: string }): void {
  const route = createRoute({
    method: "get",
    path: "/openapi.json",
    summary: "This description",
    responses: { 200: json(z.object({ openapi: z.string() }).loose(), "OpenAPI 3.1.") },
  });
  app.openapi(route, (context) => context.json(app.getOpenAPI31Document({ openapi: "3.1.0", info }) as never, 200));
}
