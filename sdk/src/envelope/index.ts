export * from "./envelope.ts";
export * from "./envelope-store.ts";
export * from "./ids.ts";
export * from "./meta.ts";
export * from "./open-record.ts";
export * from "./public-part.ts";
export * from "./seal-record.ts";
export * from "./system-id.ts";
