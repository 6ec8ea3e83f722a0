import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  type AbortOptions,
  MAX_REPLY_BYTES,
  noId,
  type PatientId,
  randomBytes,
  type StewardAddress,
  toHex,
} from "@anamnesis/sdk/internal";
import { secondsOf } from "./clock.ts";
import type { StewardContext } from "./context.ts";
import { openPeerReply, type PeerPayload } from "./peer-reply.ts";
import { type PeerRequest, type PeerVerb, signPeerRequest } from "./peer-request.ts";
import { within } from "./within.ts";

/** Carries one question to another steward and brings back its answer: bytes both ways, over whatever proves who is at the other end. */
export interface PeerTransport {
  request(steward: StewardAddress, verb: PeerVerb, body: Uint8Array, options?: AbortOptions): Promise<Uint8Array>;
}

/** What may be named in a question; the rest is empty. */
export type PeerArguments = Partial<Pick<PeerRequest, "prefix" | "records" | "patient" | "after">>;

/** Milliseconds for one answer. */
const TIMEOUT = 10_000;

/**
 * Asks another steward one thing, in our name.
 * @throws STEWARD_UNREACHABLE, STEWARD_TIMEOUT, STEWARD_REPLY_INVALID, STEWARD_REFUSED { reason }, STEWARD_LIED
 */
export async function askPeer<Verb extends PeerVerb>(
  context: StewardContext,
  transport: PeerTransport,
  peer: StewardAddress,
  verb: Verb,
  given: PeerArguments = {},
): Promise<PeerPayload<Verb>> {
  const { reference, committee, signing, signingKey, clock } = context;
  const request = signPeerRequest(
    {
      v: 1,
      verb,
      ...reference,
      from: signingKey,
      to: peer.signingKey,
      keyId: committee.keyId,
      epoch: committee.epoch,
      requestId: toHex(randomBytes(16)),
      time: secondsOf(clock),
      prefix: new Uint8Array(),
      records: [],
      patient: noId as PatientId,
      after: 0,
      ...given,
    },
    signing,
  );
  const details = { steward: peer.index, verb };
  const over = new AbortController();
  let reply: Uint8Array;
  try {
    reply = await within(TIMEOUT, transport.request(peer, verb, request, { signal: over.signal }), () => {
      over.abort();
      throw new AnamnesisError("STEWARD_TIMEOUT", details);
    });
  } catch (cause) {
    if (isAnamnesisError(cause, "STEWARD_TIMEOUT")) throw cause;
    throw new AnamnesisError("STEWARD_UNREACHABLE", details, { cause });
  }
  if (reply.length > MAX_REPLY_BYTES)
    throw new AnamnesisError("STEWARD_REPLY_INVALID", { ...details, reason: "too large" });
  return openPeerReply(reply, { verb, from: peer.signingKey, request });
}
