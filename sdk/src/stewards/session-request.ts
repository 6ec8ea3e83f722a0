import { fromHex, type Hex, utf8 } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { KeyId, RecordId } from "../core/ids.ts";
import { bytes, literal, map, nullable, type Reader, uint } from "../core/shape.ts";
import { type SessionKeys, xwingPublicKeyLength } from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import {
  decodeFrame,
  distinctIds,
  hexOf,
  idBytes,
  isSignedBy,
  MAX_RECORDS,
  MAX_REQUEST_BYTES,
  requestHashOf,
  signFrame,
} from "./wire.ts";

interface Common {
  readonly v: 1;
  readonly chainId: number;
  /** Address of the AccessGate, 20 bytes. */
  readonly gate: Hex;
  /** Transaction whose log opened the session, and the log's index in its block. */
  readonly tx: Hex;
  readonly logIndex: number;
  /** The steward asked, by its signing key: the request is void for any other. */
  readonly steward: Hex;
  readonly keyId: KeyId;
  readonly epoch: number;
  readonly receiveKey: Uint8Array;
  readonly askKey: Uint8Array;
  /** 16 random bytes; a repeat asks for the same answer. */
  readonly requestId: Hex;
  /** Unix seconds. */
  readonly time: number;
}

/** Asks what the session covers, in the order of RecordIds. */
export interface ListRequest extends Common {
  readonly verb: "list";
  readonly after: RecordId | null;
  readonly limit: number;
}

/** Asks for the partial decryptions of named records. */
export interface ReleaseRequest extends Common {
  readonly verb: "release";
  readonly records: readonly RecordId[];
}

export type SessionRequest = ListRequest | ReleaseRequest;

export interface ReceivedSessionRequest {
  readonly request: SessionRequest;
  readonly requestHash: Hex;
  /** The request as it was sent, for the receipt. */
  readonly encoded: Uint8Array;
}

const DOMAIN = utf8("anamnesis/request/v1");

const common = {
  v: literal(1),
  chainId: uint(),
  gate: hexOf(20),
  tx: hexOf(32),
  logIndex: uint(0xffff_ffff),
  steward: hexOf(32),
  keyId: hexOf<KeyId>(32),
  epoch: uint(0xffff_ffff),
  receiveKey: bytes(xwingPublicKeyLength),
  askKey: bytes(32),
  requestId: hexOf(16),
  time: uint(0xff_ffff_ffff),
};

/** A page holds at least one record, or it could never end. */
export const pageLimit: Reader<number> = (value, path) => {
  const limit = uint(MAX_RECORDS)(value, path);
  if (limit > 0) return limit;
  throw new AnamnesisError("INPUT_MALFORMED", { field: path, expected: `an integer from 1 to ${MAX_RECORDS}` });
};

const someIds: Reader<readonly RecordId[]> = (value, path) => {
  const ids = distinctIds<RecordId>(MAX_RECORDS)(value, path);
  if (ids.length > 0) return ids;
  throw new AnamnesisError("INPUT_MALFORMED", { field: path, expected: "at least one record" });
};

const readList = map<ListRequest>({
  ...common,
  verb: literal("list"),
  after: nullable(hexOf<RecordId>(32)),
  limit: pageLimit,
});
const readRelease = map<ReleaseRequest>({ ...common, verb: literal("release"), records: someIds });

const readSessionRequest: Reader<SessionRequest> = (value, path) =>
  (value as { verb?: unknown } | null)?.verb === "release" ? readRelease(value, path) : readList(value, path);

/** Encodes and signs with the session's asking key. */
export function signSessionRequest(request: SessionRequest, keys: SessionKeys): Uint8Array {
  const { v, chainId, logIndex, epoch, receiveKey, askKey, time } = request;
  const shared = {
    v,
    chainId,
    gate: fromHex(request.gate),
    tx: fromHex(request.tx),
    logIndex,
    steward: fromHex(request.steward),
    keyId: fromHex(request.keyId),
    epoch,
    receiveKey,
    askKey,
    requestId: fromHex(request.requestId),
    time,
  };
  const own =
    request.verb === "list"
      ? { verb: "list", after: request.after === null ? null : fromHex(request.after), limit: request.limit }
      : { verb: "release", records: idBytes(request.records) };
  return signFrame(DOMAIN, keys.ask.secretKey, encodeDagCbor({ ...shared, ...own }));
}

/**
 * Decodes a request and verifies that the asking key it names signed it. Whether that key is a session's is for the
 * chain to say.
 * @throws INPUT_MALFORMED
 */
export function openSessionRequest(encoded: Uint8Array): ReceivedSessionRequest {
  const frame = decodeFrame(encoded, MAX_REQUEST_BYTES, "request");
  const request = decodeDagCbor(frame.body, readSessionRequest, "request");
  if (!isSignedBy(DOMAIN, request.askKey, frame)) {
    throw new AnamnesisError("INPUT_MALFORMED", { field: "request.signature", expected: "the asking key's signature" });
  }
  return { request, requestHash: requestHashOf(encoded), encoded };
}
