import type { ErrorDescriptor } from "../descriptor.ts";

/** What stewards answered, or did not. */
export const stewardErrors = {} as const satisfies Record<string, ErrorDescriptor>;
