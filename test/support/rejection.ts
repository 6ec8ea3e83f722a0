import { type AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";

/** The typed error a promise must end with; anything else fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<AnamnesisError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("value" in outcome) throw new Error("It was expected to be refused, and was not.");
  if (!isAnamnesisError(outcome.error)) throw outcome.error;
  return outcome.error;
}
