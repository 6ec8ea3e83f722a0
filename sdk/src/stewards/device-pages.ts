import { type AbortOptions, throwIfAborted } from "../core/abort.ts";
import { type Hex, randomBytes, toHex } from "../core/bytes.ts";
import type { PatientId } from "../core/ids.ts";
import { AnamnesisError } from "../errors/index.ts";
import { shortfall, verdictsOf } from "./ask-committee.ts";
import { askSteward } from "./ask-steward.ts";
import { nowOf, type StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import type { DeviceAuthorization, DeviceKeys } from "./device-authorization.ts";
import { type DeviceVerb, signDeviceRequest } from "./device-request.ts";
import { isValid, type Outcome, type StewardVerdict } from "./verdict.ts";

/** Where a device stopped reading, by the stewards' signing keys; each steward counts in its own order. */
export type Cursors = Readonly<Record<Hex, number>>;

export interface DeviceParameters extends AbortOptions {
  readonly keys: DeviceKeys;
  readonly authorization: DeviceAuthorization;
  /** From the last result, to fetch only what is new. */
  readonly after?: Cursors | undefined;
}

/** A page of at most this many items: envelopes may be large. */
const PAGE = 128;

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: number;
  readonly more: boolean;
}

/** What every request of this device to this steward carries. */
export function deviceRequestFields(
  client: StewardsClient,
  { keys, authorization }: Pick<DeviceParameters, "keys" | "authorization">,
  member: StewardMember,
) {
  return {
    v: 1 as const,
    chainId: client.chainId,
    gate: client.gate.toLowerCase() as Hex,
    steward: member.signingKey,
    receiveKey: keys.receive.publicKey,
    askKey: keys.ask.publicKey,
    authorization,
    requestId: toHex(randomBytes(16)),
    time: nowOf(client),
  };
}

/** Everything that one steward has for this device under a verb, page by page. */
export async function pagesOf<T>(
  client: StewardsClient,
  parameters: DeviceParameters,
  member: StewardMember,
  verb: Exclude<DeviceVerb, "header">,
  read: (payload: Uint8Array, member: StewardMember) => Page<T>,
): Promise<{ readonly items: readonly T[]; readonly cursor: number }> {
  const { keys, signal } = parameters;
  const items: T[] = [];
  let cursor = parameters.after?.[member.signingKey] ?? 0;
  for (;;) {
    throwIfAborted(signal);
    const fields = deviceRequestFields(client, parameters, member);
    const request = signDeviceRequest({ ...fields, verb, after: cursor, limit: PAGE }, keys);
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

/** The verdicts, where at least one steward answered. @throws DEVICE_REFUSED { reason }, STEWARDS_TOO_FEW */
export function requireSome(
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

/** Where to go on with each steward that answered. */
export function cursorsOf(
  before: Cursors | undefined,
  outcomes: readonly Outcome<{ readonly cursor: number }>[],
): Cursors {
  const read = outcomes.filter(isValid).map(({ member, value }) => [member.signingKey, value.cursor] as const);
  return { ...before, ...Object.fromEntries(read) };
}
