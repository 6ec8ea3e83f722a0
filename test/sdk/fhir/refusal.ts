import { AnamnesisError } from "../../../sdk/src/errors/index.ts";

/** The typed error that `act` throws; anything else, or nothing, fails the test. */
export function refusal(act: () => unknown): AnamnesisError {
  try {
    act();
  } catch (error) {
    if (error instanceof AnamnesisError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
