import { concat, fromHex, type Hex, toHex, utf8 } from "../core/bytes.ts";
import { encodeDagCbor } from "../core/dag-cbor.ts";
import type { CoreId, KeyId, PatientId, RecordId, SeriesId } from "../core/ids.ts";
import { sha256 } from "../crypto/index.ts";
import { encodePublicPart, type PublicPart } from "./public-part.ts";

const SERIES_DOMAIN = utf8("anamnesis/series/v1");

/** SHA-256("anamnesis/series/v1" ‖ patient ‖ author ‖ seriesSalt): the same for a record and all its amendments. */
export function seriesIdOf(part: Pick<PublicPart, "patient" | "author" | "seriesSalt">): SeriesId {
  return toHex(
    sha256(concat(SERIES_DOMAIN, fromHex(part.patient), fromHex(part.author), fromHex(part.seriesSalt))),
  ) as SeriesId;
}

/** CoreId = SHA-256(dag-cbor(PublicPart)). */
export function coreIdOf(part: PublicPart): CoreId {
  return toHex(sha256(encodePublicPart(part))) as CoreId;
}

/** RecordId = SHA-256(0x00 ‖ CoreId ‖ restHash): an RFC 9162 §2.1.1 leaf hash over the 64 bytes after 0x00. */
export function recordIdOf(core: CoreId, restHash: Hex): RecordId {
  return toHex(sha256(concat(Uint8Array.of(0), fromHex(core), fromHex(restHash)))) as RecordId;
}

/** Binds a committee capsule to one record under one committee key: a copied capsule opens nowhere else. */
export function releaseLabel(keyId: KeyId, core: CoreId): Uint8Array {
  return encodeDagCbor(["anamnesis/release/v1", fromHex(keyId), fromHex(core)]);
}

/** Binds the encrypted body to its place: system, patient, series and version. */
export function bodyAad(system: Hex, patient: PatientId, series: SeriesId, version: number): Uint8Array {
  return encodeDagCbor(["anamnesis/body/v1", fromHex(system), fromHex(patient), fromHex(series), version]);
}
