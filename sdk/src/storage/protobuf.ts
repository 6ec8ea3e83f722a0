import { concat } from "../core/bytes.ts";

/** The two wire types that dag-pb and UnixFS use. */
export type ProtobufField =
  | { readonly field: number; readonly number: number }
  | { readonly field: number; readonly bytes: Uint8Array };

const varintType = 0;
const bytesType = 2;

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  // Division instead of shifts: sizes pass 32 bits.
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

export function numberField(field: number, value: number): Uint8Array {
  return concat(varint(field * 8 + varintType), varint(value));
}

export function bytesField(field: number, value: Uint8Array): Uint8Array {
  return concat(varint(field * 8 + bytesType), varint(value.length), value);
}

/** Reads the fields in their order; undefined for anything malformed, truncated or above 2^53. */
export function decodeProtobuf(bytes: Uint8Array): readonly ProtobufField[] | undefined {
  const fields: ProtobufField[] = [];
  let at = 0;
  const readVarint = (): number | undefined => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) return undefined;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const value = readVarint();
    if (tag === undefined || value === undefined) return undefined;
    const field = Math.floor(tag / 8);
    if (tag % 8 === varintType) {
      fields.push({ field, number: value });
    } else if (tag % 8 === bytesType) {
      if (at + value > bytes.length) return undefined;
      fields.push({ field, bytes: bytes.subarray(at, at + value) });
      at += value;
    } else {
      return undefined;
    }
  }
  return fields;
}
