import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Seconds: from a stored answer to the longest that a request may take. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** What a service counts. Labels are routes, statuses and codes: never ids, whose number has no bound. */
export interface ServiceMetrics {
  readonly registry: Registry;
  readonly requests: Counter<"route" | "status">;
  readonly duration: Histogram<"route">;
  readonly inFlight: Gauge;
  readonly faults: Counter<"route" | "code">;
}

/** A registry of its own, so that several services in one process do not count for each other. */
export function createMetrics(service: string): ServiceMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: "anamnesis_http_requests_total",
      help: "Requests answered",
      labelNames: ["route", "status"],
      registers,
    }),
    duration: new Histogram({
      name: "anamnesis_http_request_seconds",
      help: "From the request's first byte to the answer",
      labelNames: ["route"],
      buckets,
      registers,
    }),
    inFlight: new Gauge({ name: "anamnesis_http_requests_in_flight", help: "Requests being answered", registers }),
    faults: new Counter({
      name: "anamnesis_faults_total",
      help: "Faults that an operator should look at",
      labelNames: ["route", "code"],
      registers,
    }),
  };
}
