import { type AbortOptions, throwIfAborted } from "../core/abort.ts";
import { type Hex, randomBytes, toHex } from "../core/bytes.ts";
import type { PatientId, RecordId } from "../core/ids.ts";
import { decodeEnvelope, type IdentifiedEnvelope, identifyEnvelope } from "../envelope/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { askAll, shortfall, verdictsOf } from "./ask-committee.ts";
import { askSteward } from "./ask-steward.ts";
import { nowOf, type StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import { type DeviceAuthorization, type DeviceKeys, signDeviceRequest } from "./device-request.ts";
import { decodeReceiptsPayload, decodeSyncPayload } from "./payloads.ts";
import { type VerifiedReceipt, verifyReceipt } from "./receipt.ts";
import { isValid, type Outcome, type StewardVerdict } from "./verdict.ts";

/** Where a device stopped reading, by the stewards' signing keys; each steward counts in its own order. */
export type Cursors = Readonly<Record<Hex, number>>;

export interface DeviceParameters extends AbortOptions {
  readonly keys: DeviceKeys;
  readonly authorization: DeviceAuthorization;
  /** From the last result, to fetch only what is new. */
  readonly after?: Cursors | undefined;
}

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

/** A page of at most this many items: envelopes may be large. */
const PAGE = 128;

interface Page<T> {
  readonly items: readonly T[];
  readonly next: number;
  readonly more: boolean;
}

async function pagesOf<T>(
  client: StewardsClient,
  parameters: DeviceParameters,
  member: StewardMember,
  verb: "sync" | "receipts",
  read: (payload: Uint8Array, member: StewardMember) => Page<T>,
): Promise<{ readonly items: readonly T[]; readonly cursor: number }> {
  const { keys, authorization, signal } = parameters;
  const items: T[] = [];
  let cursor = parameters.after?.[member.signingKey] ?? 0;
  for (;;) {
    throwIfAborted(signal);
    const request = signDeviceRequest(
      {
        v: 1,
        verb,
        chainId: client.chainId,
        gate: client.gate.toLowerCase() as Hex,
        steward: member.signingKey,
        receiveKey: keys.receive.publicKey,
        askKey: keys.ask.publicKey,
        authorization,
        requestId: toHex(randomBytes(16)),
        time: nowOf(client),
        after: cursor,
        limit: PAGE,
      },
      keys,
    );
    const question = { member, verb, request, receiveKey: keys.receive.privateKey, signal };
    const page = await askSteward(client, question, (payload) => read(payload, member));
    items.push(...page.items);
    if (!page.more) return { items, cursor: page.next };
    if (page.next <= cursor) {
      throw new AnamnesisError("STEWARD_LIED", { steward: member.index, verb, reason: "its pages do not go on" });
    }
    cursor = page.next;
  }
}

function requireSome(
  client: StewardsClient,
  outcomes: readonly Outcome<unknown>[],
  patient: PatientId,
): StewardVerdict[] {
  const verdicts = verdictsOf(outcomes);
  if (outcomes.some(isValid)) return verdicts;
  const refused = verdicts.find(({ verdict }) => verdict === "refused");
  const details = { patient, reason: refused?.reason, ...shortfall(client, verdicts) };
  throw new AnamnesisError(refused ? "DEVICE_REFUSED" : "STEWARDS_TOO_FEW", details);
}

function cursorsOf(before: Cursors | undefined, outcomes: readonly Outcome<{ readonly cursor: number }>[]): Cursors {
  const read = outcomes.filter(isValid).map(({ member, value }) => [member.signingKey, value.cursor] as const);
  return { ...before, ...Object.fromEntries(read) };
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
