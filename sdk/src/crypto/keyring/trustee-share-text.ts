import { concat, equalBytes, utf8 } from "../../core/bytes.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { sha256 } from "../hash.ts";
import type { TrusteeShare } from "./trustee-slot.ts";

const prefix = "anamnesis-share-1:";
const checksumLength = 4;

const checksum = (bytes: Uint8Array) => sha256(concat(utf8(prefix), bytes)).subarray(0, checksumLength);

/** A share as a line of text that a trustee can keep and send; it tells a slip of the pen from a share. */
export function trusteeShareText({ place, share }: TrusteeShare): string {
  const bytes = concat(Uint8Array.of(place), share);
  const all = concat(bytes, checksum(bytes));
  const encoded = btoa(String.fromCharCode(...all))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  return prefix + encoded;
}

/** @throws CRYPTO_SHARE_WRONG */
export function readTrusteeShare(text: string): TrusteeShare {
  const line = text.trim();
  const encoded = line.slice(prefix.length);
  if (!line.startsWith(prefix) || !/^[A-Za-z0-9_-]{20,200}$/.test(encoded) || encoded.length % 4 === 1) {
    throw new AnamnesisError("CRYPTO_SHARE_WRONG", { length: line.length });
  }
  const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  const all = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const bytes = all.subarray(0, -checksumLength);
  if (!equalBytes(all.subarray(-checksumLength), checksum(bytes))) {
    throw new AnamnesisError("CRYPTO_SHARE_WRONG", { length: line.length });
  }
  return { place: bytes[0] ?? 0, share: bytes.slice(1) };
}
