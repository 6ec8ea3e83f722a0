import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { openUploads } from "./upload-state.ts";

/** An upload that has not ended: to be continued by `records.add` or `records.amend` with the same name and content, or given up. */
export interface ListedUpload {
  readonly uploadName: string;
  readonly patient: PatientId;
  /** Unix seconds. */
  readonly startedAt: number;
  /** Bytes of content that are stored. */
  readonly length: number;
  /** All of its content is stored. */
  readonly isWhole: boolean;
}

/** Long uploads that this device began and did not end. @throws CLIENT_ENVELOPES_MISSING, CLIENT_LOCAL_KEY_MISSING */
export async function listUploads(client: Client, options: AbortOptions = {}): Promise<readonly ListedUpload[]> {
  const listed: ListedUpload[] = [];
  for await (const { name, draft, startedAt, length, isWhole } of openUploads(client).all(options)) {
    listed.push({ uploadName: name, patient: draft.patient, startedAt, length, isWhole });
  }
  return listed;
}
