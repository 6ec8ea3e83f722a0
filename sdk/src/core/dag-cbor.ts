import * as cbor from "@ipld/dag-cbor";
import { AnamnesisError } from "../errors/index.ts";
import { equalBytes } from "./bytes.ts";
import type { Reader } from "./shape.ts";

/** Deterministic DAG-CBOR (IPLD specification): equal values give equal bytes, so that hashes of them are ids. */
export function encodeDagCbor(value: unknown): Uint8Array {
  return cbor.encode(value);
}

/**
 * Decodes and checks. Bytes that decode but are not the one deterministic encoding of their value are refused: otherwise
 * one record could have two ids.
 * @throws INPUT_MALFORMED naming the field, never its value.
 */
export function decodeDagCbor<T>(encoded: Uint8Array, reader: Reader<T>, name: string): T {
  let value: unknown;
  try {
    value = cbor.decode(encoded);
  } catch (cause) {
    throw new AnamnesisError("INPUT_MALFORMED", { field: name, expected: "DAG-CBOR" }, { cause });
  }
  if (!equalBytes(cbor.encode(value), encoded)) {
    throw new AnamnesisError("INPUT_MALFORMED", { field: name, expected: "the deterministic encoding" });
  }
  return reader(value, name);
}
