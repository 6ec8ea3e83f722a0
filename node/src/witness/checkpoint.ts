import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  concat,
  type Hex,
  type SigningKeyPair,
  sha256,
  signBytes,
  utf8,
  verifySignature,
} from "@anamnesis/sdk/internal";

/** A head of a log, as C2SP tlog-checkpoint writes it: origin, size and root, a line each. */
export interface Checkpoint {
  /** Names the log for ever. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hex;
}

/** Whose cosignature it is, and when it was given. */
export interface Cosignature extends Checkpoint {
  readonly name: string;
  /** Unix seconds. */
  readonly time: number;
}

/** Type of an Ed25519 cosignature (C2SP tlog-cosignature). */
const COSIGNATURE = 0x04;
const SIGNATURE_LINE = /^— (?<name>[^\s+]+) (?<data>[A-Za-z0-9+/]+={0,2})$/;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const hexOf = (text: string): Hex => `0x${Buffer.from(text, "base64").toString("hex")}`;

/** Where a log is anchored and whose it is, as one name: it says which log a checkpoint is of. */
export const originOf = (log: { readonly chainId: number; readonly logRegistry: Hex; readonly owner: Hex }): string =>
  `anamnesis/log/${log.chainId}/${log.logRegistry.toLowerCase()}/${log.owner}`;

/** The note's text: three lines, the last with its end. */
const textOf = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${base64(Buffer.from(root.slice(2), "hex"))}\n`;

/** C2SP signed-note: the first four bytes of SHA-256(name ‖ LF ‖ type ‖ public key). */
const keyHash = (name: string, publicKey: Uint8Array): Uint8Array =>
  sha256(concat(utf8(`${name}\n`), Uint8Array.of(COSIGNATURE), publicKey)).subarray(0, 4);

const signedBytes = (text: string, time: number): Uint8Array => utf8(`cosignature/v1\ntime ${time}\n${text}`);

function timeBytes(time: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time));
  return bytes;
}

/** The key as others list it: `name+hash+base64(type ‖ key)` (C2SP signed-note, "vkey"). */
export const verifierKey = (name: string, publicKey: Uint8Array): string =>
  `${name}+${Buffer.from(keyHash(name, publicKey)).toString("hex")}+${base64(concat(Uint8Array.of(COSIGNATURE), publicKey))}`;

/** A signed note: the checkpoint, an empty line, and one line with the witness's timestamped signature. */
export function cosignCheckpoint(
  checkpoint: Checkpoint,
  { name, keys, time }: { readonly name: string; readonly keys: SigningKeyPair; readonly time: number },
): string {
  const text = textOf(checkpoint);
  const signature = signBytes(keys.secretKey, signedBytes(text, time));
  const line = concat(keyHash(name, keys.publicKey), timeBytes(time), signature);
  return `${text}\n— ${name} ${base64(line)}\n`;
}

/** Reads a note and checks the signature of one witness; those of others are left alone. @throws CHECKPOINT_INVALID */
export function openCheckpoint(
  note: string,
  { name, publicKey }: { readonly name: string; readonly publicKey: Uint8Array },
): Cosignature {
  const end = note.indexOf("\n\n");
  const text = note.slice(0, end + 1);
  const [origin = "", size = "", root = "", ...more] = text.split("\n");
  const isForm = end > 0 && more.length === 1 && more[0] === "" && /^(0|[1-9]\d{0,15})$/.test(size);
  for (const line of isForm ? note.slice(end + 2).split("\n") : []) {
    const found = SIGNATURE_LINE.exec(line)?.groups;
    const data = Uint8Array.from(Buffer.from(found?.["data"] ?? "", "base64"));
    const isTheirs =
      found?.["name"] === name &&
      data.length === 76 &&
      Buffer.from(keyHash(name, publicKey)).equals(data.subarray(0, 4));
    if (!isTheirs) continue;
    const time = Number(new DataView(data.buffer, data.byteOffset).getBigUint64(4));
    const checkpoint = { origin, size: Number(size), root: hexOf(root) };
    const isWhole = textOf(checkpoint) === text && checkpoint.root.length === 66;
    if (isWhole && verifySignature(publicKey, signedBytes(text, time), data.subarray(12)))
      return { ...checkpoint, name, time };
  }
  throw new AnamnesisError("CHECKPOINT_INVALID", { witness: name });
}
