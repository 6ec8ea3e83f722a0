import { CID } from "multiformats/cid";
import { fromHex, type Hex, toHex } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { KeyId, PatientId, RecordId } from "../core/ids.ts";
import { bytes, bytesUpTo, literal, map, nullable, type Reader, uint, uint64 } from "../core/shape.ts";
import { AnamnesisError } from "../errors/index.ts";

/** Names the whole set of algorithms of version 1: FLOE, HPKE X-Wing, TDH2 on ristretto255, SHA-256. */
export const SUITE = "anamnesis/suite/v1";

/** Where the encrypted segments lie: a UnixFS file and the range of it that belongs to this record. */
export interface BodyLocation {
  readonly cid: CID;
  readonly offset: number;
  /** Encrypted bytes. */
  readonly length: number;
}

/** What stewards and auditors may see of a record (`docs/spec/envelope.md`). */
export interface PublicPart {
  readonly v: 1;
  readonly suite: typeof SUITE;
  /** Fixed at the first deployment of a network and kept by its successors. */
  readonly system: Hex;
  readonly patient: PatientId;
  readonly seriesSalt: Hex;
  /** 1 for a new record, one more for each amendment. */
  readonly ver: number;
  readonly prev: RecordId | null;
  /** Category and sensitivities as a bit mask (`docs/spec/vocabulary.md`). */
  readonly labels: bigint;
  readonly keyId: KeyId;
  /** FLOE header. */
  readonly floe: Uint8Array;
  readonly body: BodyLocation;
  /** Length of the padded plaintext in bytes. */
  readonly size: number;
  readonly commitment: Hex;
  /** ProviderId of the author, or PatientId for the patient's own record. */
  readonly author: Hex;
  /** Unix seconds, the author's word. */
  readonly createdAt: number;
}

const hex32: Reader<Hex> = (value, path) => toHex(bytes(32)(value, path));

/** The parsers of ids only check the form, which 32 bytes always have. */
const id32 = <T extends Hex>(): Reader<T> => hex32 as Reader<T>;

export const readCid: Reader<CID> = (value, path) => {
  const read = CID.asCID(value);
  if (read === null) throw new AnamnesisError("INPUT_MALFORMED", { field: path, expected: "a CID" });
  return read;
};

const readPublicPart = map<PublicPart>({
  v: literal(1),
  suite: literal(SUITE),
  system: hex32,
  patient: id32<PatientId>(),
  seriesSalt: hex32,
  ver: uint(0xffff_ffff),
  prev: nullable(id32<RecordId>()),
  labels: uint64,
  keyId: id32<KeyId>(),
  floe: bytesUpTo(256),
  body: map<BodyLocation>({ cid: readCid, offset: uint(), length: uint() }),
  size: uint(),
  commitment: hex32,
  author: hex32,
  createdAt: uint(0xff_ffff_ffff),
});

export function encodePublicPart(part: PublicPart): Uint8Array {
  return encodeDagCbor({
    v: part.v,
    suite: part.suite,
    system: fromHex(part.system),
    patient: fromHex(part.patient),
    seriesSalt: fromHex(part.seriesSalt),
    ver: part.ver,
    prev: part.prev === null ? null : fromHex(part.prev),
    labels: part.labels,
    keyId: fromHex(part.keyId),
    floe: part.floe,
    body: { cid: part.body.cid, offset: part.body.offset, length: part.body.length },
    size: part.size,
    commitment: fromHex(part.commitment),
    author: fromHex(part.author),
    createdAt: part.createdAt,
  });
}

/** @throws INPUT_MALFORMED */
export function decodePublicPart(encoded: Uint8Array): PublicPart {
  const part = decodeDagCbor(encoded, readPublicPart, "publicPart");
  if (part.ver === 0 || (part.ver === 1) !== (part.prev === null)) {
    throw new AnamnesisError("INPUT_MALFORMED", {
      field: "publicPart.prev",
      expected: "a predecessor from version 2 on",
    });
  }
  return part;
}
