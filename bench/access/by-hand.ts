import type { ContentStore, RecordId } from "@anamnesis/sdk";
import {
  decodeEnvelope,
  decodeReleasePayload,
  fromHex,
  identifyEnvelope,
  type OpenSession,
  openAnswer,
  openCapsule,
  openContent,
  openReply,
  releaseLabel,
  requestFields,
  type StewardMember,
  type StewardsClient,
  signSessionRequest,
  verifyCapsule,
  verifyPartialBatch,
} from "@anamnesis/sdk/internal";

/** One steward's verified part of one record's key. */
async function partOf(client: StewardsClient, session: OpenSession, member: StewardMember, recordId: RecordId) {
  const { committee, transport } = client;
  const body = { ...requestFields(client, session, member), verb: "release" as const, records: [recordId] };
  const request = signSessionRequest(body, session.keys);
  const encoded = await transport.request(member, "release", request);
  const reply = openReply(encoded, { verb: "release", steward: member.signingKey, request });
  if (reply.answer === null) throw new Error("A steward took us for a stranger.");
  const answer = await openAnswer(reply.answer, session.keys.receive.privateKey, reply.requestHash);
  if (answer.payload === null) throw new Error(`A steward refused: ${answer.refusal}`);
  const { records, partial } = decodeReleasePayload(answer.payload);
  const encodedEnvelope = records[0]?.envelope;
  if (!encodedEnvelope || partial === null) throw new Error("A steward gave nothing.");
  const identified = identifyEnvelope(decodeEnvelope(encodedEnvelope));
  const { release } = identified.envelope;
  const label = releaseLabel(committee.keyId, identified.coreId);
  if (!verifyCapsule(release, label, fromHex(committee.groupKey))) throw new Error("A capsule without proof.");
  const points = verifyPartialBatch({ verifyingShare: fromHex(member.verifyingShare), U: [release.U], partial });
  if (points === false) throw new Error("A wrong partial decryption.");
  return { identified, label, partial: { member: member.index + 1, point: points[0] as Uint8Array } };
}

/**
 * Opens a record as somebody would who writes down the calls and the cryptography, for this one case: `threshold` stewards, no
 * second chance, nothing read from the chain, nothing said of failures.
 */
export async function readByHand(
  client: StewardsClient,
  storage: ContentStore,
  session: OpenSession,
  recordId: RecordId,
): Promise<Uint8Array> {
  const { threshold, members } = client.committee;
  const parts = await Promise.all(
    members.slice(0, threshold).map((member) => partOf(client, session, member, recordId)),
  );
  const [first] = parts;
  if (first === undefined) throw new Error("No steward was asked.");
  const { envelope } = first.identified;
  const partials = parts.map(({ partial }) => partial);
  const dek = await openCapsule({ capsule: envelope.release, label: first.label, partials, threshold });
  const { cid, offset, length } = envelope.publicPart.body;
  const body = new Uint8Array(length);
  let filled = 0;
  for await (const piece of storage.get(cid, { offset, length })) {
    body.set(piece, filled);
    filled += piece.length;
  }
  const { content } = await openContent(envelope, recordId, dek, body);
  return content;
}
