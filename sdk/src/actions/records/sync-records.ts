import { decodeEvent, eventTopic, head, pagesOfLogs, readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type RecordId, recordId } from "../../core/ids.ts";
import type { EnvelopeStore, OwnSlot } from "../../envelope/index.ts";
import {
  type DeviceParameters,
  fetchErasures,
  type StewardVerdict,
  syncEnvelopes,
  syncResealed,
} from "../../stewards/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { authorizedDevice } from "../stewards/authorized-device.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";
import { findLogPlace } from "./log-place.ts";

export interface SyncRecordsResult {
  /** Records that came to this device now. */
  readonly added: readonly RecordId[];
  /** All that this device holds of the patient. */
  readonly held: number;
  /** Anchored once and erased since: stewards signed that they deleted them, and the chain says that it was due. */
  readonly erased: readonly RecordId[];
  /** Records on the chain whose envelope no steward gave: ask their authors to publish them again. */
  readonly missing: readonly RecordId[];
  readonly verdicts: readonly StewardVerdict[];
}

/** A slot that this device has already is not replaced: no steward's copy is better than the patient's own. */
async function putOwnOnce(store: EnvelopeStore, id: RecordId, own: OwnSlot, options: AbortOptions): Promise<void> {
  const known = await store.ownsOf(id, options);
  if (known.some(({ ownerKeyHash }) => ownerKeyHash === own.ownerKeyHash)) return;
  await store.putOwn(id, own, options);
}

/** What the chain says was anchored for a patient: neither a steward nor this device can leave one out. */
async function anchoredRecords(client: Client, patient: PatientId, options: AbortOptions): Promise<Set<RecordId>> {
  const anchored = new Set<RecordId>();
  const topics = [eventTopic(client, "recordRegistry", "RecordAnchored"), null, patient];
  const range = { from: client.deployment.block, to: (await head(client, options)).number };
  for await (const { logs } of pagesOfLogs(client, range, [{ contracts: ["recordRegistry"], topics }], options)) {
    for (const log of logs) {
      const event = decodeEvent(client, log);
      if (event?.name === "RecordAnchored") anchored.add(recordId(String(event.args["recordId"])));
    }
  }
  return anchored;
}

/** Those of the missing that stewards' erasure receipts name, for series whose deletion was due by the chain. */
async function erasedOf(
  client: Client,
  patient: PatientId,
  device: Pick<DeviceParameters, "keys" | "authorization">,
  missing: ReadonlySet<RecordId>,
  options: AbortOptions,
): Promise<RecordId[]> {
  const { erasures } = await fetchErasures(await stewardsOf(client, options), { ...device, ...options });
  const { time } = await head(client, options);
  const erased = new Set<RecordId>();
  for (const { series, records } of erasures) {
    const named = records.filter((id) => missing.has(id) && !erased.has(id));
    if (named.length === 0) continue;
    const { recordRegistry } = client.contracts;
    const { deletableFrom } = await readContract(client, () => recordRegistry.erasureOf(patient, series), options);
    if (deletableFrom > 0n && Number(deletableFrom) <= time) for (const id of named) erased.add(id);
  }
  return [...erased];
}

/**
 * Copies the patient's envelopes from the stewards to this device and compares them with the chain. The wallet signs once;
 * the permission lasts ten minutes and for this device only.
 * @throws DEVICE_REFUSED, STEWARDS_TOO_FEW when none answers, CLIENT_ENVELOPES_MISSING, CLIENT_STEWARDS_MISSING
 */
export async function syncRecords(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<SyncRecordsResult> {
  const store = requireCapability(client, "envelopes");
  const stewards = await stewardsOf(client, { signal });
  const device = await authorizedDevice(client, stewards, patient, { signal });
  const { envelopes, verdicts } = await syncEnvelopes(stewards, { ...device, signal });
  const { owns } = await syncResealed(stewards, { ...device, signal });
  const anchored = await anchoredRecords(client, patient, { signal });

  const added: RecordId[] = [];
  for (const { recordId: id, envelope } of envelopes.values()) {
    if (await store.get(id, { signal })) continue;
    const isAnchored =
      anchored.has(id) || (await findLogPlace(client, id, envelope.publicPart, { signal })) !== undefined;
    if (!isAnchored) continue;
    await store.put(envelope, { signal });
    added.push(id);
  }
  for (const [id, slots] of owns) for (const own of slots) await putOwnOnce(store, id, own, { signal });
  let held = 0;
  const missing = new Set(anchored);
  for await (const { recordId: id } of store.list(patient, { signal })) {
    held += 1;
    missing.delete(id);
  }
  const erased = missing.size === 0 ? [] : await erasedOf(client, patient, device, missing, { signal });
  for (const id of erased) missing.delete(id);
  return { added, held, erased, missing: [...missing], verdicts };
}
