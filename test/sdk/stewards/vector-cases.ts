import { type Hex, toHex, utf8 } from "../../../sdk/src/core/bytes.ts";
import type { KeyId, PatientId, ProviderId, RecordId, SessionId } from "../../../sdk/src/core/ids.ts";
import type { SessionKeys } from "../../../sdk/src/crypto/index.ts";
import { sha256, signingKeyPair, xwingKeyPair } from "../../../sdk/src/crypto/index.ts";
import {
  type DeviceRequest,
  deviceKeyHash,
  encodeAnswer,
  encodeEnvelopeAck,
  encodeEnvelopeUpload,
  encodeHeaderPayload,
  encodeHeaderUpload,
  encodeListPayload,
  encodeOwnerKeyRequest,
  encodeOwnerKeyUpload,
  encodeReceiptsPayload,
  encodeRecoveryPayload,
  encodeReleasePayload,
  encodeResealedPayload,
  encodeResealedUpload,
  encodeSyncPayload,
  type ListRequest,
  type OwnerKeyRequest,
  type Receipt,
  type RecoveryRequest,
  type ReleaseRequest,
  receiptIdOf,
  recoveryTag,
  requestHashOf,
  signDeviceRequest,
  signReceipt,
  signRecoveryRequest,
  signReply,
  signResealedOwn,
  signSessionRequest,
} from "../../../sdk/src/stewards/index.ts";

/** 32 bytes that anybody can make again: SHA-256 of a name. */
export const named = <T extends string = Hex>(name: string): T => toHex(sha256(utf8(name))) as string as T;
export const seedOf = (name: string): Uint8Array => sha256(utf8(name));

const short = (name: string, length: number) => named(name).slice(0, 2 + 2 * length) as Hex;

/** Fixed inputs; no value here is a secret of anybody. */
export async function vectorInputs() {
  const receive = await xwingKeyPair(seedOf("session receive"));
  const ask = signingKeyPair(seedOf("session ask"));
  const steward = signingKeyPair(seedOf("steward"));
  const keys: SessionKeys = { receive, ask, sessionKeyHash: named("unused") };
  const common = {
    v: 1 as const,
    chainId: 31_337,
    gate: short("gate", 20),
    tx: named("tx"),
    logIndex: 3,
    steward: toHex(steward.publicKey),
    keyId: named<KeyId>("key id"),
    epoch: 1,
    receiveKey: receive.publicKey,
    askKey: ask.publicKey,
    requestId: short("request id", 16),
    time: 1_795_000_000,
  };
  const records = [named<RecordId>("record 1"), named<RecordId>("record 2")];
  const list: ListRequest = { ...common, verb: "list", after: null, limit: 256 };
  const next: ListRequest = { ...common, verb: "list", after: records[0]!, limit: 1 };
  const release: ReleaseRequest = { ...common, verb: "release", records };
  const device: DeviceRequest = {
    v: 1,
    verb: "sync",
    chainId: common.chainId,
    gate: common.gate,
    steward: common.steward,
    receiveKey: receive.publicKey,
    askKey: ask.publicKey,
    authorization: {
      patient: named<PatientId>("patient"),
      signer: short("controller", 20),
      signedAt: 1_795_000_000,
      deadline: 1_795_000_600,
      signature: `${named("r")}${named("s").slice(2)}1b`,
    },
    requestId: common.requestId,
    time: common.time,
    after: 0,
    limit: 128,
  };
  const ownerKey: OwnerKeyRequest = {
    v: 1,
    verb: "owner-key",
    patient: named<PatientId>("patient"),
    provider: named<ProviderId>("provider"),
    signer: short("provider key", 20),
    signedAt: 1_795_000_000,
    deadline: 1_795_000_300,
    signature: `${named("r")}${named("s").slice(2)}1c`,
  };
  const encodedRelease = signSessionRequest(release, keys);
  const receipt: Receipt = {
    v: 1,
    steward: common.steward,
    keyId: common.keyId,
    epoch: 1,
    request: encodedRelease,
    block: { number: 4_711, hash: named("block") },
    sessionId: named<SessionId>("session"),
    kind: "consent",
    patient: named<PatientId>("patient"),
    actor: named<ProviderId>("actor"),
    purpose: 1,
    records: [records[0]!],
    grantTag: named("grant tag"),
    time: 1_795_000_001,
  };
  const { authorization, ...asked } = device;
  const recovery: RecoveryRequest = {
    ...{ v: 1, verb: "recover", chainId: asked.chainId, gate: asked.gate, steward: asked.steward },
    ...{ keyId: common.keyId, epoch: 1, receiveKey: receive.publicKey, askKey: ask.publicKey, authorization },
    capsule: {
      ...{ U: seedOf("U"), Ubar: seedOf("Ubar"), challenge: seedOf("challenge"), response: seedOf("response") },
      sealed: seedOf("sealed half"),
    },
    ...{ madeAt: 1_790_000_000, requestId: common.requestId, time: common.time },
  };
  const own = { ownerKeyHash: named("owner key"), enc: seedOf("enc"), ct: seedOf("ct") };
  const resealed = {
    ...{ recordId: records[0]!, own, receiveKey: receive.publicKey, askKey: ask.publicKey, authorization },
  };
  // biome-ignore format: one line tells it best
  return { keys, steward, common, records, list, next, release, device, recovery, resealed, ownerKey, receipt, encodedRelease };
}

/** Every message of the protocol, from the fixed inputs, as hex. */
export async function vectorCases(): Promise<Readonly<Record<string, Hex>>> {
  const inputs = await vectorInputs();
  const { keys, steward, records, list, next, release, device, recovery, resealed, ownerKey, receipt } = inputs;
  const { encodedRelease } = inputs;
  const requestHash = requestHashOf(encodedRelease);
  const head = { verb: "release", requestHash, steward: receipt.steward, epoch: 1, time: 1_795_000_001 } as const;
  const block = receipt.block;
  const point = (name: string) => seedOf(name);
  const proof = Uint8Array.of(...seedOf("proof a"), ...seedOf("proof b"));
  const partial = { R: point("R"), E1: [point("E1")], proof1: proof, E2: [point("E2")], proof2: proof };
  const encoded: Readonly<Record<string, Uint8Array>> = {
    listRequest: signSessionRequest(list, keys),
    listRequestOfTheNextPage: signSessionRequest(next, keys),
    releaseRequest: signSessionRequest(release, keys),
    deviceRequest: signDeviceRequest(device, keys),
    ownerKeyRequest: encodeOwnerKeyRequest(ownerKey),
    ownerKeyUpload: encodeOwnerKeyUpload(ownerKey.patient, keys.receive.publicKey),
    envelopeUpload: encodeEnvelopeUpload(seedOf("envelope")),
    replyToAStranger: signReply(head, null, steward),
    replyWithARefusal: signReply(head, encodeAnswer({ refusal: "ENVELOPE_NOT_ANCHORED", payload: null }), steward),
    replyWithAPayload: signReply(
      head,
      encodeAnswer({ refusal: null, payload: encodeEnvelopeAck(records[0]!) }),
      steward,
    ),
    listPayload: encodeListPayload({
      records: [{ publicPart: seedOf("public part"), restHash: named("rest"), status: 1, restrictions: 1n << 62n }],
      count: 2,
      head: block,
      next: records[0]!,
    }),
    releasePayload: encodeReleasePayload({
      records: [
        { recordId: records[0]!, refusal: null, envelope: seedOf("envelope"), status: 0 },
        { recordId: records[1]!, refusal: "RECORD_UNKNOWN", envelope: null, status: 0 },
      ],
      partial,
      head: block,
    }),
    syncPayload: encodeSyncPayload({ envelopes: [seedOf("envelope")], count: 1, next: 9, more: false }),
    receiptsPayload: encodeReceiptsPayload({ receipts: [seedOf("receipt")], count: 3, next: 9, more: true }),
    receipt: signReceipt(receipt, steward),
    recoveryRequest: signRecoveryRequest(recovery, keys),
    recoveryPayload: encodeRecoveryPayload(partial),
    receiptOfARecovery: signReceipt(
      {
        ...{ ...receipt, request: signRecoveryRequest(recovery, keys), kind: "recovery", purpose: 8, records: [] },
        ...{ sessionId: named<SessionId>("device"), grantTag: recoveryTag(1_794_000_000) },
      },
      steward,
    ),
    resealedOwn: signResealedOwn(resealed, keys),
    resealedUpload: encodeResealedUpload([signResealedOwn(resealed, keys)]),
    resealedPayload: encodeResealedPayload({ resealed: [seedOf("resealed")], count: 1, next: 2, more: false }),
    headerUpload: encodeHeaderUpload(ownerKey.patient, seedOf("header")),
    headerPayload: encodeHeaderPayload(seedOf("header")),
  };
  return {
    ...Object.fromEntries(Object.entries(encoded).map(([name, bytes]) => [name, toHex(bytes)])),
    requestHash,
    receiptId: receiptIdOf({ ...receipt, requestId: release.requestId }),
    deviceKeyHash: deviceKeyHash(device),
  };
}
