import type { AbortOptions } from "../../core/abort.ts";
import type { RecordId } from "../../core/ids.ts";
import type { BodyRange, PublicPart } from "../../envelope/index.ts";
import { AnamnesisError, type ErrorCode, isAnamnesisError } from "../../errors/index.ts";
import { type Client, requireCapability } from "../client.ts";

/** What says that the bytes are there but not the ones the author stored. */
const altered: readonly ErrorCode[] = [
  "STORAGE_BLOCK_ALTERED",
  "STORAGE_LENGTH_MISMATCH",
  "STORAGE_NOT_A_FILE",
  "STORAGE_CID_MISMATCH",
];

/**
 * A record's encrypted body, or a range of it, as it arrives, every block checked against its hash.
 * @throws RECORD_ALTERED when a block is not what its address says, RECORD_BODY_UNAVAILABLE when the store cannot give it;
 * both name the record, and why
 */
export async function* bodyPieces(
  client: Client,
  recordId: RecordId,
  { body }: PublicPart,
  { offset = 0, length = body.length, signal }: Partial<BodyRange> & AbortOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const storage = requireCapability(client, "storage");
  try {
    yield* storage.get(body.cid, { offset: body.offset + offset, length, signal });
  } catch (cause) {
    if (!isAnamnesisError(cause) || cause.code === "OPERATION_ABORTED") throw cause;
    const code = altered.includes(cause.code) ? "RECORD_ALTERED" : "RECORD_BODY_UNAVAILABLE";
    throw new AnamnesisError(code, { recordId, body: body.cid.toString(), reason: cause.shortMessage }, { cause });
  }
}

/** The whole of it. @throws as {@link bodyPieces} */
export async function readBody(
  client: Client,
  recordId: RecordId,
  part: PublicPart,
  options: AbortOptions = {},
): Promise<Uint8Array> {
  const bytes = new Uint8Array(part.body.length);
  let filled = 0;
  for await (const piece of bodyPieces(client, recordId, part, options)) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes;
}
