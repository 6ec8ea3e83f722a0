export { AnamnesisError, type ErrorDetails, isAnamnesisError } from "./anamnesis-error.ts";
export { type ErrorCode, errorCatalog } from "./catalog.ts";
export type { ErrorDescriptor } from "./descriptor.ts";
