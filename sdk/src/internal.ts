/** For `@anamnesis/node` alone; not covered by semantic versioning. */
export * from "./actions/stewards/publish-committee.ts";
export * from "./actions/stewards/stewards-of.ts";
export * from "./chain/index.ts";
export * from "./core/abort.ts";
export * from "./core/bytes.ts";
export * from "./core/dag-cbor.ts";
export * from "./core/ids.ts";
export * from "./core/reasons.ts";
export * from "./core/shape.ts";
export * from "./core/time.ts";
export type * from "./core/types.ts";
export * from "./core/vocabulary.ts";
export * from "./crypto/index.ts";
export * from "./envelope/index.ts";
export * from "./stewards/index.ts";
export * from "./typed-data/index.ts";
