import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Bytes that are nowhere by chance. */
const PIECE = 12;
const STEP = 64;

interface Piece {
  readonly bytes: Buffer;
  readonly owner: number;
}

/** Every piece of the secrets, by its first four bytes. */
function piecesOf(secrets: readonly (readonly Uint8Array[])[]): ReadonlyMap<number, Piece[]> {
  const pieces = new Map<number, Piece[]>();
  for (const [owner, list] of secrets.entries()) {
    for (const secret of list) {
      for (let at = 0; at + PIECE <= secret.length; at += STEP) {
        const bytes = Buffer.from(secret.subarray(at, at + PIECE));
        const key = bytes.readUInt32LE(0);
        pieces.set(key, [...(pieces.get(key) ?? []), { bytes, owner }]);
      }
    }
  }
  return pieces;
}

/** For each list of secrets, how many of their pieces lie in these bytes, wherever they begin. */
export function tracesInBytes(files: readonly Buffer[], secrets: readonly (readonly Uint8Array[])[]): number[] {
  const pieces = piecesOf(secrets);
  // Most places are told apart by two bytes.
  const begins = new Uint8Array(65_536);
  for (const key of pieces.keys()) begins[key & 0xffff] = 1;
  const found = secrets.map(() => new Set<Piece>());
  for (const file of files) {
    for (let at = 0; at + PIECE <= file.length; at++) {
      if (begins[(file[at] as number) | ((file[at + 1] as number) << 8)] === 0) continue;
      for (const piece of pieces.get(file.readUInt32LE(at)) ?? []) {
        if (file.compare(piece.bytes, 0, PIECE, at, at + PIECE) === 0) found[piece.owner]?.add(piece);
      }
    }
  }
  return found.map(({ size }) => size);
}

/** The same of all files of a folder, as they are: a piece is found also in pages that are free, and in logs. */
export function tracesIn(folder: string, secrets: readonly (readonly Uint8Array[])[]): number[] {
  const paths = (readdirSync(folder, { recursive: true }) as string[]).map((name) => join(folder, name));
  const files = paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  return tracesInBytes(
    files.map((path) => readFileSync(path)),
    secrets,
  );
}
