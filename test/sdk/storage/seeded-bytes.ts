/**
 * Bytes that depend on seed and length alone (xorshift32 words, little-endian): the content behind
 * `test/vectors/cid`. `docs/spec/storage.md` describes it, so that anybody can make the same files.
 */
export function seededBytes(seed: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < length; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    for (let i = 0; i < 4 && at + i < length; i++) bytes[at + i] = state >>> (8 * i);
  }
  return bytes;
}
