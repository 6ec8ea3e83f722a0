import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Address,
  bytes,
  type Committee,
  type CommitteeKey,
  concat,
  decodeDagCbor,
  encodeDagCbor,
  fromHex,
  type Hex,
  hexOf,
  type KeyId,
  list,
  literal,
  map,
  nullable,
  oneOf,
  type ProviderId,
  requireCommittee,
  sha256,
  text,
  toHex,
  uint,
  utf8,
  xwingPublicKeyLength,
} from "@anamnesis/sdk/internal";

/** One member of the committee to be, with the keys it vouches for. */
export interface CeremonyMember {
  readonly provider: ProviderId;
  /** A key of the provider: vouches for the plan and signs the publication. */
  readonly account: Address;
  /** Ed25519, of its messages here and its receipts later. */
  readonly signingKey: Hex;
  /** X-Wing: what is secret is sealed to it. */
  readonly sealKey: Hex;
  readonly endpoint: string;
}

/**
 * What the members agree to do. Each operator approves it on their own machine; nothing that comes over the network can.
 * `found` makes a new key; `reshare` hands the key of `previous` to these members.
 */
export interface CeremonyPlan {
  readonly v: 1;
  readonly kind: "found" | "reshare";
  /** 32 random bytes: no two plans are one. */
  readonly ceremonyId: Hex;
  readonly chainId: number;
  /** The StewardCommittee that it is for. */
  readonly contract: Address;
  /** How many of the members it takes to open a record. */
  readonly threshold: number;
  /** The member at index i gets share i + 1. */
  readonly members: readonly CeremonyMember[];
  /** The committee that endorses it, and in a reshare deals; null for a network's very first. */
  readonly previous: { readonly keyId: KeyId; readonly epoch: number } | null;
}

/** As many as StewardCommittee takes. */
export const MAX_MEMBERS = 32;
const MAX_ENDPOINT = 256;

const readPlan = map<CeremonyPlan>({
  v: literal(1),
  kind: oneOf("found", "reshare"),
  ceremonyId: hexOf(32),
  chainId: uint(),
  contract: hexOf<Address>(20),
  threshold: uint(MAX_MEMBERS),
  members: list(
    map<CeremonyMember>({
      provider: hexOf<ProviderId>(32),
      account: hexOf<Address>(20),
      signingKey: hexOf(32),
      sealKey: hexOf(xwingPublicKeyLength),
      endpoint: text(MAX_ENDPOINT),
    }),
    MAX_MEMBERS,
  ),
  previous: nullable(map({ keyId: hexOf<KeyId>(32), epoch: uint(0xffff_ffff) })),
});

export function encodePlan(plan: CeremonyPlan): Uint8Array {
  const { v, kind, chainId, threshold, previous } = plan;
  return encodeDagCbor({
    v,
    kind,
    ceremonyId: fromHex(plan.ceremonyId),
    chainId,
    contract: fromHex(plan.contract),
    threshold,
    members: plan.members.map(({ provider, account, signingKey, sealKey, endpoint }) => ({
      provider: fromHex(provider),
      account: fromHex(account),
      signingKey: fromHex(signingKey),
      sealKey: fromHex(sealKey),
      endpoint,
    })),
    previous: previous && { keyId: fromHex(previous.keyId), epoch: previous.epoch },
  });
}

/** @throws INPUT_MALFORMED, CEREMONY_PLAN_INVALID */
export function decodePlan(encoded: Uint8Array): CeremonyPlan {
  return requirePlan(decodeDagCbor(encoded, readPlan, "plan"));
}

function fault({ kind, threshold, members, previous }: CeremonyPlan): string | undefined {
  const size = members.length;
  if (threshold < 2 || threshold > size || 2 * threshold <= size) return "the threshold does not fit the members";
  if (kind === "reshare" && previous === null) return "it names no committee to take over from";
  for (const field of ["provider", "account", "signingKey", "sealKey"] as const) {
    if (new Set(members.map((member) => member[field].toLowerCase())).size !== size)
      return `two members share a ${field}`;
  }
  return undefined;
}

/** @throws CEREMONY_PLAN_INVALID */
export function requirePlan(plan: CeremonyPlan): CeremonyPlan {
  const reason = fault(plan);
  if (reason !== undefined) throw new AnamnesisError("CEREMONY_PLAN_INVALID", { reason });
  return plan;
}

const HASH_DOMAIN = utf8("anamnesis/ceremony-plan/v1");

/** `SHA-256("anamnesis/ceremony-plan/v1" ‖ dag-cbor(plan))`: what members approve and every message names. */
export function planHashOf(plan: CeremonyPlan): Hex {
  return toHex(sha256(concat(HASH_DOMAIN, encodePlan(plan))));
}

/** The epoch that the plan ends in. */
export const epochOf = ({ kind, previous }: CeremonyPlan): number =>
  kind === "reshare" && previous !== null ? previous.epoch + 1 : 1;

/** The committee that the plan and a key make: what is signed and published. @throws COMMITTEE_INVALID */
export function committeeOf(plan: CeremonyPlan, key: Pick<CommitteeKey, "groupKey" | "keyId" | "verifyingShares">) {
  const members = plan.members.map(({ provider, account, signingKey, endpoint }, index) => ({
    index,
    provider,
    account,
    signingKey,
    verifyingShare: toHex(key.verifyingShares[index] as Uint8Array),
    endpoint,
  }));
  const { threshold } = plan;
  return requireCommittee({
    keyId: key.keyId,
    groupKey: toHex(key.groupKey),
    epoch: epochOf(plan),
    threshold,
    members,
  } satisfies Committee);
}

/** Reads a plan from the text of a file. @throws INPUT_MALFORMED, INPUT_INVALID_HEX, CEREMONY_PLAN_INVALID */
export function planOfText(json: string): CeremonyPlan {
  let encoded: Uint8Array;
  try {
    encoded = encodePlan(JSON.parse(json) as CeremonyPlan);
  } catch (cause) {
    throw new AnamnesisError("INPUT_MALFORMED", { field: "plan", expected: "a ceremony's plan" }, { cause });
  }
  return decodePlan(bytes()(encoded, "plan"));
}
