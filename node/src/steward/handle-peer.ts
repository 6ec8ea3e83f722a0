import { isAnamnesisError } from "@anamnesis/sdk/errors";
import { fromHex, keyringHeaderHash, type RecordId, sha256 } from "@anamnesis/sdk/internal";
import type { StewardContext } from "./context.ts";
import { encodePayload, type PeerAnswer, signPeerReply } from "./peer-reply.ts";
import {
  MAX_COPIES,
  MAX_LISTED,
  MAX_PATIENTS,
  openPeerRequest,
  type PeerRequest,
  type PeerVerb,
} from "./peer-request.ts";
import { rangeDigests } from "./range-digests.ts";
import { readOrRefuse, reasonOf, refuse } from "./refuse.ts";
import { isAddressedToUs, requireEpoch, requireTimely } from "./session-checks.ts";

/** Of the committee of this moment, by every node; asked for what is ours, now. @throws STEWARD_REFUSED */
async function requireMember(context: StewardContext, request: PeerRequest): Promise<void> {
  const { chainId, gate, to, from } = request;
  if (!isAddressedToUs(context, { chainId, gate, steward: to })) refuse("REFUSED");
  const moment = await context.moment();
  const states = await moment.atHead((node, block) => node.committee(block));
  if (states.some(({ signingKeys }) => !signingKeys.includes(from))) refuse("REFUSED");
  if (!context.allow.request(from)) refuse("RATE_LIMITED");
  requireTimely(context, moment, request.time);
  await requireEpoch(context, moment, request);
}

async function payloadOf({ store }: StewardContext, request: PeerRequest): Promise<Uint8Array> {
  const { prefix, patient, after } = request;
  switch (request.verb) {
    case "peer-ranges":
      return encodePayload({ ranges: prefix.length < 32 ? await rangeDigests(store, prefix) : [] });
    case "peer-list": {
      const ids = await store.recordIds(prefix, { after: null, limit: MAX_LISTED });
      return encodePayload({ records: ids.map(fromHex) });
    }
    case "peer-envelopes": {
      const copyOf = async (recordId: RecordId) => (await store.envelopeOf(recordId)) ?? null;
      return encodePayload({ envelopes: await Promise.all(request.records.map(copyOf)) });
    }
    case "peer-places": {
      const evidenceOf = async (recordId: RecordId) => (await store.placeOf(recordId))?.evidence ?? null;
      return encodePayload({ places: await Promise.all(request.records.map(evidenceOf)) });
    }
    case "peer-patients": {
      const found = await store.patientsAfter(patient, MAX_PATIENTS + 1);
      const patients = found.slice(0, MAX_PATIENTS).map(async (id) => {
        const [publicKey, header] = [await store.ownerKeyOf(id), await store.headerOf(id)];
        const { count } = await store.resealedOf(id, { after: 0, limit: 1 });
        return {
          patient: fromHex(id),
          ownerKeyHash: publicKey ? sha256(publicKey) : null,
          headerHash: header ? fromHex(keyringHeaderHash(header)) : null,
          resealed: count,
        };
      });
      return encodePayload({ patients: await Promise.all(patients), more: found.length > MAX_PATIENTS });
    }
    case "peer-patient": {
      const { items, next, more } = await store.resealedOf(patient, { after, limit: MAX_COPIES });
      const publicKey = (await store.ownerKeyOf(patient)) ?? null;
      const header = (await store.headerOf(patient)) ?? null;
      return encodePayload({ publicKey, header, resealed: items, next, more });
    }
  }
}

/** Answers another steward of the committee with what it may be missing; whoever is none hears nothing. Always signed. */
export async function handlePeer(
  context: StewardContext,
  verb: PeerVerb,
  encoded: Uint8Array,
  onFault: (error: unknown) => void,
): Promise<Uint8Array> {
  let answer: PeerAnswer;
  try {
    const request = readOrRefuse(() => openPeerRequest(encoded));
    if (request.verb !== verb) refuse("REFUSED");
    await requireMember(context, request);
    answer = { payload: await payloadOf(context, request) };
  } catch (error) {
    if (!isAnamnesisError(error, "STEWARD_REFUSED")) onFault(error);
    const refusal = reasonOf(error);
    answer = refusal === "REFUSED" ? null : { refusal };
  }
  return signPeerReply(encoded, context.signingKey, answer, context.signing);
}
