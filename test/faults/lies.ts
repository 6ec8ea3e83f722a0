import {
  type Committee,
  concat,
  createSessionKeys,
  encodeReleasePayload,
  fromHex,
  type PartialBatch,
  partialDecryptBatch,
  type ReceivedSessionRequest,
  type RecordId,
  type ReleasePayload,
  type ReleaseRequest,
  type SigningKeyPair,
  type StewardMember,
  sealAnswer,
  signingKeyPair,
  signReply,
} from "@anamnesis/sdk/internal";
import { Point, scalars } from "../../sdk/src/crypto/threshold/group.ts";

/** What a steward that turned against its duty has: its key, its share, its envelopes. It asks no chain and writes no receipt. */
export interface LiarSeat {
  readonly committee: Committee;
  readonly member: StewardMember;
  readonly signing: SigningKeyPair;
  readonly share: Uint8Array;
  readonly partialOf: (U: readonly Uint8Array[]) => PartialBatch;
  /** Of the request under way. */
  readonly pointsAsked: readonly Uint8Array[];
  /** A record that was not asked for. */
  readonly elsewhere: RecordId;
  readonly envelopeElsewhere: Uint8Array;
  readonly pointsElsewhere: readonly Uint8Array[];
  /** The first true reply it gave. */
  readonly firstReply: Uint8Array;
}

/** How a steward that holds its key and its share can answer other than it should. */
export interface Lie {
  /** Another payload instead of the true one. */
  readonly payload?: (payload: ReleasePayload, seat: LiarSeat) => ReleasePayload;
  /** The reply names another epoch. */
  readonly epoch?: (epoch: number) => number;
  /** The answer is sealed to somebody else's key. */
  readonly isSealedAway?: boolean;
}

const withPartial = (payload: ReleasePayload, change: (partial: PartialBatch) => PartialBatch): ReleasePayload => ({
  ...payload,
  partial: payload.partial && change(payload.partial),
});

function flipped(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[0] = (copy[0] as number) ^ 1;
  return copy;
}

/** A partial decryption by another scalar, with a proof that holds for it. */
function byShareAndOne(seat: LiarSeat, U: readonly Uint8Array[]): PartialBatch {
  const other = scalars.add(scalars.fromBytes(seat.share), 1n);
  return partialDecryptBatch({
    share: scalars.toBytes(other),
    verifyingShare: Point.BASE.multiply(other).toBytes(),
    U,
  });
}

/** Each is signed by the steward: it is its own word, and its verifier names it. */
export const lies: Readonly<Record<string, Lie>> = {
  "a proof that does not hold": {
    payload: (payload) => withPartial(payload, (partial) => ({ ...partial, proof1: flipped(partial.proof1) })),
  },
  "a share plus one": {
    payload: (payload, seat) => withPartial(payload, () => byShareAndOne(seat, seat.pointsAsked)),
  },
  "the partial of another request": {
    payload: (payload, seat) => withPartial(payload, () => seat.partialOf(seat.pointsElsewhere)),
  },
  "the envelope of another record": {
    payload: (payload, seat) => ({
      ...payload,
      records: payload.records.map((entry) => ({ ...entry, envelope: seat.envelopeElsewhere })),
      partial: seat.partialOf(seat.pointsElsewhere),
    }),
  },
  "an answer about another record": {
    payload: (payload, seat) => ({
      ...payload,
      records: payload.records.map((entry) => ({ ...entry, recordId: seat.elsewhere })),
    }),
  },
  "neither an envelope nor a refusal": {
    payload: (payload) => ({ ...payload, records: payload.records.map((entry) => ({ ...entry, envelope: null })) }),
  },
  "another epoch": { epoch: (epoch) => epoch + 1 },
  "an answer sealed to another key": { isSealedAway: true },
};

/** The reply that `lie` makes of the true answer. */
export async function tell(
  seat: LiarSeat,
  { request, requestHash }: ReceivedSessionRequest,
  truth: ReleasePayload,
  lie: Lie,
): Promise<Uint8Array> {
  const payload = encodeReleasePayload(lie.payload?.(truth, seat) ?? truth);
  const { receiveKey } = request as ReleaseRequest;
  const key = lie.isSealedAway ? (await createSessionKeys()).receive.publicKey : receiveKey;
  const sealed = await sealAnswer({ refusal: null, payload }, key, requestHash);
  const { signing, member, committee } = seat;
  const head = {
    verb: "release" as const,
    requestHash,
    steward: member.signingKey,
    epoch: lie.epoch?.(committee.epoch) ?? committee.epoch,
    time: Math.floor(Date.now() / 1_000),
  };
  return signReply(head, sealed, signing);
}

/** What anybody on the way can make: no word of the steward's, so never held against it. */
export type Noise = (reply: Uint8Array, seat: LiarSeat) => Uint8Array;

export const noises: Readonly<Record<string, Noise>> = {
  "an empty reply": () => new Uint8Array(),
  "garbage bytes": (reply) => reply.map((byte, index) => byte ^ (index % 251)),
  "half a reply": (reply) => reply.subarray(0, reply.length / 2),
  "ten mebibytes": (reply) => concat(reply, new Uint8Array(10 * 1_048_576)),
  "a reply that another key signed": (_, { member, committee }) =>
    signReply(
      {
        verb: "release",
        requestHash: `0x${"00".repeat(32)}`,
        steward: member.signingKey,
        epoch: committee.epoch,
        time: 0,
      },
      null,
      signingKeyPair(fromHex(committee.keyId)),
    ),
  "its own reply to an earlier request": (_, seat) => seat.firstReply,
};
