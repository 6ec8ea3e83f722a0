import {
  decideDirectly,
  encodeVia,
  eventOf,
  readContract,
  refusalOf,
  sendTransaction,
  toVia,
  type ViaLike,
} from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { fromHex } from "../../core/bytes.ts";
import { noId, type PatientId, type RecordId, type SeriesId } from "../../core/ids.ts";
import type { Transacted, Via } from "../../core/types.ts";
import { actionMask, type Label, labelsOfMask, type Purpose, purposeId } from "../../core/vocabulary.ts";
import { sealRecord } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Resolve } from "../../fhir/index.ts";
import { type StewardVerdict, uploadEnvelope } from "../../stewards/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";
import { type Author, authorOf } from "./author-of.ts";
import { ownerKeyOf } from "./owner-key-of.ts";
import { prepareContent, type RecordContent } from "./record-content.ts";

export interface AddRecordParameters extends AbortOptions {
  readonly patient: PatientId;
  /** A FHIR R4 resource, labelled from its content, or a document with its labels. */
  readonly content: RecordContent;
  /** Labels in addition to those found: they only ever restrict who may read. */
  readonly labels?: readonly Label[] | undefined;
  /** Under which consent a provider writes; treatment unless said otherwise. */
  readonly purpose?: Purpose | undefined;
  readonly via?: ViaLike | undefined;
  /** Finds the medicine a prescription refers to; `parseBundle` returns one for its bundle. */
  readonly resolve?: Resolve | undefined;
}

export interface AddRecordResult extends Transacted {
  readonly recordId: RecordId;
  readonly series: SeriesId;
  readonly labels: readonly Label[];
  /** Address of the encrypted body. */
  readonly cid: string;
  /** What each steward said to its copy of the envelope. */
  readonly verdicts: readonly StewardVerdict[];
}

/** Asked before anything is encrypted or stored, so that a refusal costs nothing. @throws RECORD_WRITE_REFUSED */
async function requireWrite(
  client: Client,
  author: Author,
  request: { readonly patient: PatientId; readonly via: Via; readonly purpose: Purpose; readonly labels: bigint },
  options: AbortOptions,
): Promise<void> {
  if (author.kind === "patient") return;
  const { patient, via, purpose, labels } = request;
  const [denial] = await readContract(
    client,
    () =>
      client.contracts.consentRegistry.decide(
        patient,
        author.provider,
        encodeVia(via),
        purposeId(purpose),
        labels,
        noId,
        actionMask(["write"]),
      ),
    options,
  );
  if (denial === 0n) return;
  const { reason, words } = refusalOf(denial);
  throw new AnamnesisError("RECORD_WRITE_REFUSED", { patient, reason, words, labels: labelsOfMask(labels) });
}

/**
 * Adds one record: labels it, encrypts it under a fresh key, stores the body, anchors the id and hands the envelope to the
 * stewards. Where the client keeps envelopes, its copy is there before the anchor, and `records.publish` repeats the last
 * step if it was interrupted.
 *
 * @throws RECORD_WRITE_REFUSED, RECORD_AUTHOR_UNKNOWN, RECORD_EMPTY, RECORD_LABELS_INVALID, RECORD_OWNER_KEY_MISMATCH,
 * ENVELOPE_NOT_ACCEPTED, STORAGE_*, CHAIN_*, FHIR_*
 */
export async function addRecord(client: Client, parameters: AddRecordParameters): Promise<AddRecordResult> {
  const { patient, signal, purpose = "treatment" } = parameters;
  const storage = requireCapability(client, "storage");
  const via = toVia(parameters.via);
  const { content, labels, meta } = prepareContent(parameters.content, parameters);
  const author = await authorOf(client, patient, { signal });
  await requireWrite(client, author, { patient, via, purpose, labels }, { signal });

  const stewards = await stewardsOf(client, { signal });
  const { keyId, groupKey } = stewards.committee;
  const sealed = await sealRecord({
    content,
    system: client.deployment.system,
    patient,
    author: author.author,
    labels,
    keyId,
    groupKey: fromHex(groupKey),
    ownerKey: await ownerKeyOf(client, patient, author, { signal }),
    meta,
    createdAt: Math.floor(Date.now() / 1_000),
    storeBody: async (body) => (await storage.put(body, { signal })).cid,
  });
  const { envelope, recordId, series } = sealed;
  await client.envelopes?.put(envelope, { signal });

  const authorization = await decideDirectly(client, { signal });
  const call = await client.contracts.recordRegistry.anchor.populateTransaction(
    patient,
    recordId,
    labels,
    purposeId(author.kind === "patient" ? "patient-request" : purpose),
    encodeVia(author.kind === "patient" ? {} : via),
    authorization,
  );
  const sent = await sendTransaction(client, call, { signal });
  eventOf(client, sent, "recordRegistry", "RecordAnchored");
  const { verdicts } = await uploadEnvelope(stewards, { envelope, signal });
  return {
    recordId,
    series,
    labels: labelsOfMask(labels),
    cid: envelope.publicPart.body.cid.toString(),
    verdicts,
    transaction: sent.transaction,
  };
}
