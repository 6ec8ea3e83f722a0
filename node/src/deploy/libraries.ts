/** Code that a contract runs as its own and is linked with, because together they would be too large; a test compares it with the artifacts. */
export const linkedLibraries = {
  PatientRegistry: ["ChangeDecisions", "GuardianDecisions", "TrusteeDecisions"],
  ConsentRegistry: ["BatchDecisions", "ConsentWords", "RequestDecisions", "ShareDecisions"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
