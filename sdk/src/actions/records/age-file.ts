import { Decrypter, Encrypter } from "age-encryption";
import { type ByteSource, piecesOf } from "../../core/byte-source.ts";
import { AnamnesisError } from "../../errors/index.ts";

/** Whom an export is for: whoever holds one of these opens it, with any age program. */
export interface ExportLock {
  /** age recipients, `age1…`. */
  readonly recipients?: readonly string[] | undefined;
  /** Instead of recipients. */
  readonly passphrase?: string | undefined;
}

/** What opens an export. */
export interface ExportUnlock {
  /** An age identity, `AGE-SECRET-KEY-1…`. */
  readonly identity?: string | undefined;
  readonly passphrase?: string | undefined;
}

/** @throws CRYPTO_PASSPHRASE_TOO_SHORT, INPUT_MALFORMED without a recipient or passphrase */
export async function sealAge(
  pieces: AsyncIterable<Uint8Array>,
  { recipients = [], passphrase }: ExportLock,
): Promise<ReadableStream<Uint8Array>> {
  if (passphrase !== undefined && passphrase.length < 12) throw new AnamnesisError("CRYPTO_PASSPHRASE_TOO_SHORT");
  if ((passphrase === undefined) === (recipients.length === 0)) {
    throw new AnamnesisError("INPUT_MALFORMED", {
      field: "recipients",
      expected: "either age recipients or a passphrase",
    });
  }
  const encrypter = new Encrypter();
  if (passphrase !== undefined) encrypter.setPassphrase(passphrase);
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(streamOf(pieces));
}

/** @throws RECORD_EXPORT_LOCKED; while it is read, RECORD_EXPORT_INVALID where the file was changed or cut */
export async function* openAge(file: ByteSource, { identity, passphrase }: ExportUnlock): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  if (identity !== undefined) decrypter.addIdentity(identity);
  if (passphrase !== undefined) decrypter.addPassphrase(passphrase);
  let opened: ReadableStream<Uint8Array>;
  try {
    opened = await decrypter.decrypt(streamOf(piecesOf(file)));
  } catch (cause) {
    throw new AnamnesisError("RECORD_EXPORT_LOCKED", {}, { cause });
  }
  const pieces = piecesOf(opened)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await pieces.next().catch((cause: unknown) => {
        throw new AnamnesisError("RECORD_EXPORT_INVALID", { reason: "changed or cut" }, { cause });
      });
      if (done) return;
      yield value;
    }
  } finally {
    await pieces.return?.();
  }
}

/** A stream that is filled when it is read. */
function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await source.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
