export * from "./envelope-store.ts";
export * from "./steward-store.ts";
