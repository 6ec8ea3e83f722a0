export * from "./envelope-store.ts";
export * from "./open-steward-store.ts";
export * from "./steward-store.ts";
