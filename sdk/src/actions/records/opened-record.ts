import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { fromUtf8, type Hex } from "../../core/bytes.ts";
import type { PatientId, RecordId, SeriesId } from "../../core/ids.ts";
import { type Label, labelsOfMask } from "../../core/vocabulary.ts";
import { type IdentifiedEnvelope, openContent, type PublicPart, seriesIdOf } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type FhirResource, parseResource } from "../../fhir/index.ts";
import type { RecordPlace } from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { findLogPlace, isPlacedInLog } from "./log-place.ts";
import { readBody } from "./read-body.ts";
import { FHIR_JSON } from "./record-content.ts";
import { makeProof, type RecordProof } from "./record-proof.ts";
import { remarksOn } from "./standing.ts";

/** A record, decrypted and verified: block by block, by its commitment, and against its anchor on the chain. */
export interface OpenedRecord {
  readonly recordId: RecordId;
  readonly series: SeriesId;
  readonly version: number;
  /** The version it amends. */
  readonly prev: RecordId | undefined;
  readonly patient: PatientId;
  /** ProviderId of the author, or the PatientId for the patient's own. */
  readonly author: Hex;
  readonly labels: readonly Label[];
  /** Unix seconds, the author's word. */
  readonly createdAt: number;
  /** Block of the anchor, its own or of its author's log. */
  readonly anchoredAt: number;
  /** Where only its author's log anchors it: its place there. */
  readonly logPlace: RecordPlace | undefined;
  /** Its author marked it as entered in error. */
  readonly retracted: boolean;
  /** The patient says that something in it is wrong. */
  readonly disputed: boolean;
  /** The same in words; that there are other versions, a listing tells. */
  readonly remarks: readonly string[];
  readonly content: Uint8Array;
  readonly mediaType: string;
  readonly title: string;
  /** Clinical time in Unix seconds, where the content says one. */
  readonly time: number | undefined;
  /** The content as a FHIR resource, where it is one. */
  readonly resource: FhirResource | undefined;
  /** Lets whoever is handed `content` check it against the chain (`records.verify`). */
  readonly proof: RecordProof;
}

/** How the chain knows a record. */
export interface AnchorState {
  /** Block of the anchor, its own or of its author's log; 0 where there is none. */
  readonly anchoredAt: number;
  readonly logPlace: RecordPlace | undefined;
  readonly retracted: boolean;
  readonly disputed: boolean;
}

/** A place in the author's log counts where the record has no anchor of its own and the chain holds that head. @throws CHAIN_UNREACHABLE */
export async function anchorStateOf(
  client: Client,
  recordId: RecordId,
  part: PublicPart,
  { place, ...options }: { readonly place?: RecordPlace | undefined } & AbortOptions = {},
): Promise<AnchorState> {
  const { recordRegistry } = client.contracts;
  const { patient, labels, author } = part;
  const [block, retracted, dispute] = await Promise.all([
    readContract(client, () => recordRegistry.anchoredAt(patient, recordId, labels, author), options),
    readContract(client, () => recordRegistry.isRetracted(recordId, author), options),
    readContract(client, () => recordRegistry.disputeOf(patient, seriesIdOf(part)), options),
  ]);
  const isLogged = block === 0n && place !== undefined && (await isPlacedInLog(client, recordId, part, place, options));
  const logPlace = isLogged ? place : undefined;
  return { anchoredAt: logPlace?.block ?? Number(block), logPlace, retracted, disputed: dispute.isDisputed };
}

/** As `anchorStateOf`, of a record that must be anchored: the stewards say where in a log. @throws RECORD_NOT_ANCHORED, CHAIN_UNREACHABLE, STEWARD_* */
export async function requireAnchored(
  client: Client,
  recordId: RecordId,
  part: PublicPart,
  options: AbortOptions = {},
): Promise<AnchorState> {
  const state = await anchorStateOf(client, recordId, part, options);
  if (state.anchoredAt > 0) return state;
  const logPlace = await findLogPlace(client, recordId, part, options);
  if (logPlace === undefined) throw new AnamnesisError("RECORD_NOT_ANCHORED", { recordId });
  return { ...state, anchoredAt: logPlace.block, logPlace };
}

/**
 * Fetches, verifies and decrypts one record whose key is at hand.
 * @throws RECORD_NOT_ANCHORED, RECORD_ALTERED, RECORD_BODY_UNAVAILABLE, CHAIN_UNREACHABLE
 */
export async function openRecord(
  client: Client,
  { envelope, recordId, restHash }: IdentifiedEnvelope,
  dek: Uint8Array,
  options: AbortOptions = {},
): Promise<OpenedRecord> {
  const { publicPart } = envelope;
  const { patient, author, labels } = publicPart;
  const state = await requireAnchored(client, recordId, publicPart, options);
  const body = await readBody(client, recordId, publicPart, options);
  const { content, meta } = await openContent(envelope, recordId, dek, body);
  const { description, contracts } = client.deployment;
  return {
    recordId,
    series: seriesIdOf(publicPart),
    version: publicPart.ver,
    prev: publicPart.prev ?? undefined,
    patient,
    author,
    labels: labelsOfMask(labels),
    createdAt: publicPart.createdAt,
    ...state,
    remarks: remarksOn(state),
    content,
    mediaType: meta.mediaType,
    title: meta.title,
    time: meta.time ?? undefined,
    resource: meta.mediaType === FHIR_JSON ? parseResource(fromUtf8(content)) : undefined,
    proof: makeProof(
      { chainId: description.chainId, ...contracts, logPlace: state.logPlace },
      publicPart,
      restHash,
      meta.nonce,
    ),
  };
}
