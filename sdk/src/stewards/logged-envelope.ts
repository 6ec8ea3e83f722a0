import { fromHex, type Hex } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { ProviderId, RecordId } from "../core/ids.ts";
import { bytes, bytesUpTo, list, literal, map, nullable, type Reader, uint } from "../core/shape.ts";
import { MAX_ENVELOPE_BYTES } from "../envelope/index.ts";
import { MAX_LOG_PATH } from "./receipt-proof.ts";
import { hexOf, MAX_REQUEST_BYTES } from "./wire.ts";

/** What an author says to show that a record is in its log, and that it may write for the patient (`docs/spec/log-proof.md`). */
export interface LogEvidence {
  readonly index: number;
  /** Of a head on the chain; the chain says its root. */
  readonly size: number;
  /** From the record's neighbour up to below the root. */
  readonly path: readonly Uint8Array[];
  /** That the log's last head continues this one; null where this is the last. */
  readonly later: { readonly size: number; readonly path: readonly Uint8Array[] } | null;
  /** Under which consent the author writes, as for an anchor of its own. */
  readonly purpose: number;
  readonly via: {
    readonly organisation: ProviderId;
    readonly chain: readonly ProviderId[];
    readonly bySeries: boolean;
  };
}

/** An author's upload of a record that is anchored by its log alone. */
export interface LoggedEnvelopeUpload {
  readonly v: 1;
  readonly verb: "logged-envelope";
  readonly envelope: Uint8Array;
  readonly evidence: LogEvidence;
}

/** Asked by whoever has a record's id. Hashes only, so nobody signs. */
export interface RecordPlaceRequest {
  readonly v: 1;
  readonly verb: "record-place";
  readonly record: RecordId;
}

const flag: Reader<boolean> = (value, path) => (value === true ? true : literal(false)(value, path));
const hashes = list(bytes(32), MAX_LOG_PATH);

export const readLogEvidence: Reader<LogEvidence> = map<LogEvidence>({
  index: uint(),
  size: uint(),
  path: hashes,
  later: nullable(map({ size: uint(), path: hashes })),
  purpose: uint(0xff),
  via: map<LogEvidence["via"]>({
    organisation: hexOf<ProviderId>(32),
    chain: list(hexOf<ProviderId>(32), 3),
    bySeries: flag,
  }),
});
const readUpload = map<LoggedEnvelopeUpload>({
  v: literal(1),
  verb: literal("logged-envelope"),
  envelope: bytesUpTo(MAX_ENVELOPE_BYTES),
  evidence: readLogEvidence,
});
const readPlaceRequest = map<RecordPlaceRequest>({
  v: literal(1),
  verb: literal("record-place"),
  record: hexOf<RecordId>(32),
});

/** As it stands in a message, and as stewards keep it. */
export function logEvidenceMap({ index, size, path, later, purpose, via }: LogEvidence) {
  return {
    ...{ index, size, path: [...path], purpose },
    later: later && { size: later.size, path: [...later.path] },
    via: {
      organisation: fromHex(via.organisation),
      chain: via.chain.map((id: Hex) => fromHex(id)),
      bySeries: via.bySeries,
    },
  };
}

export const encodeLogEvidence = (evidence: LogEvidence): Uint8Array => encodeDagCbor(logEvidenceMap(evidence));

export const encodeLoggedEnvelopeUpload = (envelope: Uint8Array, evidence: LogEvidence): Uint8Array =>
  encodeDagCbor({ v: 1, verb: "logged-envelope", envelope, evidence: logEvidenceMap(evidence) });

export const encodeRecordPlaceRequest = (record: RecordId): Uint8Array =>
  encodeDagCbor({ v: 1, verb: "record-place", record: fromHex(record) });

/** Each decoder throws INPUT_MALFORMED. */
export const decodeLogEvidence = (encoded: Uint8Array): LogEvidence =>
  decodeDagCbor(bytesUpTo(MAX_REQUEST_BYTES)(encoded, "evidence"), readLogEvidence, "evidence");
export const decodeLoggedEnvelopeUpload = (encoded: Uint8Array): LoggedEnvelopeUpload =>
  decodeDagCbor(bytesUpTo(MAX_REQUEST_BYTES)(encoded, "request"), readUpload, "request");
export const decodeRecordPlaceRequest = (encoded: Uint8Array): RecordPlaceRequest =>
  decodeDagCbor(bytesUpTo(128)(encoded, "request"), readPlaceRequest, "request");
