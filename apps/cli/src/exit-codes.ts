/** What scripts learn from a command, as from `grep`: yes or done; no; the question could not be answered. */
export const exitCodes = { yes: 0, no: 1, failed: 2 } as const;
