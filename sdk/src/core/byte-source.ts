import { AnamnesisError } from "../errors/index.ts";
import { throwIfAborted } from "./abort.ts";

/** Where bytes come from. A `Blob` (a browser's `File`, `fs.openAsBlob` in Node) can be read again and again, the others once. */
export type ByteSource = Uint8Array | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

async function* piecesOfStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  // Not the stream's own iterator, which not every browser has.
  const reader = stream.getReader();
  let isWhole = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    isWhole = true;
  } finally {
    if (!isWhole) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

/** The bytes in the pieces in which they come. */
export function piecesOf(source: ByteSource): AsyncIterable<Uint8Array> {
  if (source instanceof Uint8Array) return once(source);
  if (source instanceof Blob) return piecesOfStream(source.stream());
  return "getReader" in source ? piecesOfStream(source) : source;
}

/** The same until the signal is aborted, also where a source is silent. @throws OPERATION_ABORTED */
export async function* untilAborted(
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  throwIfAborted(signal);
  const aborted = Promise.withResolvers<never>();
  // Told also while nobody waits for a piece.
  aborted.promise.catch(() => undefined);
  const tell = () => aborted.reject(new AnamnesisError("OPERATION_ABORTED", {}, { cause: signal?.reason }));
  signal?.addEventListener("abort", tell, { once: true });
  const source = pieces[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await Promise.race([source.next(), aborted.promise]);
      if (done) return;
      yield value;
    }
  } finally {
    signal?.removeEventListener("abort", tell);
    // Not waited for: it may be silent still.
    source.return?.().then(undefined, () => undefined);
  }
}
