import type { AbortOptions } from "../../core/abort.ts";
import { type ByteSource, piecesOf, untilAborted } from "../../core/byte-source.ts";
import { utf8 } from "../../core/bytes.ts";
import { type Label, labelMask } from "../../core/vocabulary.ts";
import type { RecordMeta } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type FhirResource, labelsOf, parseResource, type Resolve, titleOf } from "../../fhir/index.ts";

/** Content that is no FHIR resource; its author names its labels. */
export interface DocumentContent {
  /** All of it, or where it comes from: what is no `Uint8Array` is read once, in pieces, and never held whole. */
  readonly bytes: ByteSource;
  /** Bytes of a stream, where they are known before: more or fewer are refused. A `Blob` knows its own. */
  readonly length?: number | undefined;
  /** RFC 6838, such as `application/pdf`. */
  readonly mediaType: string;
  readonly title: string;
  readonly labels: readonly Label[];
  /** Clinical time in Unix seconds. */
  readonly time?: number | undefined;
}

export type RecordContent = FhirResource | DocumentContent;

/** Media type of a FHIR resource as JSON (HL7 FHIR R4, 2.6.1). */
export const FHIR_JSON = "application/fhir+json";

/** Content that comes in pieces, once. */
export interface ContentPieces {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Bytes, where that is known before. */
  readonly length: number | undefined;
}

async function* ofLength(pieces: AsyncIterable<Uint8Array>, expected: number): AsyncGenerator<Uint8Array> {
  let actual = 0;
  for await (const piece of pieces) {
    actual += piece.length;
    if (actual > expected) break;
    yield piece;
  }
  if (actual !== expected) throw new AnamnesisError("RECORD_LENGTH_DIFFERS", { expected, actual });
}

function contentOf({ bytes, length }: DocumentContent, signal: AbortSignal | undefined): Uint8Array | ContentPieces {
  if (bytes instanceof Uint8Array) return bytes;
  const known = bytes instanceof Blob ? bytes.size : length;
  const pieces = untilAborted(piecesOf(bytes), signal);
  return { pieces: known === undefined ? pieces : ofLength(pieces, known), length: known };
}

/** Content ready to be sealed. */
export interface PreparedContent {
  readonly content: Uint8Array | ContentPieces;
  readonly labels: bigint;
  readonly meta: Omit<RecordMeta, "nonce" | "length">;
}

/** Characters of a title; what is longer is cut. */
export const TITLE_LENGTH = 256;

const isDocument = (content: RecordContent): content is DocumentContent => "bytes" in content;

/** The elements in which FHIR resources say when something happened, in the order of their meaning. */
const timeElements = [
  "effectiveDateTime",
  "performedDateTime",
  "occurrenceDateTime",
  "onsetDateTime",
  "authoredOn",
  "recordedDate",
  "date",
  "issued",
] as const;

/** Unix seconds of the first of these elements that the resource has. */
export function timeOf(resource: FhirResource): number | null {
  const values: Readonly<Record<string, unknown>> = { ...resource };
  for (const name of timeElements) {
    const value = values[name];
    const milliseconds = typeof value === "string" ? Date.parse(value) : Number.NaN;
    if (!Number.isNaN(milliseconds)) return Math.floor(milliseconds / 1_000);
  }
  return null;
}

/**
 * Labels and describes what is to be sealed. A FHIR resource is labelled from its content; labels given beside it only
 * ever add. What comes in pieces is not touched yet.
 * @throws RECORD_EMPTY, RECORD_LABELS_INVALID, FHIR_* for a resource that is none
 */
export function prepareContent(
  given: RecordContent,
  options: {
    readonly labels?: readonly Label[] | undefined;
    readonly resolve?: Resolve | undefined;
  } & AbortOptions = {},
): PreparedContent {
  const added = labelMask(options.labels ?? []);
  if (isDocument(given)) {
    const { mediaType, title, time = null } = given;
    const content = contentOf(given, options.signal);
    if (content.length === 0) throw new AnamnesisError("RECORD_EMPTY");
    const labels = labelMask(given.labels) | added;
    if (labels === 0n) throw new AnamnesisError("RECORD_LABELS_INVALID");
    return { content, labels, meta: { mediaType, fhirType: null, title: title.slice(0, TITLE_LENGTH), time } };
  }
  const resource = parseResource(given);
  const { labels } = labelsOf(resource, { resolve: options.resolve });
  return {
    content: utf8(JSON.stringify(resource)),
    labels: labels | added,
    meta: {
      mediaType: FHIR_JSON,
      fhirType: resource.resourceType.slice(0, 64),
      title: titleOf(resource, { resolve: options.resolve }).slice(0, TITLE_LENGTH),
      time: timeOf(resource),
    },
  };
}
