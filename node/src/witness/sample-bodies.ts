import { isAnamnesisError } from "@anamnesis/sdk/errors";
import type { ContentStore } from "@anamnesis/sdk/storage/content-store";
import type { CID } from "multiformats/cid";
import type { Alarm } from "./alarms.ts";

/** The encrypted bytes of one record in a stored body. Nothing of what is in them. */
export interface StoredBody {
  readonly cid: CID;
  readonly offset: number;
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
  for (const { cid, offset: start, length: whole } of bodies) {
    const skipped = BLOCK * Math.floor(options.random() * Math.max(1, Math.ceil(whole / BLOCK)));
    const [offset, length] = [start + skipped, Math.min(BLOCK, whole - skipped)];
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
