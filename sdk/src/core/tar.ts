import { AnamnesisError } from "../errors/index.ts";
import { concat, utf8 } from "./bytes.ts";

/** One file of an archive. The content is taken, or given, once and in order. */
export interface TarEntry {
  /** Up to 100 ASCII characters. */
  readonly name: string;
  readonly length: number;
  readonly content: AsyncIterable<Uint8Array>;
}

// POSIX.1-1988 ustar: a header of 512 bytes, the content filled up to blocks of 512, two empty blocks at the end.
const BLOCK = 512;
const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  time: [136, 12],
} as const;
const CHECKSUM = [148, 8] as const;
const TYPE_AT = 156;
const MAGIC_AT = 257;
/** What eleven octal digits hold; longer files have their length in binary, as GNU tar and all others read it. */
const MOST_OCTAL = 8 ** 11;

const invalid = (reason: string, entry?: string) =>
  new AnamnesisError("RECORD_EXPORT_INVALID", entry === undefined ? { reason } : { reason, entry });

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const octal = (value: number, digits: number): Uint8Array => utf8(`${value.toString(8).padStart(digits, "0")}\0`);

function sizeField(length: number): Uint8Array {
  if (length < MOST_OCTAL) return octal(length, 11);
  const field = new Uint8Array(12);
  field[0] = 0x80;
  new DataView(field.buffer).setBigUint64(4, BigInt(length));
  return field;
}

function checksumOf(header: Uint8Array): number {
  const [start, length] = CHECKSUM;
  return header.reduce((sum, byte, at) => sum + (at >= start && at < start + length ? 0x20 : byte), 0);
}

function headerOf({ name, length }: TarEntry, time: number): Uint8Array {
  const header = new Uint8Array(BLOCK);
  header.set(utf8(name).subarray(0, 100), fields.name[0]);
  header.set(octal(0o600, 7), fields.mode[0]);
  header.set(octal(0, 7), fields.uid[0]);
  header.set(octal(0, 7), fields.gid[0]);
  header.set(sizeField(length), fields.size[0]);
  header.set(octal(time, 11), fields.time[0]);
  header[TYPE_AT] = 0x30;
  header.set(utf8("ustar\x0000"), MAGIC_AT);
  header.set(utf8(`${checksumOf(header).toString(8).padStart(6, "0")}\0 `), CHECKSUM[0]);
  return header;
}

const fillOf = (length: number): Uint8Array => new Uint8Array((BLOCK - (length % BLOCK)) % BLOCK);

/** Writes an archive. @throws RECORD_EXPORT_INVALID where an entry's content has another length than it says; what the content throws */
export async function* writeTar(
  entries: AsyncIterable<TarEntry>,
  time: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const entry of entries) {
    yield headerOf(entry, time);
    let given = 0;
    for await (const piece of entry.content) {
      given += piece.length;
      yield piece;
    }
    if (given !== entry.length) throw invalid("length", entry.name);
    yield fillOf(given);
  }
  yield new Uint8Array(2 * BLOCK);
}

/** Takes from a stream of pieces exactly what is asked for. */
function taker(pieces: AsyncIterable<Uint8Array>) {
  const source = pieces[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  return {
    async *take(length: number): AsyncGenerator<Uint8Array, void, undefined> {
      for (let left = length; left > 0; ) {
        while (held.length === 0) {
          const { done, value } = await source.next();
          if (done) throw invalid("it ends early");
          held = value;
        }
        const piece = held.subarray(0, left);
        held = held.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
    },
    end: async () => void (await source.return?.()),
  };
}

function sizeOf(header: Uint8Array): number {
  const [start, length] = fields.size;
  const field = header.subarray(start, start + length);
  if (field[0] === 0x80) return Number(new DataView(field.slice().buffer).getBigUint64(4));
  return Number.parseInt(ascii(field.subarray(0, 11)), 8);
}

/**
 * Reads an archive as {@link writeTar} writes it. What is left of an entry's content is passed over when the next is asked for.
 * @throws RECORD_EXPORT_INVALID for what is no such archive
 */
export async function* readTar(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void, undefined> {
  const { take, end } = taker(pieces);
  const whole = async (length: number) => {
    const parts: Uint8Array[] = [];
    for await (const part of take(length)) parts.push(part);
    return concat(...parts);
  };
  try {
    for (;;) {
      const header = await whole(BLOCK);
      if (header.every((byte) => byte === 0)) return;
      const [at, digits] = CHECKSUM;
      const length = sizeOf(header);
      const isSound = Number.parseInt(ascii(header.subarray(at, at + digits - 2)), 8) === checksumOf(header);
      if (!isSound || header[TYPE_AT] !== 0x30 || !Number.isSafeInteger(length)) throw invalid("no archive");
      const nameEnd = header.indexOf(0);
      let left = length;
      async function* content(): AsyncGenerator<Uint8Array, void, undefined> {
        for await (const piece of take(length)) {
          left -= piece.length;
          yield piece;
        }
      }
      yield { name: ascii(header.subarray(0, Math.min(nameEnd, 100))), length, content: content() };
      // From where the reader stopped.
      for await (const _ of take(left));
      await whole(fillOf(length).length);
    }
  } finally {
    await end();
  }
}
