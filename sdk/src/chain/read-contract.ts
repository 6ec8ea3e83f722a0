import { type AbortOptions, throwIfAborted } from "../core/abort.ts";
import type { ChainClient } from "./chain-client.ts";
import { translateNodeError } from "./translate-error.ts";

/** A question to a contract, whose refusals and failures become the family's errors. */
export async function readContract<T>(
  client: ChainClient,
  question: () => Promise<T>,
  { signal }: AbortOptions = {},
): Promise<T> {
  throwIfAborted(signal);
  try {
    const answer = await question();
    throwIfAborted(signal);
    return answer;
  } catch (error) {
    throw translateNodeError(error, client.nodes[0].name);
  }
}
