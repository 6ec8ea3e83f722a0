import { type AbortOptions, throwIfAborted } from "../core/abort.ts";
import { fromHex } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import { bytes, list, map } from "../core/shape.ts";
import {
  type Capsule,
  openCapsule,
  type PartialBatch,
  recoveryLabel,
  type VerifiedPartial,
  verifyPartialBatch,
} from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { askUntil, shortfall, verdictsOf } from "./ask-committee.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import { type DeviceParameters, deviceRequestFields } from "./device-pages.ts";
import { signRecoveryRequest } from "./recovery-request.ts";
import { isValid, type StewardVerdict } from "./verdict.ts";

const one = list(bytes(32), 1);
const readPartial = map<PartialBatch>({ R: bytes(32), E1: one, proof1: bytes(64), E2: one, proof2: bytes(64) });

/** A steward's partial decryption of one capsule, as it answers `recover`. */
export const encodeRecoveryPayload = (partial: PartialBatch): Uint8Array => encodeDagCbor({ ...partial });

/** @throws INPUT_MALFORMED */
export const decodeRecoveryPayload = (payload: Uint8Array): PartialBatch =>
  decodeDagCbor(payload, readPartial, "partial");

export interface RecoveryHalfParameters extends Omit<DeviceParameters, "after">, AbortOptions {
  /** Of the trustee slot. */
  readonly capsule: Capsule;
  readonly madeAt: number;
}

/**
 * Gets the stewards' half of a trustee slot: 32 bytes that open nothing without the trustees' half. Each steward logs it, and gives it to
 * the controller alone, after a recovery that took effect when the slot had been made. Wants an authorization of `keyRecoveryPermission`.
 * @throws RECOVERY_REFUSED { reason } where a steward says why, STEWARDS_TOO_FEW with every verdict, OPERATION_ABORTED
 */
export async function releaseRecoveryHalf(
  client: StewardsClient,
  parameters: RecoveryHalfParameters,
): Promise<{ readonly half: Uint8Array; readonly verdicts: readonly StewardVerdict[] }> {
  const { keys, authorization, capsule, madeAt, signal } = parameters;
  const { committee } = client;
  const { keyId, epoch, threshold } = committee;
  throwIfAborted(signal);
  const verified = (payload: Uint8Array, member: StewardMember): VerifiedPartial => {
    const partial = decodeRecoveryPayload(payload);
    const verifyingShare = fromHex(member.verifyingShare);
    const points = verifyPartialBatch({ verifyingShare, U: [capsule.U], partial });
    if (points) return { member: member.index + 1, point: points[0] as Uint8Array };
    throw new AnamnesisError("STEWARD_LIED", { steward: member.index, verb: "recover", reason: "its proof" });
  };
  const outcomes = await askUntil(
    client,
    (member, options) => {
      const fields = deviceRequestFields(client, { keys, authorization }, member);
      const request = signRecoveryRequest({ ...fields, verb: "recover", keyId, epoch, capsule, madeAt }, keys);
      const question = { member, verb: "recover", request, receiveKey: keys.receive.privateKey } as const;
      return askSteward(client, { ...question, signal: options.signal }, (payload) => verified(payload, member));
    },
    (each) => each.filter(isValid).length >= threshold,
    { signal },
  );
  const verdicts = verdictsOf(outcomes);
  const partials = outcomes.filter(isValid).map(({ value }) => value);
  if (partials.length >= threshold) {
    const label = recoveryLabel(keyId, authorization.patient, madeAt);
    return { half: await openCapsule({ capsule, label, partials, threshold }), verdicts };
  }
  const refusals = verdicts.filter(({ verdict }) => verdict === "refused");
  const counted = { patient: authorization.patient, ...shortfall(client, verdicts) };
  const reason = refusals.find((each) => each.reason !== "REFUSED")?.reason ?? refusals[0]?.reason;
  if (refusals.length > committee.members.length - threshold) {
    throw new AnamnesisError("RECOVERY_REFUSED", { reason, ...counted });
  }
  throw new AnamnesisError("STEWARDS_TOO_FEW", counted);
}
