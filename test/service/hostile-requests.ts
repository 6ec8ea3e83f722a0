import { type AddressInfo, connect } from "node:net";
import {
  decodeFrame,
  MAX_REQUEST_BYTES,
  openSessionRequest,
  type SessionKeys,
  type StewardVerb,
  signFrame,
  signingKeyPair,
  signSessionRequest,
  stewardVerbs,
  utf8,
} from "@anamnesis/sdk/internal";

/** A true request, as somebody on the way might have kept it. */
export interface Captured {
  readonly index: number;
  readonly verb: StewardVerb;
  readonly body: Uint8Array;
}

export interface Hostile {
  readonly kind: string;
  readonly verb: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type?: string;
}

export const kinds = [
  "random",
  "flipped",
  "truncated",
  "extended",
  "oversized",
  "to another verb",
  "to another steward",
  "replayed late",
  "signed by another",
  "by a stranger",
  "of another type",
  "unknown verb",
] as const;
export type Kind = (typeof kinds)[number];

/** A sequence that a seed repeats (xorshift32). */
export function numbers(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const deviceVerbs: readonly StewardVerb[] = ["sync", "receipts", "resealed", "header"];
const sessionVerbs: readonly StewardVerb[] = ["list", "release"];

export interface Means {
  readonly captured: readonly Captured[];
  /** Session keys that nobody opened a session with. */
  readonly stranger: SessionKeys;
  /** Unix seconds. */
  readonly now: number;
  readonly next: (below: number) => number;
}

/** One request to the steward at `index` that must give nothing, made from true ones. */
export function hostileRequest(kind: Kind, index: number, { captured, stranger, now, next }: Means): Hostile {
  const pick = <T>(items: readonly T[]): T => items[next(items.length)] as T;
  const bytes = (length: number) => Uint8Array.from({ length }, () => next(256));
  const own = captured.filter((each) => each.index === index);
  const { verb, body } = pick(own);
  const copy = Uint8Array.from(body);
  switch (kind) {
    case "random":
      return { kind, verb: pick(stewardVerbs), body: bytes(next(2_048)) };
    case "flipped":
      copy[next(copy.length)]! ^= 1 << next(8);
      return { kind, verb, body: copy };
    case "truncated":
      return { kind, verb, body: copy.subarray(0, next(copy.length)) };
    case "extended":
      return { kind, verb, body: Uint8Array.from([...copy, ...bytes(1 + next(64))]) };
    case "oversized":
      return { kind, verb, body: new Uint8Array(MAX_REQUEST_BYTES + 1 + next(1_000_000)) };
    case "to another verb":
      return { kind, verb: pick(stewardVerbs.filter((each) => each !== verb)), body: copy };
    case "to another steward": {
      const others = captured.filter(
        (each) => each.index !== index && [...sessionVerbs, ...deviceVerbs].includes(each.verb),
      );
      const other = pick(others);
      return { kind, verb: other.verb, body: Uint8Array.from(other.body) };
    }
    case "replayed late": {
      const sealed = pick(own.filter((each) => sessionVerbs.includes(each.verb)));
      return { kind, verb: sealed.verb, body: Uint8Array.from(sealed.body) };
    }
    case "signed by another": {
      const frame = decodeFrame(pick(own.filter((each) => each.verb === "release")).body, MAX_REQUEST_BYTES, "request");
      const { secretKey } = signingKeyPair(bytes(32));
      const signed = signFrame(utf8("anamnesis/request/v1"), secretKey, frame.body);
      return { kind, verb: "release", body: Uint8Array.from(signed) };
    }
    case "by a stranger": {
      const known = openSessionRequest(pick(own.filter((each) => each.verb === "release")).body).request;
      const keys = { receiveKey: stranger.receive.publicKey, askKey: stranger.ask.publicKey };
      return {
        kind,
        verb: "release",
        body: Uint8Array.from(signSessionRequest({ ...known, ...keys, time: now }, stranger)),
      };
    }
    case "of another type":
      return { kind, verb, body: copy, type: pick(["text/plain", "application/json", "multipart/form-data", ""]) };
    case "unknown verb":
      return { kind, verb: pick(["lists", "release/", "..%2Flist", "__proto__", "constructor", "admin"]), body: copy };
  }
}

/** What no HTTP client sends, each said whole on a connection of its own. */
export const garbage: readonly string[] = [
  "\r\n\r\n",
  "HELO steward\r\n\r\n",
  "GET / HTTP/9.9\r\n\r\n",
  "POST /v1/list HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
  "POST /v1/list HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
  "POST /v1/list HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nffffffffffff\r\n",
  `GET /${"a".repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
  `GET / HTTP/1.1\r\nhost: x\r\n${"x: y\r\n".repeat(5_000)}\r\n`,
  "POST /v1/list HTTP/1.1\r\n\r\n",
  "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
];

/** Sends raw bytes and gives what was said until the other side ended, or a second passed. */
export function say(endpoint: string, text: string): Promise<string> {
  const port = Number(new URL(endpoint).port) satisfies AddressInfo["port"];
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(text, "latin1")));
    let said = "";
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(said);
    };
    const timer = setTimeout(end, 1_000);
    socket.setEncoding("latin1").on("data", (part: string) => {
      said += part;
    });
    socket.on("error", () => undefined);
    socket.once("close", end);
  });
}
