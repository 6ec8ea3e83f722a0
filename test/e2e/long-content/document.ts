/** Content of any length that nobody needs to hold: every byte follows from its place. */

export const PIECE = 1_048_576;

const pattern = Uint8Array.from({ length: PIECE }, (_, i) => (i * 31 + (i >> 9)) & 0xff);

/** The piece that begins at `at`, a multiple of the length of pieces: its first eight bytes are its place. */
function pieceAt(at: number, length: number): Uint8Array {
  const piece = pattern.slice(0, Math.min(PIECE, length - at));
  if (piece.length >= 8) new DataView(piece.buffer).setBigUint64(0, BigInt(at));
  return piece;
}

export async function* documentOf(length: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < length; at += PIECE) yield pieceAt(at, length);
}

/** Whether these are the document's bytes from `offset` on. */
export function isOfDocument(bytes: Uint8Array, offset: number, length: number): boolean {
  for (let done = 0; done < bytes.length; ) {
    const start = Math.floor((offset + done) / PIECE) * PIECE;
    const expected = pieceAt(start, length).subarray(offset + done - start);
    const given = bytes.subarray(done, done + expected.length);
    if (Buffer.compare(given, expected.subarray(0, given.length)) !== 0) return false;
    done += given.length;
  }
  return true;
}
