import type { AbortOptions } from "../../core/abort.ts";
import type { RecordId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { readRecord } from "./read-record.ts";
import type { RecordProof } from "./record-proof.ts";

/** A document and what proves it: hand over both. */
export interface ProvenRecord {
  readonly bytes: Uint8Array;
  readonly proof: RecordProof;
}

/** Makes the proof for one of the patient's own records; a session's records carry theirs. @throws as readRecord */
export async function proveRecord(
  client: Client,
  parameters: { readonly recordId: RecordId } & AbortOptions,
): Promise<ProvenRecord> {
  const { content, proof } = await readRecord(client, parameters);
  return { bytes: content, proof };
}
