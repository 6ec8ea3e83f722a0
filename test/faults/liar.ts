import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  decodeEnvelope,
  fromHex,
  openSessionRequest,
  partialDecryptBatch,
  type RecordId,
  type ReleasePayload,
  type ReleaseRequest,
  type StewardMember,
} from "@anamnesis/sdk/internal";
import { openStewardFolder } from "../../node/src/steward/index.ts";
import { type LiarSeat, type Lie, type Noise, tell } from "./lies.ts";
import type { Stage } from "./stage.ts";

/** Tells the truth, a lie of its own, or is drowned by noise on the way. */
export type Speech = {
  readonly lie?: Lie;
  readonly noise?: Noise;
  readonly isDripping?: boolean;
  readonly status?: number;
};

export interface Liar {
  readonly url: string;
  /** Replies that were sent whole. */
  readonly replied: number;
  say(speech: Speech): void;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return new Uint8Array(Buffer.concat(pieces));
}

async function drip(response: ServerResponse, reply: Uint8Array): Promise<void> {
  for (let at = 0; at < reply.length && !response.destroyed; at++) {
    response.write(reply.subarray(at, at + 1));
    await pause(200);
  }
}

/** A steward in its seat, at a URL of its own, that says what it is told to; the true one's process may go on beside it. */
export async function startLiar({ network, committee, records }: Stage, index: number): Promise<Liar> {
  const folder = await openStewardFolder(join(network.directory, "stewards", String(index + 1)));
  const member = committee.members[index] as StewardMember;
  const share = await folder.loadShare(committee);
  const verifyingShare = fromHex(member.verifyingShare);
  const partialOf = (U: readonly Uint8Array[]) => partialDecryptBatch({ share, verifyingShare, U });
  const envelopeOf = async (recordId: RecordId) => {
    const encoded = await folder.store.envelopeOf(recordId);
    if (encoded === undefined) throw new Error("The liar lacks an envelope.");
    return encoded;
  };
  const pointOf = (encoded: Uint8Array) => decodeEnvelope(encoded).release.U;
  let speech: Speech = {};
  let firstReply: Uint8Array | undefined;
  let replied = 0;

  async function reply(encoded: Uint8Array): Promise<Uint8Array> {
    const received = openSessionRequest(encoded);
    const asked = (received.request as ReleaseRequest).records;
    const envelopes = await Promise.all(asked.map(envelopeOf));
    const elsewhere = records.find(({ recordId }) => !asked.includes(recordId))?.recordId as RecordId;
    const envelopeElsewhere = await envelopeOf(elsewhere);
    const pointsAsked = envelopes.map(pointOf);
    const truth: ReleasePayload = {
      records: asked.map((recordId, i) => {
        return { recordId, refusal: null, envelope: envelopes[i] as Uint8Array, status: 0 };
      }),
      partial: partialOf(pointsAsked),
      head: { number: 1, hash: `0x${"11".repeat(32)}` },
    };
    const seat: LiarSeat = {
      ...{ committee, member, share, partialOf, pointsAsked, elsewhere, envelopeElsewhere },
      signing: folder.signing,
      pointsElsewhere: [pointOf(envelopeElsewhere)],
      firstReply: firstReply ?? new Uint8Array(),
    };
    const told = await tell(seat, received, truth, speech.lie ?? {});
    firstReply ??= told;
    return speech.noise?.(told, seat) ?? told;
  }

  const server = createServer(async (request, response) => {
    try {
      const told = await reply(await bodyOf(request));
      response.writeHead(speech.status ?? 200, { "content-type": "application/octet-stream" });
      if (speech.isDripping) await drip(response, told);
      else response.write(told);
      response.end(() => {
        replied += 1;
      });
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get replied() {
      return replied;
    },
    say(next) {
      speech = next;
      replied = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      share.fill(0);
      await folder.close();
    },
  };
}
