import type { Steward } from "../../../node/src/steward/create-steward.ts";
import { randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import type { RecordId } from "../../../sdk/src/core/ids.ts";
import {
  type Answer,
  type ListRequest,
  type OpenSession,
  openAnswer,
  openReply,
  type ReleaseRequest,
  type SessionRequest,
  signSessionRequest,
} from "../../../sdk/src/stewards/index.ts";
import type { World } from "./world.ts";

/** What every request of a session to the steward at `index` carries. */
export function fieldsOf(world: World, session: OpenSession, index: number) {
  const { committee, chainId, gate } = world.client;
  return {
    v: 1 as const,
    chainId,
    gate: gate.toLowerCase() as `0x${string}`,
    tx: session.tx,
    logIndex: session.logIndex,
    steward: committee.members[index]!.signingKey,
    keyId: committee.keyId,
    epoch: committee.epoch,
    receiveKey: session.keys.receive.publicKey,
    askKey: session.keys.ask.publicKey,
    requestId: toHex(randomBytes(16)),
    time: Math.floor(world.clock.now() / 1000),
  };
}

export const releaseOf = (
  world: World,
  session: OpenSession,
  records: readonly RecordId[],
  changes: Partial<ReleaseRequest> = {},
): ReleaseRequest => ({ ...fieldsOf(world, session, 0), verb: "release", records, ...changes });

export const listOf = (world: World, session: OpenSession, changes: Partial<ListRequest> = {}): ListRequest => ({
  ...fieldsOf(world, session, 0),
  verb: "list",
  after: null,
  limit: 256,
  ...changes,
});

/** What a steward said: "stranger" where it gave no reason. */
export type Said = Answer | "stranger";

/** Sends encoded bytes and opens the reply with the session's key. */
export async function send(
  steward: Steward,
  verb: "list" | "release",
  encoded: Uint8Array,
  session: OpenSession,
): Promise<Said> {
  const reply = openReply(await steward.handle(verb, encoded), {
    verb,
    steward: steward.address.signingKey,
    request: encoded,
  });
  return reply.answer === null
    ? "stranger"
    : openAnswer(reply.answer, session.keys.receive.privateKey, reply.requestHash);
}

/** Signs with the session's keys and sends to the steward. */
export const ask = (steward: Steward, session: OpenSession, request: SessionRequest): Promise<Said> =>
  send(steward, request.verb, signSessionRequest(request, session.keys), session);

/** The refusal's code, "stranger", or "answered". */
export const told = (said: Said): string => (said === "stranger" ? said : (said.refusal ?? "answered"));
