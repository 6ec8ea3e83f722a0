import { AnamnesisError } from "../errors/index.ts";

/** @throws CRYPTO_INVALID_LENGTH unless `bytes` has exactly `expected` bytes. */
export function requireLength(what: string, bytes: Uint8Array, expected: number): void {
  if (!(bytes instanceof Uint8Array) || bytes.length !== expected) {
    throw new AnamnesisError("CRYPTO_INVALID_LENGTH", { what, expected, actual: bytes?.length });
  }
}
