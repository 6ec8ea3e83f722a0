import { AnamnesisError } from "../errors/index.ts";

/**
 * Readers turn something decoded from outside into a typed value or refuse it. They are strict: a missing, additional or
 * ill-typed field is an error that names the field, never its value.
 */
export type Reader<T> = (value: unknown, path: string) => T;

function refuse(path: string, expected: string): never {
  throw new AnamnesisError("INPUT_MALFORMED", { field: path, expected });
}

/** Bytes, of exactly `length` where it is given. */
export function bytes(length?: number): Reader<Uint8Array> {
  return (value, path) => {
    if (!(value instanceof Uint8Array)) refuse(path, "bytes");
    if (length !== undefined && value.length !== length) refuse(path, `${length} bytes`);
    return value;
  };
}

/** Bytes of at most `maximum` length. */
export function bytesUpTo(maximum: number): Reader<Uint8Array> {
  return (value, path) => {
    const read = bytes()(value, path);
    return read.length <= maximum ? read : refuse(path, `at most ${maximum} bytes`);
  };
}

/** An integer from 0 to `maximum` (at most 2^53 − 1). */
export function uint(maximum: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value, path) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= maximum
      ? value
      : refuse(path, `an integer from 0 to ${maximum}`);
}

/** An integer from 0 to 2^64 − 1, which CBOR gives as number or bigint by its size. */
export const uint64: Reader<bigint> = (value, path) => {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value === "bigint" && value >= 0n && value < 1n << 64n) return value;
  return refuse(path, "an integer from 0 to 2^64 - 1");
};

export function text(maximum: number): Reader<string> {
  return (value, path) =>
    typeof value === "string" && value.length <= maximum
      ? value
      : refuse(path, `text of at most ${maximum} characters`);
}

export function literal<const T extends string | number | boolean>(expected: T): Reader<T> {
  return (value, path) => (value === expected ? expected : refuse(path, String(expected)));
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Reader<T> {
  return (value, path) => allowed.find((each) => each === value) ?? refuse(path, allowed.join(" | "));
}

export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, path) => (value === null ? null : reader(value, path));
}

export function list<T>(reader: Reader<T>, maximum: number): Reader<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > maximum) refuse(path, `a list of at most ${maximum}`);
    return value.map((item: unknown, index) => reader(item, `${path}[${index}]`));
  };
}

type Fields<T> = { readonly [Key in keyof T]: Reader<T[Key]> };

/** A map with exactly the given fields. */
export function map<T extends object>(fields: Fields<T>): Reader<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) {
      refuse(path, "a map");
    }
    const given = value as Record<string, unknown>;
    const additional = Object.keys(given).find((key) => !Object.hasOwn(fields, key));
    if (additional !== undefined) refuse(path, `only the fields ${names.join(", ")}`);
    const read: Partial<T> = {};
    for (const name of names) {
      if (!Object.hasOwn(given, name)) refuse(`${path}.${name}`, "this field");
      read[name] = fields[name](given[name], `${path}.${name}`);
    }
    return read as T;
  };
}
