import type { Hex } from "../core/bytes.ts";
import type { RecordId } from "../core/ids.ts";
import { decodeEnvelope, type IdentifiedEnvelope, identifyEnvelope, type OwnSlot } from "../envelope/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { askAll } from "./ask-committee.ts";
import type { StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import { type Cursors, cursorsOf, type DeviceParameters, type Page, pagesOf, requireSome } from "./device-pages.ts";
import { decodeReceiptsPayload, decodeSyncPayload } from "./payloads.ts";
import { type VerifiedReceipt, verifyReceipt } from "./receipt.ts";
import { decodeResealedPayload, openResealedOwn, type VerifiedReseal } from "./resealed-own.ts";
import { isValid, type StewardVerdict } from "./verdict.ts";
import { requestHashOf } from "./wire.ts";

export interface SyncResult {
  /** The union of all stewards' copies, each id recomputed here. Whether it is anchored is for the caller to ask the chain. */
  readonly envelopes: ReadonlyMap<RecordId, IdentifiedEnvelope>;
  readonly verdicts: readonly StewardVerdict[];
  readonly cursors: Cursors;
}

export interface ReceiptsResult {
  /** Verified: the steward's signature, and the session's in the request it embeds. */
  readonly receipts: readonly VerifiedReceipt[];
  readonly verdicts: readonly StewardVerdict[];
  readonly cursors: Cursors;
}

/**
 * Copies the patient's envelopes from every steward that answers. One steward suffices: ids say whether a copy is true,
 * and several are asked so that none can hold one back.
 * @throws DEVICE_REFUSED { reason }, STEWARDS_TOO_FEW when none answers, OPERATION_ABORTED
 */
export async function syncEnvelopes(client: StewardsClient, parameters: DeviceParameters): Promise<SyncResult> {
  const { patient } = parameters.authorization;
  const read = (payload: Uint8Array, member: StewardMember): Page<IdentifiedEnvelope> => {
    const { envelopes, next, more } = decodeSyncPayload(payload);
    const items = envelopes.map((encoded) => identifyEnvelope(decodeEnvelope(encoded)));
    if (items.every(({ envelope }) => envelope.publicPart.patient === patient)) return { items, next, more };
    throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "another patient's envelope" });
  };
  const outcomes = await askAll(client, (member) => pagesOf(client, parameters, member, "sync", read), parameters);
  const verdicts = requireSome(client, outcomes, patient);
  const envelopes = new Map<RecordId, IdentifiedEnvelope>();
  for (const { value } of outcomes.filter(isValid)) for (const item of value.items) envelopes.set(item.recordId, item);
  return { envelopes, verdicts, cursors: cursorsOf(parameters.after, outcomes) };
}

/**
 * Fetches the receipts of all openings and listings of the patient's records from every steward that answers, in the
 * order of their times.
 * @throws DEVICE_REFUSED { reason }, STEWARDS_TOO_FEW when none answers, OPERATION_ABORTED
 */
export async function fetchReceipts(client: StewardsClient, parameters: DeviceParameters): Promise<ReceiptsResult> {
  const { patient } = parameters.authorization;
  const read = (payload: Uint8Array, member: StewardMember): Page<VerifiedReceipt> => {
    const { receipts, next, more } = decodeReceiptsPayload(payload);
    const items = receipts.map((encoded) => verifyReceipt(encoded));
    if (items.every((item) => item.patient === patient && item.steward === member.signingKey))
      return { items, next, more };
    throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "a receipt of another" });
  };
  const outcomes = await askAll(client, (member) => pagesOf(client, parameters, member, "receipts", read), parameters);
  const verdicts = requireSome(client, outcomes, patient);
  const receipts = outcomes
    .filter(isValid)
    .flatMap(({ value }) => value.items)
    .sort((a, b) => a.time - b.time);
  return { receipts, verdicts, cursors: cursorsOf(parameters.after, outcomes) };
}

export interface ResealedResult {
  /** By record: slots beside the envelope's own, each under the signature of a device that a controller named. */
  readonly owns: ReadonlyMap<RecordId, readonly OwnSlot[]>;
  readonly verdicts: readonly StewardVerdict[];
  readonly cursors: Cursors;
}

/**
 * Copies what the controller sealed again after a change of the owner key, from every steward that answers.
 * @throws DEVICE_REFUSED { reason }, STEWARDS_TOO_FEW when none answers, OPERATION_ABORTED
 */
export async function syncResealed(client: StewardsClient, parameters: DeviceParameters): Promise<ResealedResult> {
  const { patient } = parameters.authorization;
  const read = (payload: Uint8Array, member: StewardMember): Page<VerifiedReseal> => {
    const { resealed, next, more } = decodeResealedPayload(payload);
    const items = resealed.map((encoded) => openResealedOwn(encoded));
    if (items.every((item) => item.authorization.patient === patient)) return { items, next, more };
    throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "another patient's slot" });
  };
  const outcomes = await askAll(client, (member) => pagesOf(client, parameters, member, "resealed", read), parameters);
  const verdicts = requireSome(client, outcomes, patient);
  const owns = new Map<RecordId, OwnSlot[]>();
  const seen = new Set<Hex>();
  for (const { recordId, own, encoded } of outcomes.filter(isValid).flatMap(({ value }) => value.items)) {
    const id = requestHashOf(encoded);
    if (!seen.has(id)) owns.set(recordId, [...(owns.get(recordId) ?? []), own]);
    seen.add(id);
  }
  return { owns, verdicts, cursors: cursorsOf(parameters.after, outcomes) };
}
