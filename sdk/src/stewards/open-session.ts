import { type Hex, randomBytes, toHex } from "../core/bytes.ts";
import { noId, type PatientId, type SessionId } from "../core/ids.ts";
import type { SessionKeys } from "../crypto/index.ts";
import { type PublicPart, seriesIdOf } from "../envelope/index.ts";
import { nowOf, type StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";

/** A session on the chain, with its keys: what its holder needs to ask stewards. */
export interface OpenSession {
  readonly sessionId: SessionId;
  /** Transaction whose log opened it, and the log's index in its block. */
  readonly tx: Hex;
  readonly logIndex: number;
  readonly keys: SessionKeys;
  readonly patient: PatientId;
  readonly labels: bigint;
  /** One series, or 32 zero bytes for all. */
  readonly series: Hex;
}

/** What every request of this session to this steward carries. */
export function requestFields(client: StewardsClient, session: OpenSession, member: StewardMember) {
  const { chainId, committee } = client;
  return {
    v: 1 as const,
    chainId,
    gate: client.gate.toLowerCase() as Hex,
    tx: session.tx.toLowerCase() as Hex,
    logIndex: session.logIndex,
    steward: member.signingKey,
    keyId: committee.keyId,
    epoch: committee.epoch,
    receiveKey: session.keys.receive.publicKey,
    askKey: session.keys.ask.publicKey,
    requestId: toHex(randomBytes(16)),
    time: nowOf(client),
  };
}

/** Whether a record lies within what the session was opened for. */
export function isWithin(session: Pick<OpenSession, "patient" | "labels" | "series">, part: PublicPart): boolean {
  return (
    part.patient === session.patient &&
    (part.labels & ~session.labels) === 0n &&
    (session.series === noId || session.series === seriesIdOf(part))
  );
}
