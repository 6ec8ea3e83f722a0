/** Unsigned big-endian on `length` bytes; `value` is a safe integer that fits. */
export function bigEndian(value: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  // Division, not shifts: a shift would cut a position past 2^32.
  for (let i = length - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}
