export * from "./configuration.ts";
export * from "./create-app.ts";
export * from "./guard-process.ts";
export * from "./health-routes.ts";
export * from "./listen.ts";
export * from "./logs.ts";
export * from "./metrics.ts";
export * from "./tls.ts";
