import { encodeVia, toVia } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { ProviderId, RecordId, SeriesId } from "../../core/ids.ts";
import { inOrder } from "../../core/in-order.ts";
import { type Label, labelsOfMask, purposeId } from "../../core/vocabulary.ts";
import { encodeEnvelope } from "../../envelope/index.ts";
import type { OutboxItem } from "../../stewards/index.ts";
import { type Client, requireCapability } from "../client.ts";
import type { AddRecordParameters } from "./add-record.ts";
import { authorOf } from "./author-of.ts";
import { prepareContent } from "./record-content.ts";
import { requireWrite } from "./require-write.ts";
import { sealContent } from "./seal-content.ts";
import type { WritingOptions } from "./write-record.ts";
import { sealingFor } from "./write-record.ts";

/** Records that are sealed at once. */
const SEALED_AT_ONCE = 4;

/** One of many records, as `records.add` takes it. */
export type ManyRecordsItem = Omit<AddRecordParameters, keyof WritingOptions>;

export interface AddManyParameters extends AbortOptions {
  readonly records: Iterable<ManyRecordsItem> | AsyncIterable<ManyRecordsItem>;
}

/** A record that will be anchored and handed to the stewards, whatever happens to this program. */
export interface AcceptedRecord {
  readonly recordId: RecordId;
  readonly series: SeriesId;
  readonly labels: readonly Label[];
  /** Address of the encrypted body. */
  readonly cid: string;
  /** Its place in the author's log. */
  readonly index: number;
}

async function sealed(client: Client, given: ManyRecordsItem, { signal }: AbortOptions) {
  const { patient, purpose = "treatment" } = given;
  const path = { patient, purpose, via: toVia(given.via) };
  const prepared = prepareContent(given.content, given);
  const author = await authorOf(client, patient, { signal });
  await requireWrite(client, author, { ...path, labels: prepared.labels }, { signal });
  const sealing = await sealingFor(client, author, path, { signal });
  const record = await sealContent(client, { ...sealing, ...prepared, signal });
  await client.envelopes?.put(record.envelope, { signal });
  const { organisation, chain, bySeries } = encodeVia(path.via);
  const item: OutboxItem = {
    recordId: record.recordId,
    author: author.author,
    envelope: encodeEnvelope(record.envelope),
    purpose: purposeId(purpose),
    via: { organisation: organisation as ProviderId, chain: chain as ProviderId[], bySeries },
  };
  return { record, item };
}

/**
 * Adds many records of one provider: each is encrypted and stored, and accepted by the outbox in the order given. What is yielded is accepted: the outbox
 * anchors it with others and hands its envelope to the stewards, which may take some seconds. Where one fails, those before it are accepted.
 *
 * @throws CLIENT_OUTBOX_MISSING, OUTBOX_*, and as records.add up to its anchor
 */
export async function* addMany(
  client: Client,
  { records, signal }: AddManyParameters,
): AsyncGenerator<AcceptedRecord, void, undefined> {
  const outbox = requireCapability(client, "outbox");
  requireCapability(client, "storage");
  async function* given() {
    yield* records;
  }
  for await (const { record, item } of inOrder(given(), SEALED_AT_ONCE, (each) => sealed(client, each, { signal }))) {
    const [accepted] = await outbox.accept([item], { signal });
    const { recordId, series, envelope } = record;
    const { labels, body } = envelope.publicPart;
    yield {
      recordId,
      series,
      labels: labelsOfMask(labels),
      cid: body.cid.toString(),
      index: accepted?.index as number,
    };
  }
}
