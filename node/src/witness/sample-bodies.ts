import { isAnamnesisError } from "@anamnesis/sdk/errors";
import type { ContentStore } from "@anamnesis/sdk/storage/content-store";
import type { CID } from "multiformats/cid";
import type { Alarm } from "./alarms.ts";

/** An encrypted body: where it is, and how long. Nothing of what is in it. */
export interface StoredBody {
  readonly cid: CID;
  readonly length: number;
}

/** Gives some of the bodies there are, by chance. */
export type BodySource = (count: number) => Promise<readonly StoredBody[]>;

export interface Sampled {
  readonly bodies: number;
  readonly bytes: number;
  readonly alarms: readonly Alarm[];
}

/** One block of storage (`docs/spec/storage.md`). */
const BLOCK = 262_144;

const isAltered = (code: string): boolean =>
  code === "STORAGE_BLOCK_ALTERED" || code === "STORAGE_CID_MISMATCH" || code === "STORAGE_LENGTH_MISMATCH";

/** Fetches one block of each, and has its hash checked: what nobody reads may be gone without a word. */
export async function sampleBodies(
  content: Pick<ContentStore, "get">,
  bodies: readonly StoredBody[],
  options: { readonly random: () => number; readonly timeout: number },
): Promise<Sampled> {
  const alarms: Alarm[] = [];
  let bytes = 0;
  for (const { cid, length: whole } of bodies) {
    const offset = BLOCK * Math.floor(options.random() * Math.max(1, Math.ceil(whole / BLOCK)));
    const length = Math.min(BLOCK, whole - offset);
    try {
      const signal = AbortSignal.timeout(options.timeout);
      for await (const piece of content.get(cid, { offset, length, signal })) bytes += piece.length;
    } catch (error) {
      const reason = isAnamnesisError(error) ? error.code : "it failed";
      alarms.push({ kind: isAltered(reason) ? "block-altered" : "block-missing", cid: cid.toString(), offset, reason });
    }
  }
  return { bodies: bodies.length, bytes, alarms };
}
