import type { Chart } from "@anamnesis/sdk";
import { isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  decodeEnvelope,
  decodeReleasePayload,
  fromHex,
  labelMask,
  noId,
  type RecordId,
  requestFields,
  requestHashOf,
  type StewardMember,
  type StewardsClient,
  type StewardTransport,
  signSessionRequest,
  verifyPartialBatch,
} from "@anamnesis/sdk/internal";
import { askSteward } from "../../sdk/src/stewards/ask-steward.ts";
import type { Stage } from "./stage.ts";

/** What one steward, asked alone, gave: its part for these records under its published share, or why not. */
export interface AskedAlone {
  readonly released: readonly RecordId[];
  /** Of the records it did not release, or of everything. */
  readonly reason?: string;
  /** SHA-256 of the request, by which the steward's receipt can be found. */
  readonly requestHash: string;
}

/** Asks one steward, and nobody else, for records; verifies its proof. */
export async function askAlone(
  { committee, network }: Stage,
  { session }: Chart,
  transport: StewardTransport,
  steward: number,
  records: readonly RecordId[],
): Promise<AskedAlone> {
  const { description, contracts } = network.deployment;
  const client: StewardsClient = { transport, committee, chainId: description.chainId, gate: contracts.accessGate };
  const member = committee.members[steward] as StewardMember;
  const open = {
    ...{ sessionId: session.sessionId, tx: session.transaction.hash, logIndex: session.logIndex },
    ...{ keys: session.sessionKeys, patient: session.patient, labels: labelMask(session.labels), series: noId },
  };
  const request = signSessionRequest({ ...requestFields(client, open, member), verb: "release", records }, open.keys);
  const requestHash = requestHashOf(request);
  const receiveKey = open.keys.receive.privateKey;
  try {
    const payload = await askSteward(client, { member, verb: "release", request, receiveKey }, decodeReleasePayload);
    const given = payload.records.filter(({ envelope }) => envelope !== null);
    const U = given.map(({ envelope }) => decodeEnvelope(envelope as Uint8Array).release.U);
    const verifyingShare = fromHex(member.verifyingShare);
    const isProven =
      payload.partial !== null && verifyPartialBatch({ verifyingShare, U, partial: payload.partial }) !== false;
    const reason = payload.records.find(({ refusal }) => refusal !== null)?.refusal ?? undefined;
    return {
      released: isProven ? given.map(({ recordId }) => recordId) : [],
      ...(reason && { reason }),
      requestHash,
    };
  } catch (error) {
    if (!isAnamnesisError(error)) throw error;
    return { released: [], reason: String(error.details["reason"] ?? error.code), requestHash };
  }
}
