import { randomBytes } from "../core/bytes.ts";

/**
 * Gives fresh secret bytes. Everything takes it as an option so that known answers and seeded simulations can be
 * computed; outside of those, leave the option out and get the platform's generator.
 */
export type RandomSource = (length: number) => Uint8Array;

export const systemRandom: RandomSource = randomBytes;
