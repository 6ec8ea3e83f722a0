import { expect } from "chai";
import { type AnamnesisError, type ErrorCode, isAnamnesisError } from "../../../sdk/src/errors/index.ts";

/** The typed error with which `work` is refused; fails where it succeeds, or fails otherwise. */
export async function refusal(work: () => unknown, code: ErrorCode): Promise<AnamnesisError> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    if (!isAnamnesisError(error)) throw error;
    expect(error.code).to.equal(code);
    return error;
  }
  throw new Error(`expected ${code}, got a result of type ${typeof result}`);
}

/** How many of `attempts` are refused with one of `codes`. */
export async function countRefused(attempts: Iterable<() => unknown>, ...codes: readonly ErrorCode[]) {
  let tried = 0;
  let refused = 0;
  for (const attempt of attempts) {
    tried++;
    try {
      await attempt();
    } catch (error) {
      if (!isAnamnesisError(error) || !codes.includes(error.code)) throw error;
      refused++;
    }
  }
  return { tried, refused };
}

/** Every copy of `bytes` with one bit flipped. */
export function* flippedBits(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const copy = Uint8Array.from(bytes);
    copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
    yield copy;
  }
}
