import {
  bytes,
  bytesUpTo,
  type Committee,
  decodeDagCbor,
  encodeDagCbor,
  fromHex,
  type Hex,
  hexOf,
  type KeyId,
  keyIdOf,
  list,
  literal,
  map,
  nullable,
  type ProviderId,
  type Reader,
  requireCommittee,
  text,
  uint,
} from "@anamnesis/sdk/internal";
import type { StewardSecrets } from "../steward/steward-secrets.ts";
import { type CeremonyFault, faultBytes, readFault } from "./messages.ts";
import { type CeremonyPlan, decodePlan, encodePlan } from "./plan.ts";

/** What an attempt arrived at. */
export interface KeyResult {
  readonly transcriptHash: Uint8Array;
  readonly groupKey: Uint8Array;
  readonly verifyingShares: readonly Uint8Array[];
  readonly share: Uint8Array;
}

export interface Attempt {
  readonly number: number;
  readonly dealers: readonly number[];
  /** Forgotten once the attempt was signed or aborted. */
  readonly seed: Uint8Array | null;
  /** Everybody's, as they were bound to; empty before. */
  readonly broadcasts: readonly Uint8Array[];
  readonly result: KeyResult | null;
  readonly isSigned: boolean;
  /** Why it was aborted, for ever. */
  readonly fault: CeremonyFault | null;
}

/** One steward's memory of one plan; on disk, sealed, before anything it says leaves. */
export interface CeremonyState {
  readonly plan: CeremonyPlan;
  readonly previous: Committee | null;
  /** This member's word for the plan; null for one that only deals. */
  readonly voucher: Hex | null;
  /** The last one opened. */
  readonly attempt: Attempt | null;
  /** Of earlier attempts that this member signed: the chain may still publish any of them. */
  readonly kept: readonly KeyResult[];
  /** Set once the chain published the epoch that the plan was for; everything else is forgotten then. */
  readonly settled: { readonly keyId: KeyId; readonly epoch: number } | null;
}

/** Attempts that one plan may have signed; further ones are not opened. */
export const MAX_KEPT = 64;
const hexText =
  <T extends Hex>(maximum = 2 + 2 * 256): Reader<T> =>
  (value, path) =>
    text(maximum)(value, path) as T;

const readCommittee = map<Committee>({
  keyId: hexText<KeyId>(),
  groupKey: hexText(),
  epoch: uint(0xffff_ffff),
  threshold: uint(255),
  members: list(
    map<Committee["members"][number]>({
      index: uint(255),
      provider: hexText<ProviderId>(),
      account: hexText(),
      signingKey: hexText(),
      verifyingShare: hexText(),
      endpoint: text(256),
    }),
    255,
  ),
});
const readResult = map<KeyResult>({
  transcriptHash: bytes(32),
  groupKey: bytes(32),
  verifyingShares: list(bytes(32), 255),
  share: bytes(32),
});
const readAttempt = map<Attempt>({
  number: uint(0xffff_ffff),
  dealers: list(uint(255), 255),
  seed: nullable(bytes(32)),
  broadcasts: list(bytesUpTo(65_536), 255),
  result: nullable(readResult),
  isSigned: (value, path) => (value === true ? true : literal(false)(value, path)),
  fault: nullable(readFault),
});
const readState = map({
  v: literal(1),
  plan: bytes(),
  previous: nullable(readCommittee),
  voucher: nullable(hexOf(65)),
  attempt: nullable(readAttempt),
  kept: list(readResult, MAX_KEPT),
  settled: nullable(map({ keyId: hexText<KeyId>(), epoch: uint(0xffff_ffff) })),
});

const PREFIX = "ceremony/";
const nameOf = (planHash: Hex) => `${PREFIX}${planHash}`;

function encodeState(state: CeremonyState): Uint8Array {
  const { plan, previous, voucher, attempt, kept, settled } = state;
  return encodeDagCbor({
    v: 1,
    plan: encodePlan(plan),
    previous,
    voucher: voucher && fromHex(voucher),
    attempt: attempt && { ...attempt, fault: faultBytes(attempt.fault) },
    kept,
    settled,
  });
}

export async function saveState(secrets: StewardSecrets, planHash: Hex, state: CeremonyState): Promise<void> {
  const encoded = encodeState(state);
  await secrets.put(nameOf(planHash), encoded);
  encoded.fill(0);
}

export async function loadState(secrets: StewardSecrets, planHash: Hex): Promise<CeremonyState | undefined> {
  const encoded = await secrets.get(nameOf(planHash));
  if (encoded === undefined) return undefined;
  const { v: _, plan, previous, ...rest } = decodeDagCbor(encoded, readState, "ceremony");
  return { ...rest, plan: decodePlan(plan), previous: previous && requireCommittee(previous) };
}

/** Every plan that this steward ever approved. */
export async function knownPlans(secrets: StewardSecrets): Promise<readonly Hex[]> {
  return (await secrets.names(PREFIX)).map((name) => name.slice(PREFIX.length) as Hex);
}

/** What the chain may still publish, or has. */
export function resultsOf({ attempt, kept }: CeremonyState): readonly KeyResult[] {
  return attempt?.result ? [...kept, attempt.result] : kept;
}

/** An attempt that is over: what it drew and arrived at is forgotten, that it was is not. */
export function abortedState(state: CeremonyState, fault: CeremonyFault): CeremonyState {
  if (state.attempt === null) return state;
  return { ...state, attempt: { ...state.attempt, seed: null, broadcasts: [], result: null, fault } };
}

export const keyIdOfResult = ({ groupKey }: KeyResult): KeyId => keyIdOf(groupKey);
