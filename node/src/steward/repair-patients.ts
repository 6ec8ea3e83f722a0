import {
  equalBytes,
  keyringHeaderHash,
  noId,
  openResealedOwn,
  type PatientId,
  permissionMessage,
  recordResealPermission,
  type StewardAddress,
  sha256,
  toHex,
  type VerifiedReseal,
} from "@anamnesis/sdk/internal";
import { askPeer, type PeerTransport } from "./ask-peer.ts";
import { agreed, type ChainMoment } from "./chain-moment.ts";
import type { StewardContext } from "./context.ts";
import { blockBy } from "./owner-key-history.ts";
import type { PatientCopy, PatientSummary } from "./peer-reply.ts";
import { isTypedSignatureOf } from "./typed-signature.ts";

function opened(encoded: Uint8Array): VerifiedReseal | undefined {
  try {
    return openResealedOwn(encoded);
  } catch {
    return undefined;
  }
}

/**
 * Whether a slot was the controller's to bring when it was signed: the wallet's word for the device, the wallet in control and the owner key in
 * force at one of the two ends of the permission. By then it may be long over, so the chain is asked about that time.
 */
async function wasRightful(context: StewardContext, moment: ChainMoment, slot: VerifiedReseal): Promise<boolean> {
  const { authorization, deviceKeyHash, own } = slot;
  const { patient, signer, signedAt, deadline } = authorization;
  const message = permissionMessage(recordResealPermission, authorization, deviceKeyHash);
  if (!isTypedSignatureOf(context.reference, recordResealPermission.types, message, authorization)) return false;
  const answers = await moment.atFinal(async (node, final) => {
    for (const time of [signedAt, deadline]) {
      const block = await blockBy(node, time, final);
      if (block === undefined) continue;
      const controls = (await node.controllerOf(patient, block)) === signer;
      if (controls && (await node.ownerKeyHashOf(patient, block)) === own.ownerKeyHash) return true;
    }
    return false;
  });
  return agreed(answers);
}

/** Takes what differs from ours and is the one that the chain names. */
async function adoptKeys(
  { store }: StewardContext,
  moment: ChainMoment,
  patient: PatientId,
  { publicKey, header }: Pick<PatientCopy, "publicKey" | "header">,
): Promise<number> {
  let adopted = 0;
  const isNew = (theirs: Uint8Array | null, ours: Uint8Array | undefined): theirs is Uint8Array =>
    theirs !== null && !(ours && equalBytes(theirs, ours));
  if (isNew(publicKey, await store.ownerKeyOf(patient))) {
    const hash = agreed(await moment.atHead((node, block) => node.ownerKeyHashOf(patient, block)));
    if (toHex(sha256(publicKey)) === hash) {
      await store.putOwnerKey(patient, publicKey);
      adopted += 1;
    }
  }
  if (isNew(header, await store.headerOf(patient))) {
    const hash = agreed(await moment.atHead((node, block) => node.keyHeaderHashOf(patient, block)));
    if (keyringHeaderHash(header) === hash) {
      await store.putHeader(patient, header);
      adopted += 1;
    }
  }
  return adopted;
}

/** Whether a peer may hold something of this patient that we lack. */
async function isBehind({ store }: StewardContext, theirs: PatientSummary): Promise<boolean> {
  const [publicKey, header] = [await store.ownerKeyOf(theirs.patient), await store.headerOf(theirs.patient)];
  const { count } = await store.resealedOf(theirs.patient, { after: 0, limit: 1 });
  const differs = (hash: string | null, ours: string | undefined) => hash !== null && hash !== ours;
  return (
    differs(theirs.ownerKeyHash, publicKey && toHex(sha256(publicKey))) ||
    differs(theirs.headerHash, header && keyringHeaderHash(header)) ||
    theirs.resealed > count
  );
}

async function copyPatient(
  context: StewardContext,
  transport: PeerTransport,
  peer: StewardAddress,
  patient: PatientId,
): Promise<number> {
  let adopted = 0;
  for (let after = 0; ; ) {
    const copy = await askPeer(context, transport, peer, "peer-patient", { patient, after });
    const moment = await context.moment();
    if (after === 0) adopted += await adoptKeys(context, moment, patient, copy);
    const before = await context.store.resealedOf(patient, { after: 0, limit: 1 });
    for (const slot of copy.resealed.map(opened)) {
      if (slot?.authorization.patient !== patient || !(await wasRightful(context, moment, slot))) continue;
      const { recordId, own, encoded } = slot;
      await context.store.putResealed({ recordId, patient, ownerKeyHash: own.ownerKeyHash, encoded });
    }
    adopted += (await context.store.resealedOf(patient, { after: 0, limit: 1 })).count - before.count;
    if (!copy.more || copy.next <= after) return adopted;
    after = copy.next;
  }
}

/** Owner keys, keyring headers and slots sealed again that a peer has and we have not: how many were taken. */
export async function repairPatients(
  context: StewardContext,
  transport: PeerTransport,
  peer: StewardAddress,
): Promise<number> {
  let adopted = 0;
  for (let patient = noId as PatientId; ; ) {
    const { patients, more } = await askPeer(context, transport, peer, "peer-patients", { patient });
    for (const summary of patients) {
      if (await isBehind(context, summary)) adopted += await copyPatient(context, transport, peer, summary.patient);
    }
    const last = patients.at(-1)?.patient;
    if (!more || last === undefined || last <= patient) return adopted;
    patient = last;
  }
}
